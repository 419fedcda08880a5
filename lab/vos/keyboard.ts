/**
 * What is typed into a CLI. Bytes are held until somebody reads; reading a line echoes it and lets backspace mend it. A line
 * ends at CR or at LF. Ctrl-C goes to whoever reads, or, while nobody does, to the running command.
 */
export interface KeyboardOptions {
  echo(text: string): void;
  /** Ctrl-C came; `read` tells whether a reader takes it. */
  interrupted(read: boolean): void;
}

export const CTRL_C = '\x03';
const MAX_LINE = 4096;

export class Keyboard {
  readonly #options: KeyboardOptions;
  #held = '';
  /** Answers whether it has what it wants. */
  #reader: ((char: string) => boolean) | null = null;

  constructor(options: KeyboardOptions) {
    this.#options = options;
  }

  feed(text: string): void {
    for (const char of text) {
      if (char === CTRL_C) this.#options.interrupted(this.#reader !== null);
      if (this.#reader) this.#give(char);
      else if (char !== CTRL_C) this.#held += char;
    }
  }

  /** Forgets what was typed and not read yet. */
  clear(): void {
    this.#held = '';
  }

  /** The next line without its end; null where Ctrl-C threw it away. */
  async line(): Promise<string | null> {
    let line: string | null = '';
    await this.#read((char) => {
      if (char === '\r' || char === '\n') this.#options.echo('\r\n');
      else if (char === CTRL_C) {
        this.#options.echo('^C\r\n');
        line = null;
      } else {
        line = this.#typed(line ?? '', char);
        return false;
      }
      return true;
    });
    return line;
  }

  /** The next key that is one of these; none is echoed. */
  async key(wanted: readonly string[]): Promise<string> {
    let pressed = '';
    await this.#read((char) => {
      pressed = char;
      return wanted.includes(char);
    });
    return pressed;
  }

  #typed(line: string, char: string): string {
    if (char === '\x7f' || char === '\b') {
      if (line !== '') this.#options.echo('\b \b');
      return line.slice(0, -1);
    }
    // Other controls do nothing.
    if (char < ' ' || line.length >= MAX_LINE) return line;
    this.#options.echo(char);
    return line + char;
  }

  #read(take: (char: string) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#reader = (char) => {
        const done = take(char);
        if (done) resolve();
        return done;
      };
      this.#drain();
    });
  }

  #drain(): void {
    while (this.#reader && this.#held !== '') {
      const char = this.#held.charAt(0);
      this.#held = this.#held.slice(1);
      this.#give(char);
    }
  }

  #give(char: string): void {
    if (this.#reader?.(char)) this.#reader = null;
  }
}
