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

interface Run {
  link: Link;
  command: string;
  maxBytes: number;
  resolve(result: ExecResult): void;
  reject(error: Error): void;
}

/** Must listen as soon as there is a channel: the rest of the answer can lie in the same piece of network data. */
function listen(channel: ClientChannel, { link, maxBytes, resolve, reject }: Run): void {
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
}

function start(run: Run, opened: (channel: ClientChannel) => void): void {
  const { link, command, reject } = run;
  try {
    link.client.exec(command, (cause, channel) => {
      if (cause) return reject(link.failure ?? new SshError('SSH_SHELL_NOT_READY', undefined, { cause }));
      listen(channel, run);
      opened(channel);
    });
  } catch (cause) {
    // ssh2 throws where the socket is no longer writable.
    reject(lost(link, cause));
  }
}

/** Runs one command; see `SshSession.exec`. */
export async function exec(link: Link, command: string, options: ExecOptions): Promise<ExecResult> {
  const { signal, timeoutMs, maxBytes = MAX_BYTES } = options;
  if (link.failure) throw link.failure;
  const limit = timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const channels: ClientChannel[] = [];
  const opened = (channel: ClientChannel) => {
    channels.push(channel);
    if (limit.aborted) channel.close();
    // Nothing comes on its input, so that a command that reads from it does not wait.
    else channel.end();
  };
  try {
    return await within(
      'command',
      limit,
      () => new Promise((resolve, reject) => start({ link, command, maxBytes, resolve, reject }, opened)),
    );
  } finally {
    if (!link.failure) for (const channel of channels) channel.close();
  }
}
