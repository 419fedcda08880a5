import type { Row } from './rows.js';

/** So long the page may be busy with it at once, in ms: less than a drawn picture. */
const sliceMs = 6;
const rowsBetweenLooks = 500;

export interface Match {
  readonly row: number;
  readonly start: number;
  readonly end: number;
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Finds words in all rows, those out of view as well, in slices; of a row it keeps only how many matches it has. */
export class Search {
  query = '';
  /** How many matches there are so far. */
  count = 0;
  isSearching = false;
  readonly #rows: readonly Row[];
  readonly #changed: () => void;
  #pattern: RegExp | null = null;
  /** The rows with matches, and how many matches there are up to the end of each. */
  #found: number[] = [];
  #sums: number[] = [];
  #next = 0;
  #run = 0;

  constructor(rows: readonly Row[], changed: () => void) {
    this.#rows = rows;
    this.#changed = changed;
  }

  find(query: string): void {
    this.query = query;
    this.#pattern = query ? new RegExp(escaped(query), 'giu') : null;
    this.again();
  }

  /** The rows are others. */
  again(): void {
    this.#found = [];
    this.#sums = [];
    this.count = 0;
    this.#next = 0;
    this.#run += 1;
    this.isSearching = false;
    this.more();
  }

  /** Goes on where rows were added. */
  more(): void {
    if (!this.#pattern || this.isSearching) return;
    this.isSearching = true;
    void this.#scan(this.#run);
  }

  stop(): void {
    this.#run += 1;
    this.isSearching = false;
  }

  /** The match of that number, from 0. */
  at(number: number): Match | null {
    const place = firstAbove(this.#sums, number);
    const row = this.#found[place];
    if (row === undefined) return null;
    const span = this.inRow(row)[number - (this.#sums[place - 1] ?? 0)];
    return span ? { row, ...span } : null;
  }

  /** The number of the first match in this row or after it; 0 where there is none. */
  from(row: number): number {
    const place = firstAbove(this.#found, row - 1);
    return place < this.#found.length ? (this.#sums[place - 1] ?? 0) : 0;
  }

  /** The matches of one row. */
  inRow(index: number): { start: number; end: number }[] {
    const text = this.#rows[index]?.text;
    if (!this.#pattern || text === undefined) return [];
    return [...text.matchAll(this.#pattern)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
    }));
  }

  async #scan(run: number): Promise<void> {
    // Whoever adds rows is in the middle of drawing them.
    await Promise.resolve();
    while (run === this.#run && this.#next < this.#rows.length) {
      const until = performance.now() + sliceMs;
      while (this.#next < this.#rows.length && performance.now() < until) this.#read(rowsBetweenLooks);
      if (this.#next < this.#rows.length) await new Promise((resolve) => setTimeout(resolve));
    }
    if (run !== this.#run) return;
    this.isSearching = false;
    this.#changed();
  }

  #read(amount: number): void {
    const end = Math.min(this.#rows.length, this.#next + amount);
    for (; this.#next < end; this.#next += 1) {
      const here = this.inRow(this.#next).length;
      if (here === 0) continue;
      this.count += here;
      this.#found.push(this.#next);
      this.#sums.push(this.count);
    }
  }
}

/** Where in rising numbers the first one stands that is above the value. */
function firstAbove(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
