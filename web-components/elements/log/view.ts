import type { LogLine } from '../../client/contract.js';
import { Blocks } from './blocks.js';
import { Finder } from './finder.js';
import { Follow } from './follow.js';
import { marksHere } from './marks.js';
import { Rows } from './rows.js';
import { selectedText } from './selected-text.js';

/** So many lines are read at once; a long log comes in a few pictures instead of one that is late. */
const linesAtOnce = 5_000;

/** The lines of a log, for a scrolled box around them: what is shown of them, where one stands, what is found. */
export class LogView {
  /** What the element puts into its box. */
  readonly lines = Object.assign(document.createElement('div'), { className: 'lines', dir: 'ltr' });
  readonly rows = new Rows();
  readonly finder: Finder;
  readonly follow: Follow;
  readonly blocks: Blocks;
  readonly #sizes = new ResizeObserver((entries) => this.#sized(entries));
  readonly #changed: () => void;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #isAnew = false;
  #widthPx = 0;

  /** `changed` is told of what the words around the box depend on. */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.follow = new Follow(this.lines, changed);
    this.blocks = new Blocks(this.lines, this.rows.all, () => this.finder.paint());
    this.finder = new Finder(this.rows.all, this.blocks, marksHere(), (isJump) => {
      if (isJump) this.#jump();
      changed();
    });
  }

  /** Watches the page until `close`. */
  open(): void {
    this.blocks.open();
    this.#sizes.observe(this.lines);
    this.finder.more();
  }

  close(): void {
    this.blocks.close();
    this.finder.stop();
    clearTimeout(this.#rest);
    this.#sizes.disconnect();
  }

  /** Reads what is new in the log; `draw` shows it. Where that is much, it tells when it is time for the rest. */
  take(lines: readonly LogLine[]): void {
    this.#isAnew = this.rows.take(lines, linesAtOnce) || this.#isAnew;
    clearTimeout(this.#rest);
    if (this.rows.all.length < lines.length) this.#rest = setTimeout(this.#changed);
  }

  draw(): void {
    if (this.#isAnew) {
      this.blocks.clear();
      this.finder.again();
    }
    this.#isAnew = false;
    if (!this.blocks.grow()) return;
    this.finder.more();
    this.follow.settle();
  }

  /** The selected text; null: none of this log. */
  get selected(): string | null {
    return selectedText(this.lines, this.blocks, this.rows.all);
  }

  /** Lines are broken elsewhere, or not at all, from now on. */
  rewrap(): void {
    this.blocks.forgetSizes();
    this.follow.settle();
  }

  /** Puts the current match into the middle of the box; the page around it stays where it is. */
  #jump(): void {
    this.follow.set(false);
    const place = this.finder.reveal();
    const box = this.lines.parentElement;
    if (!place || !box) return;
    const [match, view] = [place.getBoundingClientRect(), box.getBoundingClientRect()];
    const isInView = match.top >= view.top && match.bottom <= view.bottom;
    if (!isInView) box.scrollTop += match.top - view.top - (box.clientHeight - match.height) / 2;
    const isBeside = match.right > view.right || match.left < view.left;
    if (isBeside) box.scrollLeft += match.left - view.left - box.clientWidth / 2;
    this.follow.settle();
  }

  #sized(entries: readonly ResizeObserverEntry[]): void {
    const widthPx = entries.at(-1)?.contentRect.width ?? this.#widthPx;
    if (widthPx !== this.#widthPx) this.blocks.forgetSizes();
    this.#widthPx = widthPx;
    this.follow.settle();
  }
}
