/** An account that is locked after three wrong passwords (CLI guide 12.5: `Retry Count : 3 attempts`, `Unlock Time : 300 seconds`). */
import type { Clock } from './clock.js';

const RETRY_COUNT = 3;
const UNLOCK_SECONDS = 300;

export class Lockout {
  readonly #clock: Clock;
  #failures = 0;
  #lockedUntil = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In appliance seconds. */
  get locked(): boolean {
    return this.#clock.seconds() < this.#lockedUntil;
  }

  failed(): void {
    this.#failures++;
    if (this.#failures < RETRY_COUNT) return;
    this.#failures = 0;
    this.#lockedUntil = this.#clock.seconds() + UNLOCK_SECONDS;
  }

  passed(): void {
    this.#failures = 0;
  }

  reset(): void {
    this.#failures = 0;
    this.#lockedUntil = -Infinity;
  }
}
