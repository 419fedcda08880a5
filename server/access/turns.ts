/** Work that has to take turns: at most so many at once, the others wait in order. */
import { problem } from '../problems/problems.js';

export interface TurnsOptions {
  /** How many may run at once. */
  atOnce: number;
  /** How many may wait; beyond that a caller is sent away with 503. */
  waiting?: number;
}

export class Turns {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor({ atOnce, waiting = Infinity }: TurnsOptions) {
    this.#atOnce = atOnce;
    this.#mostWaiting = waiting;
  }

  /** Runs the work when its turn has come, and answers as it does. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> {
    if (this.#running < this.#atOnce) {
      this.#running += 1;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#mostWaiting) throw problem('UNAVAILABLE', { headers: { 'Retry-After': '5' } });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    // The place goes from hand to hand, so nobody who comes meanwhile can slip in between.
    if (next) next();
    else this.#running -= 1;
  }
}
