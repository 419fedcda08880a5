import type { FakeClock } from './fake-clock.js';

/** The page's own time: its timers wait while it sleeps, and somebody may set its clock. */
export class FakePage {
  /** How far its clock is ahead. */
  skewMs = 0;
  readonly #clock: FakeClock;
  readonly #late = new Set<() => void>();
  #isAsleep = false;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  readonly now = (): number => this.#clock.now() + this.skewMs;

  readonly after = (delayMs: number, callback: () => void): (() => void) => {
    const run = (): void => callback();
    const callOff = this.#clock.after(delayMs, () => void (this.#isAsleep ? this.#late.add(run) : run()));
    return () => {
      callOff();
      this.#late.delete(run);
    };
  };

  sleep(): void {
    this.#isAsleep = true;
  }

  wake(): void {
    this.#isAsleep = false;
    for (const run of [...this.#late]) if (this.#late.delete(run)) run();
  }
}
