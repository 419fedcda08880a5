/** What GET /metrics says of operations: counted as this node stores an end, and asked of the store where only it knows. */
import type { Knex } from 'knex';
import type { Counters } from '../watching/counters.js';
import { ACTIVE } from './columns.js';
import type { Operation } from './contract.js';

/** An expired lease is settled within its own length and this; whatever is older is stuck. design.md §3 says that nothing ever is. */
const SETTLED_WITHIN_MS = 15_000;

interface Active {
  status: string;
  count: number | string;
  stuck: number | string;
}

/** Counts an operation that ended; others are left alone. */
export function countEnd(counters: Counters, operation: Operation): void {
  const { type, status, startedAt, completedAt, error } = operation;
  if (completedAt === null) return;
  counters.operationsEnded.inc({ type, status });
  counters.operationSeconds.observe({ type, status }, (Date.parse(completedAt) - Date.parse(startedAt)) / 1000);
  if (error) counters.operationFailures.inc({ type, code: error.code });
}

async function readActive(knex: Knex, settledBefore: string): Promise<Active[]> {
  return knex('active_operations')
    .whereRaw(ACTIVE)
    .groupBy('status')
    .select('status', knex.raw('count(*) AS count'))
    .select(knex.raw('sum(CASE WHEN lease_expires_at < ? THEN 1 ELSE 0 END) AS stuck', [settledBefore]));
}

/** Sets the gauges that only the store can answer; `clock` gives ms since the epoch. Rejects where it can't be asked. */
export async function measure(knex: Knex, counters: Counters, leaseMs: number, clock = Date.now): Promise<void> {
  const rows = await readActive(knex, new Date(clock() - leaseMs - SETTLED_WITHIN_MS).toISOString());
  for (const status of ['pending', 'in_progress']) {
    const row = rows.find((each) => each.status === status);
    counters.operationsActive.set({ status }, Number(row?.count ?? 0));
  }
  counters.operationsStuck.set(rows.reduce((sum, { stuck }) => sum + Number(stuck), 0));
}
