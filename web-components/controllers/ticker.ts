import type { SignalboxClient, Snapshot } from '../client/contract.js';
import { ServerTime } from './server-time.js';

/** The page's one clock: it ticks each full second, only while somebody listens and the page is seen. */
export interface Ticks {
  now: () => number;
  setTimer: (callback: () => void, delayMs: number) => unknown;
  clearTimer: (handle: unknown) => void;
}

const CLOCK = Symbol.for('signalbox.clock.v2');
const SECOND_MS = 1_000;

const real: Ticks = {
  now: () => Date.now(),
  setTimer: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimer: (handle) => clearTimeout(handle as number),
};

export class Ticker {
  readonly #ticks: Ticks;
  readonly #listeners = new Set<() => void>();
  readonly #servers = new WeakMap<SignalboxClient, ServerTime>();
  #timer: unknown = null;

  constructor(ticks: Ticks = real) {
    this.#ticks = ticks;
    if (typeof document !== 'undefined') document.addEventListener('visibilitychange', () => this.#seen());
  }

  now(): number {
    return this.#ticks.now();
  }

  /** What is known of the clock of the client's server. */
  of(client: SignalboxClient): ServerTime {
    const known = this.#servers.get(client) ?? new ServerTime(() => this.now());
    this.#servers.set(client, known);
    return known;
  }

  /** A listener of operations from which the server's time is learnt on the way. */
  timed(client: SignalboxClient, listener: (snapshot: Snapshot) => void): (snapshot: Snapshot) => void {
    const see = this.of(client).watcher();
    return (snapshot) => {
      see(snapshot);
      listener(snapshot);
    };
  }

  add(listener: () => void): void {
    this.#listeners.add(listener);
    this.#arm();
  }

  remove(listener: () => void): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.#disarm();
  }

  #seen(): void {
    if (document.hidden) this.#disarm();
    else if (this.#listeners.size > 0) this.#tick();
  }

  #arm(): void {
    if (this.#timer !== null || document.hidden) return;
    const delayMs = SECOND_MS - (this.#ticks.now() % SECOND_MS);
    this.#timer = this.#ticks.setTimer(() => this.#tick(), delayMs);
  }

  #disarm(): void {
    if (this.#timer !== null) this.#ticks.clearTimer(this.#timer);
    this.#timer = null;
  }

  #tick(): void {
    this.#disarm();
    for (const listener of [...this.#listeners]) listener();
    if (this.#listeners.size > 0) this.#arm();
  }
}

/** It sits on globalThis, so that two bundles on one page tick together. */
export function pageTicker(): Ticker {
  const page = globalThis as { [CLOCK]?: Ticker };
  page[CLOCK] ??= new Ticker();
  return page[CLOCK];
}
