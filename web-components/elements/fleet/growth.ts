import type { ReactiveController } from 'lit';
import type { Host } from '../../controllers/index.js';

/** What a screen shows: the first picture comes at once. */
const first = 24;
/** About 30 ms of work on a slow machine. */
const more = 64;

/** How much of a long list is drawn: so many more in each picture, so that the page answers while thousands come. */
export class Growth implements ReactiveController {
  readonly #host: Host;
  #drawn = 0;
  #frame = 0;
  /** What the picture that is being made takes, and leaves. */
  #taken = { drawn: 0, left: 0 };

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#taken = { drawn: 0, left: 0 };
  }

  /** The part of the list to draw now: as much as was drawn before and some more; how many it leaves to later pictures. */
  part<Item>(items: readonly Item[]): { part: readonly Item[]; left: number } {
    const part = items.slice(0, this.#drawn === 0 ? first : this.#drawn + more);
    const left = items.length - part.length;
    this.#taken = { drawn: part.length, left };
    return { part, left };
  }

  hostUpdated(): void {
    const { drawn, left } = this.#taken;
    this.#drawn = drawn;
    cancelAnimationFrame(this.#frame);
    if (left > 0) this.#frame = requestAnimationFrame(() => this.#host.requestUpdate());
  }

  hostDisconnected(): void {
    cancelAnimationFrame(this.#frame);
  }
}
