import type { Row } from './rows.js';
import { rowElements } from './row-element.js';
import { selectionIn } from './selection.js';

/** Lines that come into the page, and leave it, as one. */
export const blockSize = 100;

/** So much further than one sees the lines are there: more than a turn of the wheel. */
const nearby = '600px';

const sizeProperty = '--block-size';
const linesProperty = '--lines';

interface Block {
  readonly first: number;
  readonly element: HTMLElement;
  isFilled: boolean;
  isNear: boolean;
}

/**
 * Shows rows as blocks, of which only those near the view have their lines in the page. The others keep the room that
 * they took, or would take if no line were broken.
 */
export class Blocks {
  /** How many lines were put into the page so far: what an update costs. */
  drawnRows = 0;
  readonly #container: HTMLElement;
  readonly #rows: readonly Row[];
  readonly #changed: () => void;
  readonly #observer: IntersectionObserver;
  readonly #blocks: Block[] = [];
  readonly #of = new WeakMap<Element, Block>();
  #count = 0;

  /** `changed` is told when other lines are in the page. */
  constructor(container: HTMLElement, rows: readonly Row[], changed: () => void) {
    this.#container = container;
    this.#rows = rows;
    this.#changed = changed;
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), {
      rootMargin: nearby,
      scrollMargin: nearby,
    });
  }

  /** Takes in the rows that were added; true where there were any. */
  grow(): boolean {
    const from = this.#count;
    this.#count = this.#rows.length;
    const last = this.#blocks.length - 1;
    for (let first = (last + 1) * blockSize; first < this.#count; first += blockSize) this.#open(first);
    const open = this.#blocks[last];
    if (open) this.#extend(open, from);
    const tail = this.#blocks.at(-1);
    if (tail && tail !== open) this.#fill(tail);
    if (open && open !== tail && !open.isNear) this.#empty(open);
    if (this.#count > from) this.#changed();
    return this.#count > from;
  }

  clear(): void {
    for (const { element } of this.#blocks.splice(0)) {
      this.#observer.unobserve(element);
      element.remove();
    }
    this.#count = 0;
  }

  close(): void {
    this.#observer.disconnect();
  }

  /** Watches again what it has shown before it was closed. */
  open(): void {
    for (const { element } of this.#blocks) this.#observer.observe(element);
  }

  /** Writes what is there anew: in another language, or without marks. */
  redraw(): void {
    for (const block of this.#blocks) {
      if (!block.isFilled) continue;
      block.element.replaceChildren();
      block.isFilled = false;
      this.#fill(block);
    }
    this.#changed();
  }

  /** What was measured holds no more: the lines are broken elsewhere now. */
  forgetSizes(): void {
    for (const { element } of this.#blocks) element.style.removeProperty(sizeProperty);
  }

  /** Brings a row into the page, with its neighbours, so that nothing moves when those come. */
  reveal(index: number): HTMLElement | null {
    const at = Math.floor(index / blockSize);
    for (const block of this.#blocks.slice(Math.max(0, at - 1), at + 2)) this.#fill(block);
    this.#changed();
    return this.elementOf(index);
  }

  /** The element of a row that is in the page. */
  elementOf(index: number): HTMLElement | null {
    const block = this.#blocks[Math.floor(index / blockSize)];
    if (!block?.isFilled) return null;
    return block.element.querySelectorAll<HTMLElement>(':scope > .line')[index - block.first] ?? null;
  }

  /** The rows that are in the page, with their elements. */
  get drawn(): { index: number; element: HTMLElement }[] {
    return this.#blocks.flatMap(({ isFilled, element, first }) =>
      isFilled
        ? [...element.querySelectorAll<HTMLElement>(':scope > .line')].map((row, at) => ({
            index: first + at,
            element: row,
          }))
        : [],
    );
  }

  /** The first row that one sees whole. */
  get firstInView(): number {
    const top = this.#container.parentElement?.getBoundingClientRect().top ?? 0;
    const block = this.#blocks.find(({ element }) => element.getBoundingClientRect().bottom > top);
    if (!block) return 0;
    const lines = [...block.element.querySelectorAll<HTMLElement>(':scope > .line')];
    const at = lines.findIndex((line) => line.getBoundingClientRect().top >= top);
    return block.first + (at < 0 ? lines.length : at);
  }

  /** Which row a node of the page stands in; null: in none. */
  indexOf(node: Node): number | null {
    const row = (node instanceof Element ? node : node.parentElement)?.closest('.line');
    const block = row?.parentElement && this.#of.get(row.parentElement);
    if (!row || !block) return null;
    return block.first + [...block.element.querySelectorAll(':scope > .line')].indexOf(row);
  }

  #open(first: number): void {
    const element = document.createElement('div');
    element.className = 'block';
    const block: Block = { first, element, isFilled: false, isNear: false };
    element.style.setProperty(linesProperty, String(Math.min(blockSize, this.#count - first)));
    this.#blocks.push(block);
    this.#of.set(element, block);
    this.#container.append(element);
    this.#observer.observe(element);
  }

  #extend(block: Block, from: number): void {
    const end = Math.min(this.#count, block.first + blockSize);
    block.element.style.setProperty(linesProperty, String(end - block.first));
    if (block.isFilled) this.#draw(block, from, end);
  }

  #fill(block: Block): void {
    if (block.isFilled) return;
    block.isFilled = true;
    block.element.classList.add('filled');
    this.#draw(block, block.first, Math.min(this.#count, block.first + blockSize));
  }

  #draw(block: Block, from: number, end: number): void {
    const rows = this.#rows.slice(from, end);
    block.element.append(...rows.flatMap((row, at) => rowElements(row, from + at)));
    this.drawnRows += rows.length;
  }

  #empty(block: Block, sizePx?: number): void {
    if (!block.isFilled || this.#isHeld(block)) return;
    if (sizePx !== undefined) block.element.style.setProperty(sizeProperty, `${sizePx}px`);
    block.isFilled = false;
    block.element.classList.remove('filled');
    block.element.replaceChildren();
  }

  /** A selection would be lost with the lines that it stands in. */
  #isHeld({ element }: Block): boolean {
    const range = selectionIn(element);
    return range !== null && [range.startContainer, range.endContainer].some((node) => element.contains(node));
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    const tail = this.#blocks.at(-1);
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const block = this.#of.get(target);
      // What is cleared away may still be told of.
      if (!block || this.#blocks[block.first / blockSize] !== block) continue;
      block.isNear = isIntersecting;
      if (isIntersecting) this.#fill(block);
      else if (block !== tail) this.#empty(block, boundingClientRect.height);
    }
    this.#changed();
  }
}
