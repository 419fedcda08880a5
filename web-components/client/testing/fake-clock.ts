interface Timer {
  at: number;
  order: number;
  callback: () => void;
}

/** Enough turns for every promise chain of the client between two timers. */
const TURNS = 20;

/** Lets everything that waits for promises alone go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
}

/** Time that goes on only when the test says so. */
export class FakeClock {
  time = Date.UTC(2026, 0, 1);
  readonly #timers = new Map<number, Timer>();
  #order = 0;

  readonly now = (): number => this.time;

  readonly setTimer = (callback: () => void, delayMs: number): number => {
    const order = ++this.#order;
    this.#timers.set(order, { at: this.time + Math.max(0, delayMs), order, callback });
    return order;
  };

  readonly clearTimer = (handle: unknown): void => {
    this.#timers.delete(handle as number);
  };

  readonly after = (delayMs: number, callback: () => void): (() => void) => {
    const handle = this.setTimer(callback, delayMs);
    return () => this.clearTimer(handle);
  };

  get waiting(): number {
    return this.#timers.size;
  }

  /** Runs every timer that is due within `ms`, each in its own moment. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next.order);
      this.time = Math.max(this.time, next.at);
      next.callback();
      await settle();
    }
    this.time = end;
  }

  #next(end: number): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.#timers.values()) {
      if (timer.at > end) continue;
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }
}
