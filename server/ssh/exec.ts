/** One command on a session, its output bounded, its end told apart from the end of the link. */
import type { Readable } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import type { ExecOptions, ExecResult } from './contract.js';
import { SshError } from './errors.js';
import type { Link } from './link.js';
import { within } from './phase.js';

const MAX_BYTES = 256 * 1024;

/** Reads a stream to its end and keeps no more than was asked for, so that the sender never has to wait. */
class Kept {
  truncated = false;
  readonly #chunks: Buffer[] = [];
  #left: number;

  constructor(stream: Readable, maxBytes: number) {
    this.#left = maxBytes;
    stream.on('data', (chunk: Buffer) => this.#keep(chunk));
  }

  #keep(chunk: Buffer): void {
    const part = chunk.subarray(0, this.#left);
    this.truncated ||= part.length < chunk.length;
    this.#left -= part.length;
    if (part.length > 0) this.#chunks.push(part);
  }

  toString(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

function lost(link: Link, cause?: unknown): Error {
  return link.failure ?? new SshError('SSH_CONNECTION_LOST', undefined, { cause });
}

function openChannel(link: Link, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const refused = (cause: unknown) =>
      reject(link.failure ?? new SshError('SSH_SHELL_NOT_READY', undefined, { cause }));
    try {
      link.client.exec(command, (error, channel) => (error ? refused(error) : resolve(channel)));
    } catch (cause) {
      // ssh2 throws where the socket is no longer writable.
      reject(lost(link, cause));
    }
  });
}

function outcome(link: Link, channel: ClientChannel, maxBytes: number): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const stdout = new Kept(channel, maxBytes);
    const stderr = new Kept(channel.stderr, maxBytes);
    let exit: { code: number | null; signal: string | null } | null = null;
    channel.on('error', (cause: Error) => reject(lost(link, cause)));
    channel.on('exit', (code: number | null, signal?: string) => (exit = { code, signal: signal ?? null }));
    channel.on('close', () => {
      // A cut link closes the channel too, with neither code nor signal: that is no exit.
      if (!exit) return reject(lost(link));
      const truncated = stdout.truncated || stderr.truncated;
      resolve({ ...exit, stdout: stdout.toString(), stderr: stderr.toString(), truncated });
    });
  });
}

/** Runs one command; see `SshSession.exec`. */
export async function exec(link: Link, command: string, options: ExecOptions): Promise<ExecResult> {
  const { signal, timeoutMs, maxBytes = MAX_BYTES } = options;
  if (link.failure) throw link.failure;
  const limit = timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let channel: ClientChannel | undefined;
  try {
    return await within('command', limit, async () => {
      channel = await openChannel(link, command);
      if (limit.aborted) channel.close();
      return await outcome(link, channel, maxBytes);
    });
  } finally {
    channel?.close();
  }
}
