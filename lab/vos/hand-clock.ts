/** A clock that stands still until a test turns it, so that whole transcripts can be compared. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from './clock.js';

interface Alarm {
  at: number;
  work: () => void;
}

export class HandClock implements Clock {
  #now = 0;
  readonly #alarms = new Set<Alarm>();

  seconds(): number {
    return this.#now;
  }

  after(seconds: number, work: () => void): () => void {
    const alarm = { at: this.#now + seconds, work };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  stop(): void {
    this.#alarms.clear();
  }

  /** Turns the clock, alarm by alarm; what an alarm wakes gets its turn (and can set alarms) before the next one. */
  async turn(seconds: number): Promise<void> {
    const end = this.#now + seconds;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#alarms.delete(next);
      this.#now = next.at;
      next.work();
      await nextTurn();
    }
    this.#now = end;
  }

  #next(end: number): Alarm | undefined {
    // Sorting is stable: of two alarms at one time, the one that was set first rings first.
    return [...this.#alarms].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
  }
}
