/**
 * A host that is looked at for longer than one session lasts: what only looks is asked again on a new session, what
 * changes something is sent on one session and never again.
 */
import { Backoff, type BackoffOptions } from './backoff.js';
import type { ExecOptions, ExecResult, SshSession } from './contract.js';
import type { Deadline } from './deadline.js';
import { SshError, type SshCode } from './errors.js';

export interface RemoteOptions {
  /** Opens a new session. */
  open(signal: AbortSignal): Promise<SshSession>;
  signal: AbortSignal;
  /** Told in one line when a session is lost and when there is one again. */
  note?(line: string): void;
  backoff?: BackoffOptions;
}

/** Not worth another operation, but another look does no harm. */
const LOOK_AGAIN: SshCode[] = ['SSH_TIMEOUT_COMMAND', 'SSH_SHELL_NOT_READY'];

/** Whether the next attempt may go better without harm: a refused password is never sent again. */
function mayTryAgain(error: unknown): error is SshError {
  return error instanceof SshError && (error.retryable || LOOK_AGAIN.includes(error.code));
}

/** What a look may take beyond its deadline, so that the last one is not cut off where it would just have answered. */
const GRACE_MS = 1_000;

export class Remote {
  readonly #options: RemoteOptions;
  readonly #closed = new AbortController();
  readonly #sessions: SshSession[] = [];
  #session: SshSession | null = null;
  #opening: Promise<SshSession> | null = null;
  #lost = false;

  constructor(options: RemoteOptions) {
    this.#options = options;
  }

  /** Opens a session where there is none; rejects with the `SshError` of the way there. */
  async connect(limitMs?: number): Promise<SshSession> {
    if (this.#session) return this.#session;
    this.#opening ??= this.#open(limitMs).finally(() => (this.#opening = null));
    return this.#opening;
  }

  /** Runs one command on the present session, at most once. */
  async exec(command: string, options: Partial<ExecOptions> = {}): Promise<ExecResult> {
    const session = await this.connect();
    return session.exec(command, { signal: this.#options.signal, ...options });
  }

  /**
   * Runs something harmless, again and again on new sessions until it has an answer. Rejects with the last `SshError`
   * when the deadline passes, or at once where another attempt could do harm.
   */
  async look(command: string, deadline: Deadline, options: Partial<ExecOptions> = {}): Promise<ExecResult> {
    const backoff = new Backoff(this.#options.backoff);
    for (;;) {
      try {
        return await this.#lookOnce(command, deadline, options);
      } catch (error) {
        if (!mayTryAgain(error) || deadline.passed) throw error;
        this.#forget(error);
      }
      await backoff.wait(options.signal ?? this.#options.signal, deadline.leftMs);
    }
  }

  /** Ends every session, and the way to one; safe to call twice. */
  close(): void {
    this.#session = null;
    for (const session of this.#sessions.splice(0)) session.close();
    this.#closed.abort(new Error('The remote was closed.'));
  }

  async #lookOnce(command: string, deadline: Deadline, options: Partial<ExecOptions>): Promise<ExecResult> {
    const session = await this.connect(deadline.leftMs + GRACE_MS);
    const timeoutMs = Math.min(options.timeoutMs ?? Infinity, deadline.leftMs + GRACE_MS);
    return session.exec(command, { signal: this.#options.signal, ...options, timeoutMs: Math.ceil(timeoutMs) });
  }

  /** The limit holds for the way only: later the session lives as long as it is wanted. */
  async #open(limitMs?: number): Promise<SshSession> {
    const way = new AbortController();
    const end = () => way.abort(new DOMException('The way there took too long.', 'TimeoutError'));
    const timer = limitMs === undefined ? null : setTimeout(end, limitMs);
    const signal = AbortSignal.any([this.#options.signal, this.#closed.signal, way.signal]);
    try {
      return this.#keep(await this.#options.open(signal));
    } finally {
      if (timer) clearTimeout(timer);
    }
  }

  #keep(session: SshSession): SshSession {
    if (this.#closed.signal.aborted) {
      session.close();
      throw new Error('The remote was closed meanwhile.');
    }
    this.#sessions.push(session);
    this.#session = session;
    if (this.#lost) this.#options.note?.('There is a session again.');
    this.#lost = false;
    return session;
  }

  /** The session stays open until `close`: a command that was sent on it may still be running. */
  #forget(error: SshError): void {
    this.#session = null;
    if (!this.#lost) this.#options.note?.(error.message);
    this.#lost = true;
  }
}
