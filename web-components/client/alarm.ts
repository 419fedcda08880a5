import type { Surroundings, TimerHandle } from './surroundings.js';

type Clock = Pick<Surroundings, 'setTimer' | 'clearTimer'>;

/** One timer that is set anew, or not at all. */
export class Alarm {
  readonly #clock: Clock;
  #handle: TimerHandle | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get waiting(): boolean {
    return this.#handle !== null;
  }

  set(delayMs: number, ring: () => void): void {
    this.clear();
    this.#handle = this.#clock.setTimer(() => {
      this.#handle = null;
      ring();
    }, delayMs);
  }

  clear(): void {
    if (this.#handle !== null) this.#clock.clearTimer(this.#handle);
    this.#handle = null;
  }
}
