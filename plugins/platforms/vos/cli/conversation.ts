/**
 * The appliance's side of the conversation, without a clock: text goes in as it comes, complete lines of output come out,
 * and the cue says what the text would wait for if nothing more came. Never more than a bounded part is kept.
 */
import { Terminal } from '../../../../server/ssh/terminal.js';
import { cueOf, isChrome, type Cue } from './cues.js';

/** Of the lines that nobody has taken; beyond it the oldest go. */
const MAX_WAITING = 256 * 1024;
/** Of what may stand before an echo: late prompts. */
const MAX_ECHO = 4096;

const compact = (text: string) => text.replace(/\s+/gu, '');

/**
 * Finds the echo of a command in what comes first. It may be folded, and may stand behind the prompt or behind a prompt
 * that came late: so only the last characters count, without white space.
 */
class Echo {
  readonly #wanted: string;
  #heard = '';

  constructor(command: string) {
    this.#wanted = compact(command);
  }

  endsWith(line: string): boolean {
    this.#heard = (this.#heard + compact(line)).slice(-MAX_ECHO);
    return this.#heard.endsWith(this.#wanted);
  }
}

export class Conversation {
  readonly #terminal = new Terminal((line) => this.#hearLine(line));
  #echo: Echo | null = null;
  #waiting: string[] = [];
  #waitingLength = 0;
  #dropped = 0;

  hear(text: string): void {
    this.#terminal.hear(text);
  }

  /** From here on comes the echo of this command, then its output; until the echo is complete no cue counts. */
  expect(command: string): void {
    this.#echo = new Echo(command);
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#dropped = 0;
  }

  /** What the appliance waits for, should nothing more come. */
  get cue(): Cue {
    return this.#echo ? 'nothing' : cueOf(this.#terminal.line, this.#terminal.tail);
  }

  /** How many lines were dropped because nobody took them in time. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The complete lines of output since the last call, without echo, prompts and pagers. */
  take(): string[] {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#waitingLength = 0;
    return lines;
  }

  /** A pager or a question has been answered, so that what stands there asks no more. */
  answered(): void {
    this.#terminal.discardLine();
  }

  #hearLine(line: string): void {
    if (this.#echo) {
      if (this.#echo.endsWith(line)) this.#echo = null;
      return;
    }
    if (isChrome(line)) return;
    this.#waiting.push(line);
    this.#waitingLength += line.length + 1;
    while (this.#waitingLength > MAX_WAITING) this.#drop();
  }

  #drop(): void {
    this.#waitingLength -= (this.#waiting.shift()?.length ?? 0) + 1;
    this.#dropped += 1;
  }
}
