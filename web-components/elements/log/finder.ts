import type { Blocks } from './blocks.js';
import type { Marked, Marks } from './marks.js';
import { rangesOf } from './row-element.js';
import type { Row } from './rows.js';
import { type Match, Search } from './search.js';

/** Search as a person meets it: one match after the other, each brought into view. */
export class Finder {
  /** Which match one stands at, from 0; −1: none. */
  current = -1;
  readonly #rows: readonly Row[];
  readonly #blocks: Blocks;
  readonly #marks: Marks;
  readonly #search: Search;
  readonly #changed: (isJump: boolean) => void;

  /** `changed` is told when the count or the place is another one, and whether a match was brought into view. */
  constructor(rows: readonly Row[], blocks: Blocks, marks: Marks, changed: (isJump: boolean) => void) {
    this.#rows = rows;
    this.#blocks = blocks;
    this.#marks = marks;
    this.#changed = changed;
    this.#search = new Search(rows, () => this.#settled());
  }

  get query(): string {
    return this.#search.query;
  }

  get count(): number {
    return this.#search.count;
  }

  get isSearching(): boolean {
    return this.#search.isSearching;
  }

  find(query: string): void {
    this.current = -1;
    this.#search.find(query);
    if (query === '') this.#show();
  }

  /** To the next match, or by −1 to the one before; around at the ends. */
  go(steps: 1 | -1): void {
    const { count } = this.#search;
    if (count === 0) return;
    this.current = (this.current + steps + count) % count;
    this.#show();
  }

  /** Rows were added. */
  more(): void {
    this.#search.more();
  }

  /** The rows are others. */
  again(): void {
    this.current = -1;
    this.#search.again();
  }

  /** Marks what is in the page now. */
  paint(): void {
    if (this.query === '') return this.#marks.clear();
    const match = this.current < 0 ? null : this.#search.at(this.current);
    this.#marks.show(this.#blocks.drawn.map(({ index, element }) => this.#marked(index, element, match)));
  }

  stop(): void {
    this.#search.stop();
    this.#marks.clear();
  }

  /** Brings the current match into the page; answers where it stands there. */
  reveal(): Range | null {
    const match = this.current < 0 ? null : this.#search.at(this.current);
    const element = match && this.#blocks.reveal(match.row);
    return element ? (rangesOf(element, match)[0] ?? null) : null;
  }

  #settled(): void {
    if (this.current >= 0 || this.count === 0) {
      this.paint();
      this.#changed(false);
      return;
    }
    this.current = this.#search.from(this.#blocks.firstInView);
    this.#show();
  }

  #show(): void {
    this.#changed(this.current >= 0);
    this.paint();
  }

  #marked(index: number, element: HTMLElement, match: Match | null): Marked {
    const spans = this.#search.inRow(index).map((span) => ({
      ...span,
      isCurrent: match?.row === index && match.start === span.start,
    }));
    return { element, row: this.#rows[index] as Row, spans };
  }
}
