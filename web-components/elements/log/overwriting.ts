import type { Move, Piece } from './ansi-reader.js';

/** Text that looks the same throughout; `style` has its classes. */
export interface Run {
  readonly text: string;
  readonly style: string;
}

type Cell = Run;

const blank: Cell = { text: ' ', style: '' };

/** Lines as a terminal has them: a place of writing, and cells that are written over. */
class Screen {
  readonly #lines: Cell[][] = [[]];
  #column = 0;

  get runs(): Run[] {
    return joined(this.#lines.flatMap((line, index) => (index === 0 ? line : [{ text: '\n', style: '' }, ...line])));
  }

  write({ text, style }: Run): void {
    const line = this.#line;
    while (line.length < this.#column) line.push(blank);
    for (const char of text) line[this.#column++] = { text: char, style };
  }

  move(move: Move): void {
    if (move === 'newline') this.#lines.push([]);
    if (move === 'back') this.#column = Math.max(0, this.#column - 1);
    else if (move === 'return' || move === 'newline') this.#column = 0;
    else this.#erase(move);
  }

  get #line(): Cell[] {
    return this.#lines.at(-1) ?? [];
  }

  #erase(move: Move): void {
    const line = this.#line;
    if (move === 'erase-after') line.splice(this.#column);
    else if (move === 'erase-line') line.splice(0);
    else line.fill(blank, 0, this.#column + 1);
  }
}

/** Neighbours that look the same become one. */
function joined(runs: readonly Run[]): Run[] {
  const result: Run[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (last?.style === run.style) result[result.length - 1] = { text: last.text + run.text, style: run.style };
    else result.push(run);
  }
  return result;
}

/** What stands there in the end: progress that was written over itself shows its last state. */
export function overwritten(pieces: readonly Piece[]): Run[] {
  if (pieces.every((piece) => 'text' in piece)) return joined(pieces);
  const screen = new Screen();
  for (const piece of pieces) {
    if ('text' in piece) screen.write(piece);
    else screen.move(piece.move);
  }
  return screen.runs;
}
