import type { ReactiveController } from 'lit';
import { pageTicker, type Ticker } from './ticker.js';
import { Watching, type Host } from './watching.js';

/**
 * The time as the server has it, for countdowns. A host that reads `now` while it draws is drawn again at the next full
 * second; one that does not read it any more is left alone. The time stands still while what is shown is stale.
 */
export class ClockController implements ReactiveController {
  readonly #host: Host;
  readonly #ticker: Ticker;
  readonly #watching: Watching<null>;
  readonly #tick: () => void;
  #asked = false;
  #shown: number | null = null;

  constructor(host: Host, ticker: Ticker = pageTicker()) {
    this.#host = host;
    this.#ticker = ticker;
    this.#watching = new Watching<null>(host, null, () => null);
    this.#tick = () => this.#host.requestUpdate();
    host.addController(this);
  }

  /** Ms since the epoch. */
  get now(): number {
    this.#asked = true;
    if (this.#shown === null || !this.#stale) this.#shown = this.glance;
    return this.#shown;
  }

  /** The same for once: a host that reads it is not drawn again. */
  get glance(): number {
    const client = this.#watching.attached;
    return this.#ticker.now() + (client ? this.#ticker.of(client).offsetMs : 0);
  }

  hostUpdated(): void {
    if (this.#asked && !this.#stale) this.#ticker.add(this.#tick);
    else this.#ticker.remove(this.#tick);
    this.#asked = false;
  }

  hostDisconnected(): void {
    this.#ticker.remove(this.#tick);
  }

  hostConnected(): void {
    if (this.#shown !== null) this.#host.requestUpdate();
  }

  get #stale(): boolean {
    const { phase, lastKnownAt } = this.#watching.connectionState;
    return lastKnownAt !== null && phase !== 'live' && phase !== 'polling';
  }
}
