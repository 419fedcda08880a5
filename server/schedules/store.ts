/** Every statement on `schedules` and `schedule_runs`. Each write is one transaction that writes first. */
import type { Knex } from 'knex';
import type { RunAnswer, Schedule, ScheduleTimes } from './contract.js';
import { nextDue } from './next-due.js';
import { fromRow, iso, type RunRow, type ScheduleRow } from './row.js';
import { turnOf, type Turn } from './turn.js';

/** A run that has not said how it ended for so long never will: no kind may take longer. */
export const SILENT_AFTER_MS = 10 * 60 * 1000;

/** What a kind asks for itself never comes at once, or it could ask for ever. */
const LEAST_APART_MS = 1_000;

const SILENT = 'Its server did not say how this ended; the next due time covers it.';
const OVERLAPPED = 'The run before it had not ended yet.';

/** A run that this node has claimed, with the schedule as it stood then. */
export interface ClaimedRun {
  schedule: Schedule;
  dueAt: string;
  scheduled: boolean;
}

/** `now` is the caller's clock in epoch ms everywhere. */
export class ScheduleStore {
  readonly #knex: Knex;
  readonly #nodeId: string;

  constructor(knex: Knex, nodeId: string) {
    this.#knex = knex;
    this.#nodeId = nodeId;
  }

  /** Makes the schedule, or gives it other times; times that are the same leave its next due time alone. */
  async put(kind: string, connectionId: number, { cron, timeZone }: ScheduleTimes, now: number): Promise<void> {
    const times = { cron, time_zone: timeZone };
    // What stays as it is costs no calculation and no write.
    if (
      await this.#knex('schedules')
        .where({ kind, connection_id: connectionId, ...times })
        .first('id')
    )
      return;
    const at = iso(now);
    const changes = { ...times, next_due_at: iso(nextDue({ cron, timeZone }, now)), updated_at: at };
    await this.#knex('schedules')
      .insert({ kind, connection_id: connectionId, created_at: at, ...changes })
      .onConflict(['kind', 'connection_id'])
      .merge(Object.keys(changes))
      .whereRaw('schedules.cron <> excluded.cron OR schedules.time_zone <> excluded.time_zone');
  }

  /** Its runs go with it. */
  async remove(kind: string, connectionId: number): Promise<void> {
    await this.#knex('schedules').where({ kind, connection_id: connectionId }).delete();
  }

  /** What is due, the longest overdue first. */
  async due(now: number, kinds: string[], limit: number): Promise<Schedule[]> {
    const rows = await this.#knex<ScheduleRow>('schedules')
      .whereIn('kind', kinds)
      .where('next_due_at', '<=', iso(now))
      .orderBy('next_due_at')
      .orderBy('id')
      .limit(limit);
    return rows.map(fromRow);
  }

  /**
   * Takes a run for this node. Null where another node has it, where it was run before (the clock was set back), or where
   * the run before it is still going on, which is recorded as skipped. Either way the schedule moves on.
   */
  async claim(schedule: Schedule, turn: Turn, now: number): Promise<ClaimedRun | null> {
    return this.#knex.transaction(async (trx) => {
      const moved = await this.#moveOn(trx, schedule, turn, now);
      const dueAt = iso(turn.dueAt);
      if (!moved || !(await this.#insertRun(trx, schedule.id, dueAt, now))) return null;
      if (!(await this.#overlaps(trx, schedule.id, dueAt))) {
        return { schedule: moved, dueAt, scheduled: turn.scheduled };
      }
      await endRun(trx, schedule.id, dueAt, { outcome: 'skipped', detail: OVERLAPPED });
      return null;
    });
  }

  /** Stores how a run ended and what its kind wants to remember. False where it had been given up meanwhile. */
  async finish({ schedule, dueAt }: ClaimedRun, answer: RunAnswer, now: number): Promise<boolean> {
    return this.#knex.transaction(async (trx) => {
      if ((await endRun(trx, schedule.id, dueAt, answer)) === 0) return false;
      const { state, againAt } = answer;
      if (state)
        await trx<ScheduleRow>('schedules')
          .where({ id: schedule.id })
          .update({ state: JSON.stringify(state) });
      if (againAt) await bringForward(trx, schedule.id, laterOf(againAt, iso(now + LEAST_APART_MS)), now);
      return true;
    });
  }

  /** Gives up the runs whose node has gone; also those of a time that is yet to come, as the clock was set back since. */
  async giveUpSilent(now: number): Promise<number> {
    return this.#knex<RunRow>('schedule_runs')
      .whereNull('outcome')
      .whereNotBetween('claimed_at', [iso(now - SILENT_AFTER_MS), iso(now + SILENT_AFTER_MS)])
      .update({ outcome: 'failed', detail: SILENT });
  }

  /** Schedules that were last written at a time that has not come yet: the clock was set back. */
  async ahead(now: number, kinds: string[]): Promise<Schedule[]> {
    const rows = await this.#knex<ScheduleRow>('schedules').whereIn('kind', kinds).where('updated_at', '>', iso(now));
    return rows.map(fromRow);
  }

  /** Counts from `now` again. What was run before stays claimed, so nothing runs twice. */
  async rewind(schedule: Schedule, now: number): Promise<void> {
    const next = iso(turnOf(schedule, now, 0).nextDueAt);
    const next_due_at = next < schedule.nextDueAt ? next : schedule.nextDueAt;
    await this.#knex<ScheduleRow>('schedules')
      .where({ id: schedule.id, next_due_at: schedule.nextDueAt })
      .update({ next_due_at, updated_at: iso(now) });
  }

  /** Forgets runs that were due before. */
  async prune(before: number): Promise<number> {
    return this.#knex<RunRow>('schedule_runs').where('due_at', '<', iso(before)).delete();
  }

  /** First the guard, so that of several nodes one goes on and SQLite's lock is taken by a write. */
  async #moveOn(trx: Knex, schedule: Schedule, turn: Turn, now: number): Promise<Schedule | null> {
    const [row] = await trx<ScheduleRow>('schedules')
      .where({ id: schedule.id, next_due_at: schedule.nextDueAt })
      .update({ next_due_at: iso(turn.nextDueAt), updated_at: iso(now) })
      .returning('*');
    return row ? fromRow(row) : null;
  }

  async #insertRun(trx: Knex, scheduleId: number, dueAt: string, now: number): Promise<boolean> {
    const inserted = await trx<RunRow>('schedule_runs')
      .insert({ schedule_id: scheduleId, due_at: dueAt, claimed_at: iso(now), node_id: this.#nodeId })
      .onConflict(['schedule_id', 'due_at'])
      .ignore()
      .returning('schedule_id');
    return inserted.length > 0;
  }

  async #overlaps(trx: Knex, scheduleId: number, dueAt: string): Promise<boolean> {
    const open = await trx<RunRow>('schedule_runs')
      .where({ schedule_id: scheduleId })
      .whereNull('outcome')
      .whereNot({ due_at: dueAt })
      .first('due_at');
    return open !== undefined;
  }
}

/** The one schedule of a kind that a connection can have. */
export async function findSchedule(knex: Knex, kind: string, connectionId: number): Promise<Schedule | null> {
  const row = await knex<ScheduleRow>('schedules').where({ kind, connection_id: connectionId }).first();
  return row ? fromRow(row) : null;
}

/** All schedules of a kind, by connection. */
export async function schedulesOf(knex: Knex, kind: string): Promise<Map<number, Schedule>> {
  const rows = await knex<ScheduleRow>('schedules').where({ kind });
  return new Map(rows.map((row) => [row.connection_id, fromRow(row)]));
}

const laterOf = (a: string, b: string): string => (a > b ? a : b);

async function bringForward(trx: Knex, id: number, dueAt: string, now: number): Promise<void> {
  await trx<ScheduleRow>('schedules')
    .where({ id })
    .where('next_due_at', '>', dueAt)
    .update({ next_due_at: dueAt, updated_at: iso(now) });
}

function endRun(trx: Knex, scheduleId: number, dueAt: string, answer: RunAnswer): Promise<number> {
  const { outcome, detail = null, operationId = null } = answer;
  return trx<RunRow>('schedule_runs')
    .where({ schedule_id: scheduleId, due_at: dueAt })
    .whereNull('outcome')
    .update({ outcome, detail, operation_id: operationId })
    .then(Number);
}
