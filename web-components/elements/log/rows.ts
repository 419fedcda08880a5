import type { LogLine, LogStream } from '../../client/contract.js';
import { AnsiReader } from './ansi-reader.js';
import { overwritten, type Run } from './overwriting.js';

/** A line as it is shown. */
export interface Row {
  readonly line: LogLine;
  /** Without any sequence: what is searched and copied. */
  readonly text: string;
  /** The text in pieces of one look each; null: plain. */
  readonly runs: readonly Run[] | null;
  /** How many lines are not in the store between this one and the one before it. */
  readonly missing: number;
}

/** Something that moves, colours or hides. */
const CONTROL = /[^\P{Cc}\t]/u;

const isSame = (a: LogLine | undefined, b: LogLine | undefined): boolean =>
  a === b || (a !== undefined && a.seq === b?.seq && a.text === b.text);

/** A log's lines, read once each: taking a longer log costs only what is new in it. */
export class Rows {
  readonly all: Row[] = [];
  readonly #readers: Partial<Record<LogStream, AnsiReader>> = {};

  /** Makes the rows those of the log, up to so many new ones; true where they began anew, as another log does. */
  take(lines: readonly LogLine[], most = Infinity): boolean {
    const before = this.all.length;
    const goesOn = isSame(this.all[0]?.line, lines[0]) && isSame(this.all[before - 1]?.line, lines[before - 1]);
    const anew = before > 0 && !goesOn;
    if (anew) this.#forget();
    const end = Math.min(lines.length, this.all.length + most);
    for (let at = this.all.length; at < end; at += 1) this.#add(lines[at] as LogLine);
    return anew;
  }

  #add(line: LogLine): void {
    const missing = Math.max(0, line.seq - (this.all.at(-1)?.line.seq ?? 0) - 1);
    this.all.push({ line, missing, ...this.#read(line) });
  }

  #read({ stream, text }: LogLine): Pick<Row, 'text' | 'runs'> {
    // A colour that a program left on ends with it.
    if (stream === 'in' || stream === 'step') for (const reader of Object.values(this.#readers)) reader.reset();
    const reader = (this.#readers[stream] ??= new AnsiReader());
    if (reader.isPlain && !CONTROL.test(text)) return { text, runs: null };
    const runs = overwritten(reader.read(text));
    const shown = runs.map((run) => run.text).join('');
    return { text: shown, runs: runs.every(({ style }) => style === '') ? null : runs };
  }

  #forget(): void {
    this.all.splice(0);
    for (const reader of Object.values(this.#readers)) reader.reset();
  }
}
