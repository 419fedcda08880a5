/** Waiting between attempts: longer each time, never in step with others. */

export interface BackoffOptions {
  /** The longest first wait. Default: 500. */
  firstMs?: number;
  /** The longest wait of all. Default: 10,000. */
  mostMs?: number;
  /** 0 to below 1; another one in tests. */
  random?: () => number;
}

/** Resolves after the time, or rejects at once with the signal's reason. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** Doubles from the first wait to the longest; each is drawn between its half and its whole. */
export class Backoff {
  readonly #firstMs: number;
  readonly #mostMs: number;
  readonly #random: () => number;
  #attempt = 0;

  constructor({ firstMs = 500, mostMs = 10_000, random = Math.random }: BackoffOptions = {}) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
    this.#random = random;
  }

  /** How long to wait before the next attempt. */
  nextMs(): number {
    const wholeMs = Math.min(this.#mostMs, this.#firstMs * 2 ** this.#attempt);
    // Past the longest wait counting on would only reach infinity.
    if (wholeMs < this.#mostMs) this.#attempt += 1;
    return wholeMs / 2 + (this.#random() * wholeMs) / 2;
  }

  /** Begins anew, after an attempt that worked. */
  reset(): void {
    this.#attempt = 0;
  }

  /** Waits before the next attempt, `mostMs` at the longest; rejects at once with the signal's reason. */
  wait(signal: AbortSignal, mostMs = Infinity): Promise<void> {
    return pause(Math.min(mostMs, this.nextMs()), signal);
  }
}
