/** An interactive shell on a session: text in both directions, its own end told apart from the end of the link. */
import { StringDecoder } from 'node:string_decoder';
import type { ClientChannel } from 'ssh2';
import type { ShellOptions, SshShell } from './contract.js';
import { SshError } from './errors.js';
import type { Link } from './link.js';
import { abortReason, within } from './phase.js';

const ROWS = 24;
/** Wide enough that no line of an appliance is folded. */
const COLUMNS = 200;
/** What every appliance knows, and what asks for the fewest escape sequences. */
const TERM = 'vt100';
/** Kept for the first listener; more than that without one is nobody's. */
const MAX_EARLY = 256 * 1024;

type Listener = (text: string) => void;

/** Text that comes before anybody listens is kept, bounded, for the first who does. */
class Outlet {
  readonly #listeners: Listener[] = [];
  #early = '';

  add(listener: Listener): void {
    this.#listeners.push(listener);
    const early = this.#early;
    this.#early = '';
    if (early) listener(early);
  }

  hear(text: string): void {
    if (text === '') return;
    if (this.#listeners.length === 0) this.#early = (this.#early + text).slice(-MAX_EARLY);
    for (const listener of this.#listeners) listener(text);
  }
}

function lost(link: Link, cause?: unknown): Error {
  return link.failure ?? new SshError('SSH_CONNECTION_LOST', undefined, { cause });
}

class Shell implements SshShell {
  readonly ended: Promise<Error | null>;
  readonly #link: Link;
  readonly #channel: ClientChannel;
  readonly #outlet = new Outlet();
  #over: { why: Error | null } | null = null;
  #resolveEnded: (why: Error | null) => void = () => undefined;

  /** Must listen as soon as there is a channel: the first text can lie in the same piece of network data. */
  constructor(link: Link, channel: ClientChannel, signal: AbortSignal) {
    this.#link = link;
    this.#channel = channel;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    const abort = () => {
      this.#end(abortReason('ready', signal));
      this.close();
    };
    signal.addEventListener('abort', abort, { once: true });
    void this.ended.then(() => signal.removeEventListener('abort', abort));
    this.#listen();
  }

  onText(listener: Listener): void {
    this.#outlet.add(listener);
  }

  async write(text: string): Promise<void> {
    if (this.#over) throw this.#over.why ?? new Error('The shell was closed.');
    if (this.#link.failure) throw this.#link.failure;
    const written = new Promise<void>((resolve, reject) =>
      this.#channel.write(text, 'utf8', (cause) => (cause ? reject(lost(this.#link, cause)) : resolve())),
    );
    // A channel that closes with its window full never says that the text is gone.
    const over = this.ended.then((why) => {
      throw why ?? new Error('The shell was closed.');
    });
    await Promise.race([written, over]);
  }

  close(): void {
    this.#end(null);
    if (!this.#link.failure) this.#channel.close();
  }

  #listen(): void {
    const decoder = new StringDecoder('utf8');
    this.#channel.on('data', (chunk: Buffer) => this.#outlet.hear(decoder.write(chunk)));
    // A pseudo-terminal has one stream; whoever sends on the other one must not wait for us for ever.
    this.#channel.stderr.resume();
    this.#channel.on('exit', () => this.#end(null));
    this.#channel.on('error', (cause: Error) => this.#end(lost(this.#link, cause)));
    // ssh2 tells of a lost link before it closes its channels: without a failure the host closed this one itself.
    this.#channel.on('close', () => this.#end(this.#link.failure));
  }

  #end(why: Error | null): void {
    if (this.#over) return;
    this.#over = { why };
    this.#resolveEnded(why);
  }
}

interface Opening {
  link: Link;
  options: ShellOptions;
  resolve(shell: Shell): void;
  reject(error: Error): void;
}

function start({ link, options, resolve, reject }: Opening): void {
  const { signal, rows = ROWS, columns: cols = COLUMNS } = options;
  try {
    link.client.shell({ term: TERM, rows, cols, height: 0, width: 0 }, (cause, channel) => {
      if (cause) reject(link.failure ?? notReady(cause));
      // Whoever waited has gone; nobody else would close it.
      else if (signal.aborted) channel.close();
      else resolve(new Shell(link, channel, signal));
    });
  } catch (cause) {
    // ssh2 throws where the socket is no longer writable.
    reject(lost(link, cause));
  }
}

function notReady(cause: Error): SshError {
  return new SshError('SSH_SHELL_NOT_READY', 'The host let us in but opens no shell for this account.', { cause });
}

/** Opens a shell on a pseudo-terminal; see `SshSession.shell`. */
export async function openShell(link: Link, options: ShellOptions): Promise<SshShell> {
  if (link.failure) throw link.failure;
  const { signal } = options;
  return within(
    'ready',
    signal,
    () => new Promise<Shell>((resolve, reject) => start({ link, options, resolve, reject })),
  );
}
