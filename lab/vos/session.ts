/** One CLI session: the start-up text, then a prompt and a command after the other. */
import type { ServerChannel } from 'ssh2';
import { execute } from './commands.js';
import { Keyboard } from './keyboard.js';
import type { VosNode } from './node.js';
import { Output } from './output.js';
import { SLOW_FACTOR, startUpSeconds, startUpText } from './transcript.js';
import { makeTurn, waitFor } from './turn.js';

export interface SessionOptions {
  node: VosNode;
  channel: ServerChannel;
  /** Ends the TCP connection: at once, or once what was sent is out. */
  destroy(): void;
  destroySoon(): void;
  /** Says goodbye as SSH does. */
  leave(): void;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #output: Output;
  readonly #keyboard: Keyboard;
  readonly #pager: { on: boolean; style: 'press' | 'options' };
  readonly #ended = new AbortController();
  #running: AbortController | null = null;
  #received = 0;

  constructor(options: SessionOptions) {
    const { node, channel, destroySoon } = options;
    const { faults, random, settings } = node;
    this.#options = options;
    this.#pager = { on: true, style: settings.pagerStyle };
    this.#output = new Output({ send: (chunk) => channel.write(chunk), cut: destroySoon, faults, random });
    this.#keyboard = new Keyboard({
      echo: (text) => this.#output.write(text),
      interrupted: (read) => this.#interrupted(read),
    });
    channel.on('data', (bytes: Buffer) => this.#receive(bytes));
  }

  /** Answers when the person leaves; of a session that just breaks off nothing more is heard. */
  async run(): Promise<void> {
    await this.#startUp();
    for (;;) {
      this.#output.prompt();
      const line = await this.#keyboard.line();
      if (line === null) continue;
      this.#options.node.journal.command(line);
      if (line.trim() === 'exit') break;
      if (line.trim() !== '') await this.#execute(line.trim());
    }
    await this.#output.drained();
    this.#options.leave();
  }

  /** The connection is gone. */
  end(): void {
    this.#output.close();
    this.#ended.abort();
  }

  async #startUp(): Promise<void> {
    const { node } = this.#options;
    const { startUp } = node.settings;
    const factor = startUp === 'slow' ? SLOW_FACTOR : 1;
    const wait = (seconds: number) => waitFor(node.clock, seconds * factor, this.#ended.signal);
    await wait(startUpSeconds.starting);
    this.#output.print(...startUpText.starting);
    await wait(startUpSeconds.welcome);
    this.#output.print(...startUpText.welcome);
    if (startUp === 'needs_newline') this.#keyboard.clear();
    await wait(startUpSeconds.hardware);
    this.#output.print(...startUpText.hardware);
    if (node.faults.dns_warning) this.#output.print(...startUpText.dnsWarning);
    await wait(startUpSeconds.prompt);
    if (startUp === 'needs_newline') await this.#keyboard.line();
  }

  async #execute(line: string): Promise<void> {
    const { node, destroySoon } = this.#options;
    const running = new AbortController();
    this.#running = running;
    const interrupted = new Promise<void>((resolve) => running.signal.addEventListener('abort', () => resolve()));
    const turn = makeTurn({
      output: this.#output,
      keyboard: this.#keyboard,
      clock: node.clock,
      pager: this.#pager,
      signal: AbortSignal.any([running.signal, this.#ended.signal]),
      cut: destroySoon,
    });
    await Promise.race([execute(line, turn, node), interrupted]);
    this.#running = null;
  }

  #interrupted(read: boolean): void {
    this.#options.node.journal.ctrlC++;
    if (read || !this.#running) return;
    this.#output.print('^C');
    this.#running.abort();
  }

  /** Of the bytes that reach the cut, the last one is still acted on. */
  #receive(bytes: Buffer): void {
    const { node, destroy } = this.#options;
    const limit = node.faults.cut_after_received;
    const room = limit === null ? Infinity : Math.max(0, limit - this.#received);
    const text = bytes.subarray(0, room).toString('latin1');
    this.#received += text.length;
    node.journal.receive(text);
    this.#keyboard.feed(text);
    if (bytes.length < room) return;
    node.faults.cut_after_received = null;
    destroy();
  }
}
