/**
 * What a restored store is told before anybody serves it: it is another one than before, what was under way has an unknown
 * outcome and is never run again, and nothing that came due meanwhile comes all at once.
 */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { dialectOf } from '../../db/dialect.js';
import { toRow } from '../audit/row.js';
import { ACTIVE } from '../operations/columns.js';
import { nextDue } from '../schedules/next-due.js';
import { iso, type RunRow, type ScheduleRow } from '../schedules/row.js';
import { keepingCodes } from './errors.js';
import { carryOver, type SignedOut } from './signed-out.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Of the backup, in `store_meta`: when it was made. */
export const BACKED_UP_AT = 'backed_up_at';

export interface Restoration {
  /** ISO; what the backup holds is the truth of then. */
  backedUpAt: string;
  /** What the database that is replaced knows of tokens; null where there is none that can be read. */
  signedOut: SignedOut | null;
  /** Epoch ms. */
  now: number;
}

export interface Settled {
  /** How many operations were under way in the backup. */
  parked: number;
  /** How many schedules had come due since. */
  moved: number;
}

async function park(db: Knex, backedUpAt: string): Promise<number> {
  const { hint, retryable } = keepingCodes.OP_RESTORED;
  const message = `A backup from ${backedUpAt} was restored; whether this was done since is not known.`;
  const now = db.raw(dialectOf(db).now());
  return db('active_operations')
    .whereRaw(ACTIVE)
    .update({
      status: 'failed',
      error: JSON.stringify({ code: 'OP_RESTORED', message, hint, retryable }),
      completed_at: now,
      updated_at: now,
      lease_expires_at: null,
      revision: db.raw('revision + 1'),
    });
}

/** What can't be read here is asked about a day later, as the schedules themselves do. */
function nextOf({ cron, time_zone: timeZone }: ScheduleRow, now: number): number {
  try {
    return nextDue({ cron, timeZone }, now);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return now + DAY_MS;
  }
}

/** To each schedule's next own moment; one that is to come anyway is left alone. */
async function moveOverdue(db: Knex, now: number): Promise<number> {
  const overdue = await db<ScheduleRow>('schedules').where('next_due_at', '<=', iso(now));
  for (const row of overdue)
    await db<ScheduleRow>('schedules')
      .where({ id: row.id })
      .update({ next_due_at: iso(nextOf(row, now)), updated_at: iso(now) });
  return overdue.length;
}

async function endRuns(db: Knex, backedUpAt: string): Promise<void> {
  const detail = `A backup from ${backedUpAt} was restored; the next due time covers this.`;
  await db<RunRow>('schedule_runs').whereNull('outcome').update({ outcome: 'failed', detail });
}

async function beginEpoch(db: Knex): Promise<void> {
  await db('store_meta').insert({ key: 'epoch', value: randomUUID() }).onConflict('key').merge();
  await db('store_meta').where({ key: BACKED_UP_AT }).delete();
}

/** On the newest schema and inside one transaction. Idempotency keys and revoked tokens stay as they are. */
export async function settle(db: Knex, { backedUpAt, signedOut, now }: Restoration): Promise<Settled> {
  const parked = await park(db, backedUpAt);
  const moved = await moveOverdue(db, now);
  await endRuns(db, backedUpAt);
  if (signedOut) await carryOver(db, signedOut);
  await beginEpoch(db);
  const detail = { backedUpAt, parked, moved };
  await db('audit_log').insert(toRow({ actor: 'system', action: 'store.restore', outcome: 'ok', detail }, now));
  return { parked, moved };
}
