/** The lines of operations: written in batches by the holder only, read after a sequence number. */
import type { Knex } from 'knex';
import { dialectOf } from '../../db/dialect.js';
import type { LogChunk, LogLine } from './contract.js';
import type { Hold } from './store.js';

/** At most this many lines in one answer; a reader asks again after the last one. */
export const LOG_PAGE = 1000;

const COLUMNS = { seq: 'integer', at: 'text', stream: 'text', text: 'text' } as const;

/**
 * Stores the lines where the hold still holds; answers whether it did. Lines may come a second time: where the answer to the
 * first was lost, they are stored already.
 */
export async function appendLog(knex: Knex, hold: Hold, lines: LogLine[]): Promise<boolean> {
  const dialect = dialectOf(knex);
  const answer = (await knex.raw(
    `INSERT INTO operation_log (operation_id, seq, at, stream, text)
     SELECT active_operations.id, w.seq, w.at, w.stream, w.text
     FROM ${dialect.rowsFromJson('w', COLUMNS)} JOIN active_operations ON active_operations.id = ?
     WHERE active_operations.status = 'in_progress' AND active_operations.node_id = ? AND active_operations.attempt = ?
     ON CONFLICT (operation_id, seq) DO UPDATE SET text = excluded.text
     RETURNING seq`,
    [JSON.stringify(lines), hold.id, hold.nodeId, hold.attempt],
  )) as { seq: number }[] | { rows: { seq: number }[] };
  return (Array.isArray(answer) ? answer : answer.rows).length === lines.length;
}

export async function logAfter(knex: Knex, operationId: string, after: number): Promise<LogChunk> {
  const lines = await knex<LogLine & { operation_id: string }>('operation_log')
    .where({ operation_id: operationId })
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(LOG_PAGE)
    .select('seq', 'at', 'stream', 'text');
  return { seq: lines[0]?.seq ?? after + 1, lines };
}

export async function lastSeq(knex: Knex, operationId: string): Promise<number> {
  const row = await knex('operation_log').where({ operation_id: operationId }).max({ seq: 'seq' }).first();
  return Number(row?.['seq'] ?? 0);
}
