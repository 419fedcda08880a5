/** A clock that stands still until it is turned. */
import type { Clock } from '../contract.js';

const START = Date.UTC(2026, 0, 1);

interface Timer {
  intervalMs: number;
  dueMs: number;
  task: () => void;
}

export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  #elapsedMs = 0;

  now(): number {
    return START + this.#elapsedMs;
  }

  elapsed(): number {
    return this.#elapsedMs;
  }

  get timers(): number {
    return this.#timers.size;
  }

  every(intervalMs: number, task: () => void): () => void {
    const timer = { intervalMs, dueMs: this.#elapsedMs + intervalMs, task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass, each timer at its moment. */
  advance(ms: number): void {
    const endMs = this.#elapsedMs + ms;
    for (let timer = this.#next(endMs); timer; timer = this.#next(endMs)) {
      this.#elapsedMs = timer.dueMs;
      timer.dueMs += timer.intervalMs;
      timer.task();
    }
    this.#elapsedMs = endMs;
  }

  /** Time passes in one leap, as for a process that was stopped: each timer that is due runs once, late. */
  leap(ms: number): void {
    this.#elapsedMs += ms;
    for (const timer of this.#timers) {
      if (timer.dueMs > this.#elapsedMs) continue;
      timer.dueMs = this.#elapsedMs + timer.intervalMs;
      timer.task();
    }
  }

  #next(endMs: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.dueMs <= endMs);
    return due.sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}
