/** How long to wait before the next try. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Exponential with full jitter: each wait is drawn evenly from 0 up to a bound that doubles to 30 s. Many pages that
 * lost the same server so come back spread over the whole bound, not in waves.
 */
export class Backoff {
  readonly #random: () => number;
  #attempts = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Tries since the last reset. */
  get attempts(): number {
    return this.#attempts;
  }

  nextMs(): number {
    const boundMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    return this.#random() * boundMs;
  }

  reset(): void {
    this.#attempts = 0;
  }
}
