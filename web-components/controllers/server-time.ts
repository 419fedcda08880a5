import type { Operation, Snapshot } from '../client/contract.js';

/** A clock that differs by less counts as right: that much is the network's delay, and nobody sees it in a countdown. */
const TOLERANCE_MS = 1_500;
/** How many changes back the best one is looked for: delays differ, and somebody may set this machine's clock. */
const REMEMBERED = 8;

type See = (snapshot: Snapshot) => void;

/**
 * How far the server's clock is ahead of this machine's, learnt from the times that the server writes into what it sends:
 * a change that arrives was made a moment ago at most, so the least delayed of the last ones tells the difference.
 */
export class ServerTime {
  /** Ms to add to this machine's time; negative where its clock is fast. */
  offsetMs = 0;
  readonly #now: () => number;
  #heard: number[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes the snapshots of one watch in their order. What comes into sight may be old: only what changes there is heard. */
  watcher(): See {
    let seen: Map<string, number> | null = null;
    return ({ operations, known }) => {
      if (!known) return;
      const before = seen;
      seen = new Map(operations.map(({ id, revision }) => [id, revision]));
      const changed = operations.filter(({ id, revision }) => revision > (before?.get(id) ?? Infinity));
      this.#hear(changed, operations);
    };
  }

  #hear(changed: readonly Operation[], all: readonly Operation[]): void {
    const now = this.#now();
    const ahead = ({ updatedAt }: Operation): number => Date.parse(updatedAt) - now;
    // Old or not: what was written in our future proves that our clock is slow.
    const heard = [...changed.map(ahead), ...all.map(ahead).filter((ms) => ms > 0)];
    if (heard.length === 0) return;
    this.#heard = [...this.#heard, Math.max(...heard)].slice(-REMEMBERED);
    const best = Math.max(...this.#heard);
    // One alone may only have been late: what happened while the page was cut off.
    if (best < 0 && this.#heard.length < 2) return;
    if (Math.abs(best - this.offsetMs) > TOLERANCE_MS) this.offsetMs = best;
  }
}
