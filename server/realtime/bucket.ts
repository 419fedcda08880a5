/** A token bucket: so many a second, so many at once. */

export class Bucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #level: number;
  #filledAt: number;

  constructor(perSecond: number, burst: number, elapsedMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#level = burst;
    this.#filledAt = elapsedMs;
  }

  /** False when it is empty. */
  take(elapsedMs: number): boolean {
    const gained = ((elapsedMs - this.#filledAt) / 1000) * this.#perSecond;
    this.#level = Math.min(this.#burst, this.#level + gained);
    this.#filledAt = elapsedMs;
    if (this.#level < 1) return false;
    this.#level -= 1;
    return true;
  }
}
