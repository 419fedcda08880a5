/** A verified, authenticated SSH session and the way there. Types only. */
import type { ConnectionTarget, Credentials } from '../connections/contract.js';

/** The way to a usable session, in order (ssh2 asks for the host key before it reports the end of the key exchange). */
export type SshPhase = 'resolve' | 'tcp' | 'host_key' | 'key_exchange' | 'authenticate';

export interface SshAlgorithms {
  kex: string;
  hostKey: string;
  cipher: string;
  /** Null where the cipher authenticates by itself. */
  mac: string | null;
}

/** A host's public key: its type as SSH names it (ssh-rsa, ssh-ed25519, …) and OpenSSH's SHA256 fingerprint. */
export interface ShownKey {
  type: string;
  fingerprint: string;
}

/** Runs one phase and answers as its work does; the signal that it hands over bounds the phase. */
export type PhaseRunner = <T>(phase: SshPhase, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;

export interface SshOptions {
  target: ConnectionTarget;
  credentials: Credentials;
  /** Ends the way there, and later the session, at once. */
  signal: AbortSignal;
  /**
   * Wraps each phase, so that a caller can show it as a step of its own with its own time-out.
   * A signal that aborts with a `TimeoutError` ends in `SSH_TIMEOUT_<PHASE>`, any other with its own reason.
   */
  phase: PhaseRunner;
  /**
   * Called where the shown key is not the one in `target.hostKey`; answers with the key that is pinned now.
   * A first key comes here only after the key exchange has proven that the host holds it; a changed key comes
   * before that, so that it can be remembered for a person to accept. No credential is sent before it answers,
   * nor ever where the answer is another key than the shown one.
   */
  pin(key: ShownKey): Promise<ShownKey>;
  /** Told in one line how each phase ended. */
  note?(line: string): void;
}

export interface ExecOptions {
  signal: AbortSignal;
  /** Ends in `SSH_TIMEOUT_COMMAND`. */
  timeoutMs?: number;
  /** Kept of each stream; the rest is read and dropped. Default: 256 KiB. */
  maxBytes?: number;
}

export interface ExecResult {
  /** Null where a signal ended the command. */
  code: number | null;
  /** With its prefix: SIGTERM. */
  signal: string | null;
  stdout: string;
  stderr: string;
  /** Whether a stream was longer than what was kept. */
  truncated: boolean;
}

export interface ShellOptions {
  /** Ends the wait for the shell, and later the shell, at once. */
  signal: AbortSignal;
  /** Of the pseudo-terminal; default: 24 rows of 200 columns, wide enough that no line is folded. */
  rows?: number;
  columns?: number;
}

/** An interactive shell on a pseudo-terminal: text in both directions, as it comes, cut anywhere. */
export interface SshShell {
  /** Hears every piece of output, decoded as UTF-8 across pieces; what came before the first listener is kept for it. */
  onText(listener: (text: string) => void): void;
  /** Sends text as it is; throws where the shell has ended. Resolves when the text has been handed to the link. */
  write(text: string): Promise<void>;
  /** Resolves once, when the shell has ended: null where it was closed from here or by an exit, else why it was lost. */
  readonly ended: Promise<Error | null>;
  /** Closes the shell and leaves the session open; safe to call twice. */
  close(): void;
}

/** What lies at a path; a symbolic link is not followed. */
export interface FileStat {
  kind: 'file' | 'directory' | 'link' | 'other';
  /** The permission bits: 0o644. */
  mode: number;
  uid: number;
  gid: number;
  size: number;
}

export interface FileOwner {
  /** Null: whoever it would belong to by itself. */
  uid: number | null;
  gid: number | null;
}

/** Files on the host. Every call rejects with an `SshError`; paths are absolute. */
export interface SshFiles {
  /** Null where there is none; SSH_SFTP_FAILED where it is longer than `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Buffer | null>;
  /**
   * Makes a new file, whole and flushed to the disk where the host offers that, or none at all; SSH_SFTP_FAILED where
   * something lies there. Until it has its owner, only the account itself can read it.
   */
  write(path: string, data: Buffer, mode: number, owner?: FileOwner): Promise<void>;
  /** Null where there is nothing. */
  stat(path: string): Promise<FileStat | null>;
  /** The path at the end of symbolic links; there need be nothing. */
  resolve(path: string): Promise<string>;
  /** A second name of the same file; false where the host has no way to that. */
  link(path: string, second: string): Promise<boolean>;
  /**
   * Renames a file over another one, or to a new name: at every moment there is the one or the other. A host without
   * posix-rename@openssh.com cannot do that; there the other one is removed first.
   */
  replace(path: string, other: string): Promise<void>;
  /** Missing is fine; false where it was. */
  remove(path: string): Promise<boolean>;
  /** False where there is something already. */
  makeDirectory(path: string, mode: number): Promise<boolean>;
  /** Missing is fine. */
  removeDirectory(path: string): Promise<void>;
  /** The account's own directory. */
  home(): Promise<string>;
  /** Ends the file channel and leaves the session open; safe to call twice. */
  close(): void;
}

export interface SshSession {
  /** The server's identification line, without its line end, as plain text: `SSH-2.0-OpenSSH_9.2p1 …`. */
  readonly identification: string;
  /** The banner sent before the first credential, as plain text; null where none was sent. */
  readonly banner: string | null;
  readonly algorithms: SshAlgorithms;
  readonly hostKey: ShownKey;
  /** The address that answered. */
  readonly address: string;
  /** The method that let us in: password, keyboard-interactive, publickey; several in order, joined by a comma. */
  readonly authMethod: string;
  /** Runs one command. A link that is cut in between throws; it is never taken for an exit. */
  exec(command: string, options: ExecOptions): Promise<ExecResult>;
  /** Opens a shell on a pseudo-terminal, for appliances that run no single commands. */
  shell(options: ShellOptions): Promise<SshShell>;
  /** Opens a way to the host's files; SSH_SFTP_UNAVAILABLE where it has none. The signal ends it and what runs on it. */
  sftp(options: { signal: AbortSignal }): Promise<SshFiles>;
  /** Ends the session; safe to call twice. */
  close(): void;
}
