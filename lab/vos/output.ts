/** The sending side of a CLI: what the appliance writes, and what faults make of it on the way. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Faults } from './faults.js';
import type { Random } from './random.js';
import { PROMPT } from './transcript.js';

const ESC = '\x1b';
const CODES = [`${ESC}[K`, `${ESC}[1m`, `${ESC}[0m`];
/** A code that is already there, or a character. */
const UNIT = new RegExp(`${ESC}\\[[0-9;]*[A-Za-z]|[^]`, 'gu');
/** The share of places at which a code stands. */
const SPRINKLE = 0.1;

export interface OutputOptions {
  /** Sends one chunk of its own. */
  send(chunk: Buffer): void;
  /** Ends the TCP connection once what was sent is out. */
  cut(): void;
  faults: Faults;
  random: Random;
}

export class Output {
  readonly #options: OutputOptions;
  readonly #queue: Buffer[] = [];
  #pumping: Promise<void> | null = null;
  #sent = 0;
  #closed = false;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /** Each line with its CRLF. */
  print(...lines: string[]): void {
    for (const line of lines) this.write(`${line}\r\n`);
  }

  prompt(): void {
    const { faults } = this.#options;
    this.write(faults.escape_codes ? `\x1b[K${PROMPT}\r\n\r${PROMPT}` : PROMPT);
  }

  /** One character is one byte. */
  write(text: string): void {
    if (this.#closed || text === '') return;
    const { faults } = this.#options;
    const bytes = Buffer.from(faults.escape_codes ? this.#sprinkled(text) : text, 'latin1');
    if (!faults.split_bytes && this.#pumping === null) return this.#send(bytes);
    if (faults.split_bytes) for (const byte of bytes) this.#queue.push(Buffer.of(byte));
    else this.#queue.push(bytes);
    this.#pumping ??= this.#pump();
  }

  /** Resolves when everything written is sent. */
  async drained(): Promise<void> {
    await this.#pumping;
  }

  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
  }

  #sprinkled(text: string): string {
    const { random } = this.#options;
    const code = () => (random() < SPRINKLE ? CODES[Math.floor(random() * CODES.length)] : '');
    return text.replace(UNIT, (unit) => `${code()}${unit}`);
  }

  async #pump(): Promise<void> {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      this.#send(next);
      await nextTurn();
    }
    this.#pumping = null;
  }

  #send(bytes: Buffer): void {
    const { faults, send, cut } = this.#options;
    const limit = faults.cut_after_bytes;
    const room = limit === null ? Infinity : Math.max(0, limit - this.#sent);
    const chunk = bytes.subarray(0, room);
    this.#sent += chunk.length;
    if (chunk.length > 0) send(chunk);
    if (bytes.length < room) return;
    faults.cut_after_bytes = null;
    this.close();
    cut();
  }
}
