/**
 * What a person would read on a terminal, out of text that comes cut anywhere: complete lines once and in order, and the
 * unfinished last line, where prompts stand. How the text was cut never changes the outcome, and whatever comes, the
 * memory that it takes is bounded.
 */
import { TerminalSequence } from './terminal-sequence.js';
import { plainText } from './text.js';

/** Of one line; what is longer is counted, so that backspaces still work, and not kept. */
const MAX_LINE = 8192;
/** Of the complete lines that stay in sight before the unfinished one. */
const MAX_RECENT = 2048;

const RUN = /[^\p{Cc}]+/uy;

export class Terminal {
  readonly #sequence = new TerminalSequence();
  readonly #onLine: (line: string) => void;
  #line = '';
  #excess = 0;
  #afterCr = false;
  #recent: string[] = [];
  #recentLength = 0;

  /** `onLine` is called with each line when its end has come: CR LF, LF and a lone CR each end one. */
  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** The unfinished last line. */
  get line(): string {
    return this.#line;
  }

  /** The last lines, the unfinished one included, joined by line feeds; it always begins where a line begins. */
  get tail(): string {
    return [...this.#recent, this.#line].join('\n');
  }

  /** Drops the unfinished line: what stood there has been dealt with. */
  discardLine(): void {
    this.#line = '';
    this.#excess = 0;
  }

  hear(text: string): void {
    let at = 0;
    while (at < text.length) at = this.#sequence.open ? this.#skip(text, at) : this.#read(text, at);
  }

  /** A sequence takes what belongs to it and leaves what does not. */
  #skip(text: string, at: number): number {
    return this.#sequence.takes(text.charAt(at)) ? at + 1 : at;
  }

  #read(text: string, at: number): number {
    RUN.lastIndex = at;
    const run = RUN.exec(text)?.[0];
    if (run === undefined) return this.#control(text.charAt(at), at);
    this.#afterCr = false;
    this.#append(plainText(run, run.length));
    return at + run.length;
  }

  #control(char: string, at: number): number {
    const crLf = char === '\n' && this.#afterCr;
    this.#afterCr = char === '\r';
    if (this.#sequence.begins(char)) return at + 1;
    if (char === '\b') this.#erase();
    else if (char === '\t') this.#append(char);
    else if (char === '\r' || (char === '\n' && !crLf)) this.#end();
    return at + 1;
  }

  #append(text: string): void {
    const kept = text.slice(0, MAX_LINE - this.#line.length);
    this.#line += kept;
    this.#excess += text.length - kept.length;
  }

  /** A backspace takes back one character, never one of the line before. */
  #erase(): void {
    if (this.#excess > 0) this.#excess -= 1;
    else this.#line = this.#line.replace(/.$/su, '');
  }

  #end(): void {
    const line = this.#line;
    this.discardLine();
    this.#remember(line);
    this.#onLine(line);
  }

  #remember(line: string): void {
    this.#recent.push(line);
    this.#recentLength += line.length + 1;
    while (this.#recentLength > MAX_RECENT) this.#recentLength -= (this.#recent.shift()?.length ?? 0) + 1;
  }
}
