/** One SFTP channel: each request answered, refused or lost, and never left open. */
import type { SFTPWrapper } from 'ssh2';
import { SshError } from './errors.js';
import type { Link } from './link.js';
import { within } from './phase.js';

type Done<T> = (error?: Error | null, value?: T) => void;

export class SftpChannel {
  readonly #link: Link;
  readonly #sftp: SFTPWrapper;
  readonly #signal: AbortSignal;
  readonly #lost: Promise<never>;
  readonly #abort = () => this.close();
  #over: Error | null = null;
  #lose: (error: Error) => void = () => undefined;

  constructor(link: Link, sftp: SFTPWrapper, signal: AbortSignal) {
    this.#link = link;
    this.#sftp = sftp;
    this.#signal = signal;
    this.#lost = new Promise<never>((_resolve, reject) => (this.#lose = reject));
    this.#lost.catch(() => undefined);
    // For good: what comes after the first error would end the process.
    sftp.on('error', (cause: Error) => this.#end(cause));
    sftp.on('close', () => this.#end());
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** Sends one request; rejects with the host's own answer, or with an SshError where none comes any more. */
  async ask<T>(start: (sftp: SFTPWrapper, done: Done<T>) => void): Promise<T> {
    return within('command', this.#signal, async () => {
      if (this.#over) throw this.#over;
      return await Promise.race([this.#lost, this.#send(start)]);
    });
  }

  /** The same for an extension of the protocol; false where the host does not offer it. */
  async askFor(start: (sftp: SFTPWrapper, done: Done<unknown>) => void): Promise<boolean> {
    let offered = true;
    await this.ask<unknown>((sftp, done) => {
      try {
        start(sftp, done);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.includes('does not support')) throw error;
        offered = false;
        done();
      }
    });
    return offered;
  }

  close(): void {
    this.#end();
    if (!this.#link.failure) this.#sftp.end();
  }

  #send<T>(start: (sftp: SFTPWrapper, done: Done<T>) => void): Promise<T> {
    return new Promise((resolve, reject) =>
      start(this.#sftp, (error, value) => {
        // ssh2 answers so what the end of the channel leaves open; an answer of the host has a number.
        const unanswered = error && typeof (error as { code?: unknown }).code !== 'number';
        if (unanswered) reject(this.#gone(error));
        else if (error) reject(error);
        else resolve(value as T);
      }),
    );
  }

  #gone(cause?: unknown): Error {
    return this.#link.failure ?? new SshError('SSH_CONNECTION_LOST', 'The host ended the file transfer.', { cause });
  }

  #end(cause?: unknown): void {
    this.#signal.removeEventListener('abort', this.#abort);
    this.#over ??= this.#gone(cause);
    this.#lose(this.#over);
  }
}

/** Opens the subsystem `sftp`; see `SshSession.sftp`. */
export async function openSftpChannel(link: Link, signal: AbortSignal): Promise<SftpChannel> {
  if (link.failure) throw link.failure;
  const unavailable = (cause: Error) => link.failure ?? new SshError('SSH_SFTP_UNAVAILABLE', undefined, { cause });
  const open = () =>
    new Promise<SftpChannel>((resolve, reject) => {
      try {
        link.client.sftp((cause, sftp) => {
          if (cause) reject(unavailable(cause));
          // Whoever waited has gone; nobody else would close it.
          else if (signal.aborted) sftp.end();
          else resolve(new SftpChannel(link, sftp, signal));
        });
      } catch (cause) {
        // ssh2 throws where the socket is no longer writable.
        reject(link.failure ?? new SshError('SSH_CONNECTION_LOST', undefined, { cause }));
      }
    });
  return within('command', signal, open);
}
