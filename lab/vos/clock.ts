/** The appliance's own time, which can run faster than ours: five minutes in three seconds. */

export interface Clock {
  /** Appliance seconds since the clock was made. */
  seconds(): number;
  /** Does the work after so many appliance seconds; the returned function takes it back. */
  after(seconds: number, work: () => void): () => void;
  /** Nothing that still waits is done any more. */
  stop(): void;
}

/** A clock that runs `factor` times as fast as real time. */
export class ScaledClock implements Clock {
  readonly #factor: number;
  readonly #madeAt = performance.now();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(factor: number) {
    this.#factor = factor;
  }

  seconds(): number {
    return ((performance.now() - this.#madeAt) * this.#factor) / 1000;
  }

  after(seconds: number, work: () => void): () => void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        work();
      },
      (seconds * 1000) / this.#factor,
    );
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
