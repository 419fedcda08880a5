import { markRow, rangesOf, type Span } from './row-element.js';
import type { Row } from './rows.js';

/** A row in the page, with what is found in it. */
export interface Marked {
  readonly element: HTMLElement;
  readonly row: Row;
  readonly spans: readonly Span[];
}

/** Shows what was found in the lines that are in the page. */
export interface Marks {
  show(rows: readonly Marked[]): void;
  clear(): void;
}

const all = 'signalbox-match';
const current = 'signalbox-match-current';

/** The page's highlight of that name; every log on the page adds its own places to it. */
function highlight(name: string): Highlight {
  const known = CSS.highlights.get(name);
  if (known) return known;
  const made = new Highlight();
  CSS.highlights.set(name, made);
  return made;
}

/** By the browser's own highlights: the lines stay as they are. */
export class HighlightMarks implements Marks {
  #shown: { name: string; range: Range }[] = [];

  show(rows: readonly Marked[]): void {
    this.clear();
    for (const { element, spans } of rows) {
      for (const span of spans) this.#add(span.isCurrent ? current : all, rangesOf(element, span));
    }
  }

  clear(): void {
    for (const { name, range } of this.#shown.splice(0)) highlight(name).delete(range);
  }

  #add(name: string, ranges: readonly Range[]): void {
    for (const range of ranges) {
      highlight(name).add(range);
      this.#shown.push({ name, range });
    }
  }
}

/** By `mark` elements, where the browser has no highlights. */
export class ElementMarks implements Marks {
  #shown: Marked[] = [];

  show(rows: readonly Marked[]): void {
    this.clear();
    this.#shown = rows.filter(({ spans }) => spans.length > 0);
    for (const { element, row, spans } of this.#shown) markRow(element, row, spans);
  }

  clear(): void {
    for (const { element, row } of this.#shown.splice(0)) markRow(element, row, []);
  }
}

/** What this browser can do. */
export function marksHere(): Marks {
  return typeof Highlight === 'function' && 'highlights' in CSS ? new HighlightMarks() : new ElementMarks();
}
