import type { CSSResult, ReactiveElement } from 'lit';
import { pageTicker } from '../controllers/ticker.js';

/** A module with what it is drawn with. */
interface Part {
  styles: readonly CSSResult[];
}

/** How long a host waits with what it has drawn. */
const PATIENCE_MS = 2_000;
/** How soon a drawing asks again for what could not be loaded. */
const REST_MS = 10_000;

/** What was loaded, by what loads it. */
const known = new WeakMap<() => Promise<unknown>, Part>();

/**
 * A part of an element that its first picture can do without: loaded when its host first wants it, which is best before it needs
 * it, as that may be when the network has gone; and tried again where it could not be loaded.
 */
export class LaterPart<P extends Part> {
  /** It was asked for and may come at any moment. Else the host draws what it can without it. */
  isAwaited = false;
  readonly #host: ReactiveElement;
  readonly #load: () => Promise<P>;
  /** Settled when the part is there, or is known not to come for now; null: nobody has asked for it. */
  #coming: Promise<void> | null = null;
  #part: P | null = null;
  #failedAt = Infinity;

  /** `load` is the same function in every host, so that what was loaded for one is there for all. */
  constructor(host: ReactiveElement, load: () => Promise<P>) {
    this.#host = host;
    this.#load = load;
  }

  /** The part; null while it is on its way, and where it is missing. The host is drawn again when that changes. */
  want(): P | null {
    if (this.#part) return this.#part;
    const there = known.get(this.#load);
    const isRested = pageTicker().now() - this.#failedAt >= REST_MS;
    if (there) this.#take(there as P);
    else if (!this.#coming || isRested) this.#coming = this.#bring();
    return this.#part;
  }

  /** The same for a person who waits for it: null only where it could not be loaded now. */
  async wait(): Promise<P | null> {
    if (this.#failedAt < Infinity) this.#failedAt = 0;
    this.want();
    await this.#coming;
    this.#host.requestUpdate();
    return this.#part;
  }

  /** What a host's `updateComplete` is, so that who waits for it finds everything drawn. */
  async complete(update: () => Promise<boolean>): Promise<boolean> {
    const isComplete = await update();
    if (this.#part || !this.#coming) return isComplete;
    await this.#coming;
    return update();
  }

  async #bring(): Promise<void> {
    this.#failedAt = Infinity;
    this.isAwaited = true;
    const isLate = setTimeout(() => this.#goOn(), PATIENCE_MS);
    try {
      const part = await this.#load();
      known.set(this.#load, part);
      if (!this.#part) this.#take(part);
    } catch (error) {
      this.#failedAt = pageTicker().now();
      console.warn(`A part of <${this.#host.localName}> could not be loaded.`, error);
    }
    clearTimeout(isLate);
    this.#goOn();
  }

  #goOn(): void {
    this.isAwaited = false;
    this.#host.requestUpdate();
  }

  #take(part: P): void {
    const root = this.#host.shadowRoot;
    const sheets = part.styles.flatMap(({ styleSheet }) => styleSheet ?? []);
    if (root) root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheets];
    this.#part = part;
  }
}
