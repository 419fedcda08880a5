/** Which of the waiting calls go into the next transaction together. */
import type { OperationRow } from '../row.js';
import type { Batches, Kind } from './statements.js';

/** One call of the store that waits for its transaction. */
export interface Waiting {
  kind: Kind;
  items: Batches[Kind][];
  resolve(rows: OperationRow[]): void;
  reject(error: unknown): void;
}

/** Bounds the time that a transaction takes, and with it how long a reader waits for the one connection of SQLite. */
const MOST_ROWS = 500;

/**
 * Takes calls in the order in which they came. An operation stands in a batch once, whatever the kind, so that its revisions are
 * answered one after the other: a second call for it waits, and so does any later one that shares an operation with that.
 */
export function batchOf(waiting: readonly Waiting[]): { batch: Waiting[]; rest: Waiting[] } {
  const taken = new Set<string>();
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  let rows = 0;
  for (const call of waiting) {
    const fits = batch.length === 0 || rows + call.items.length <= MOST_ROWS;
    const goes = fits && !call.items.some(({ id }) => taken.has(id));
    for (const { id } of call.items) taken.add(id);
    (goes ? batch : rest).push(call);
    if (goes) rows += call.items.length;
  }
  return { batch, rest };
}
