/** How long the conversation waits for what; shorter in tests, never different in kind. */

export interface CliTiming {
  /** How long a prompt, a pager or a question must stand still before it counts as one. */
  quietMs: number;
  /** The silence after the welcome after which one newline is sent. */
  nudgeAfterMs: number;
  /** From the shell to the first prompt. Measured: 9 s on 11.5, 60 s and more on slow nodes. */
  readyTimeoutMs: number;
  /** For commands that only show something. */
  commandTimeoutMs: number;
  /** For the goodbye. */
  exitTimeoutMs: number;
}

export const cliTiming: CliTiming = {
  quietMs: 150,
  nudgeAfterMs: 10_000,
  readyTimeoutMs: 90_000,
  commandTimeoutMs: 120_000,
  exitTimeoutMs: 2_000,
};
