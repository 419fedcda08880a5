/** A verified, authenticated SSH session and the way there. Types only. */
import type { ConnectionTarget, Credentials } from '../connections/contract.js';

/** The way to a usable session, in order (ssh2 asks for the host key before it reports the end of the key exchange). */
export type SshPhase = 'resolve' | 'tcp' | 'host_key' | 'key_exchange' | 'authenticate';

export interface SshAlgorithms {
  kex: string;
  hostKey: string;
  cipher: string;
  mac: string | null;
}

/** Runs one phase: `begin` resolves when the phase is over. */
export type PhaseRunner = <T>(phase: SshPhase, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;

export interface SshOptions {
  target: ConnectionTarget;
  credentials: Credentials;
  signal: AbortSignal;
  /** Wraps each phase, so that a caller can show it as a step of its own with its own time-out. */
  phase: PhaseRunner;
  /** Called with the key that the host shows, when none is pinned; throws to refuse it. */
  pin(key: { type: string; fingerprint: string }): Promise<void>;
}

export interface SshSession {
  /** The server's identification line, without its line end: `SSH-2.0-OpenSSH_9.2p1 …`. */
  readonly identification: string;
  /** The banner sent before authentication, as plain text; null where none was sent. */
  readonly banner: string | null;
  readonly algorithms: SshAlgorithms;
  readonly hostKey: { type: string; fingerprint: string };
  readonly address: string;
  /** The method that let us in: password, keyboard-interactive, publickey. */
  readonly authMethod: string;
  /** Runs one command. A link that is cut in between throws; it is never taken for an exit. */
  exec(command: string, options: { signal: AbortSignal; timeoutMs?: number; maxBytes?: number }): Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>;
  /** Ends the session; safe to call twice. */
  close(): void;
}
