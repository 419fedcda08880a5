/** The audit trail: one row for everything that changes something, and for what was refused. */
import type { Knex } from 'knex';
import type { Dialect } from '../../db/dialect.js';
import type { Audit, AuditEntry, TrailRow } from './contract.js';
import type { AuditRecord } from './record.js';
import { fromRow, toRow, type AuditRow } from './row.js';

/** Writes to the database's audit_log; `clock` gives ms since the epoch. */
export function makeAudit(knex: Knex, clock: () => number = Date.now): Audit {
  const row = (entry: AuditEntry) => toRow(entry, clock());
  return {
    row,
    async write(entry) {
      const made = row(entry);
      try {
        await knex('audit_log').insert(made);
      } catch (error) {
        // What the row speaks of has happened already, so the answer must not deny it: the log keeps the row instead.
        if (!entry.request) throw error;
        entry.request.log(['error', 'audit'], { err: error, audit: made });
      }
    },
  };
}

const TRAIL_COLUMNS = {
  at: 'text',
  actor: 'text',
  address: 'text',
  action: 'text',
  target: 'text',
  outcome: 'text',
  operation_id: 'text',
  detail: 'text',
} as const satisfies Record<keyof TrailRow, 'text'>;

/** Stores rows by one statement, in the caller's transaction: they stand where what they speak of stands, and nowhere else. */
export async function storeTrail(trx: Knex, dialect: Dialect, rows: readonly TrailRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(TRAIL_COLUMNS).join(', ');
  await trx.raw(
    `INSERT INTO audit_log (${columns}) SELECT ${columns} FROM ${dialect.rowsFromJson('entry', TRAIL_COLUMNS)}`,
    [JSON.stringify(rows)],
  );
}

export interface AuditQuery {
  limit: number;
  /** The id that the page before ended with. */
  before?: number;
  actor?: string;
  action?: string;
}

/** One page, newest first; `next` begins the following one, null where there is none. */
export async function readAudit(
  knex: Knex,
  { limit, before, actor, action }: AuditQuery,
): Promise<{ entries: AuditRecord[]; next: string | null }> {
  const query = knex<AuditRow>('audit_log')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (before !== undefined) query.where('id', '<', before);
  if (actor !== undefined) query.where('actor', actor);
  if (action !== undefined) query.where('action', action);
  const rows = (await query) as AuditRow[];
  const entries = rows.slice(0, limit).map(fromRow);
  const last = rows.length > limit ? entries.at(-1) : undefined;
  return { entries, next: last ? String(last.id) : null };
}
