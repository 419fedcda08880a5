/** How near to its end a log counts as being there: less than half a line. */
const atEndPx = 8;

const upKeys = ['ArrowUp', 'PageUp', 'Home'];

/** Keeps the box around the lines at its end until somebody reads further up; told of what happens by its element. */
export class Follow {
  /** Whether the end is followed. */
  isOn = true;
  readonly #lines: HTMLElement;
  readonly #changed: () => void;
  #top = 0;
  #height = 0;

  constructor(lines: HTMLElement, changed: () => void) {
    this.#lines = lines;
    this.#changed = changed;
  }

  set(isOn: boolean): void {
    const isNews = isOn !== this.isOn;
    this.isOn = isOn;
    this.#remember();
    this.settle();
    if (isNews) this.#changed();
  }

  /** The lines, or the room for them, have changed. */
  settle(): void {
    // Somebody may have moved the box just now: the event of it comes later.
    this.scrolled();
    const box = this.#box;
    if (box && this.isOn) box.scrollTop = box.scrollHeight;
    this.#remember();
  }

  /** Up without a change of height is somebody who reads; the browser's own corrections come with one. */
  readonly scrolled = (): void => {
    const box = this.#box;
    if (!box) return;
    const wentUp = box.scrollTop < this.#top && box.scrollHeight === this.#height;
    const wentDown = box.scrollTop > this.#top;
    this.#remember();
    if (wentUp && this.isOn && !this.#isAtEnd) this.set(false);
    else if (wentDown && !this.isOn && this.#isAtEnd) this.set(true);
  };

  /** Said before the box scrolls, so that new lines don't pull back who is about to read. */
  readonly wheeled = ({ deltaY }: WheelEvent): void => {
    if (deltaY < 0 && this.#isLong) this.set(false);
  };

  readonly keyed = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey) return;
    if (event.key === 'End') this.set(true);
    else if (this.#isLong && (upKeys.includes(event.key) || (event.key === ' ' && event.shiftKey))) this.set(false);
  };

  /** Not before its element is drawn. */
  get #box(): HTMLElement | null {
    return this.#lines.parentElement;
  }

  get #isLong(): boolean {
    const box = this.#box;
    return box !== null && box.scrollHeight > box.clientHeight;
  }

  get #isAtEnd(): boolean {
    const box = this.#box;
    return box !== null && box.scrollHeight - box.scrollTop - box.clientHeight < atEndPx;
  }

  #remember(): void {
    const box = this.#box;
    this.#top = box?.scrollTop ?? 0;
    this.#height = box?.scrollHeight ?? 0;
  }
}
