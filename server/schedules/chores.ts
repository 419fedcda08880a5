/** What every node does again and again beside the schedules, at its own pace and without a record. */
import type { ScheduleLog } from './contract.js';

export interface Chore {
  /** In the log, as in "the chore … failed". */
  name: string;
  /** At most so often; it runs at the first wake after that, so not more exactly than to the minute. */
  everyMs: number;
  run(signal: AbortSignal): Promise<unknown>;
}

/** Runs each chore when its time has come, one after the other; one that fails is tried again at its next time. */
export class Chores {
  readonly #chores: readonly Chore[];
  readonly #log: ScheduleLog;
  readonly #ranAt = new Map<Chore, number>();
  #round: Promise<void> | null = null;

  constructor(chores: readonly Chore[], log: ScheduleLog) {
    this.#chores = chores;
    this.#log = log;
  }

  /** Joins the round that is going on. */
  round(now: number, signal: AbortSignal): Promise<void> {
    this.#round ??= this.#all(now, signal).finally(() => {
      this.#round = null;
    });
    return this.#round;
  }

  async #all(now: number, signal: AbortSignal): Promise<void> {
    for (const chore of this.#chores) {
      if (signal.aborted) return;
      if (!this.#isDue(chore, now)) continue;
      this.#ranAt.set(chore, now);
      await this.#one(chore, signal);
    }
  }

  /** Also where the clock was set back. */
  #isDue(chore: Chore, now: number): boolean {
    const ranAt = this.#ranAt.get(chore);
    return ranAt === undefined || now < ranAt || now - ranAt >= chore.everyMs;
  }

  async #one(chore: Chore, signal: AbortSignal): Promise<void> {
    try {
      await chore.run(signal);
    } catch (error) {
      if (!signal.aborted) this.#log.error({ err: error, chore: chore.name }, 'a chore failed');
    }
  }
}
