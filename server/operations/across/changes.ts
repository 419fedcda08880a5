/**
 * What changed since the last look, exactly. A look remembers the database's snapshot, and the next one takes the rows whose
 * last change was made by a transaction that this snapshot did not see: one that committed late is in it, whatever its number.
 * PostgreSQL's "System Information Functions" (pg_current_snapshot, pg_visible_in_snapshot) say what is relied on.
 */
import type { Knex } from 'knex';
import type { LogLine } from '../contract.js';
import type { LogName } from '../publications.js';
import type { OperationRow } from '../row.js';

/** How many rows are read at once: they carry checkpoints and results. */
const ROWS_AT_ONCE = 200;
const LINES_AT_ONCE = 1_000;
/** Of a log whose position is unknown the last lines are taken; a reader that misses more sees the hole and fills it. */
const LAST_LINES = 200;

export interface Change {
  id: string;
  revision: number;
}

export interface Changes {
  snapshot: string;
  changed: Change[];
}

/** A connection that was cut without a word answers never. */
const PATIENCE_MS = 5_000;

interface Answer<T> {
  rows: T[];
}

async function ask<T>(knex: Knex, sql: string, bindings: string[] = []): Promise<T[]> {
  return ((await knex.raw(sql, bindings).timeout(PATIENCE_MS)) as Answer<T>).rows;
}

/** Where changes are looked for from now on. */
export async function baseline(knex: Knex): Promise<string> {
  await moveIntoThePast(knex);
  const [now] = await ask<{ snapshot: string }>(knex, 'SELECT pg_current_snapshot()::text AS snapshot');
  return (now as { snapshot: string }).snapshot;
}

/** A dump that was read into another cluster brings numbers which that one has yet to reach: no snapshot would ever see them. */
async function moveIntoThePast(knex: Knex): Promise<void> {
  await knex.raw(
    'UPDATE active_operations SET changed_in = pg_current_xact_id() WHERE changed_in >= pg_snapshot_xmax(pg_current_snapshot())',
  );
}

export async function changesSince(knex: Knex, snapshot: string): Promise<Changes> {
  const rows = await ask<{ snapshot: string; id: string | null; revision: number }>(
    knex,
    `SELECT pg_current_snapshot()::text AS snapshot, changed.id, changed.revision
     FROM (VALUES (?::pg_snapshot)) AS last (seen)
     LEFT JOIN active_operations AS changed ON changed.changed_in >= pg_snapshot_xmin(last.seen)
       AND NOT pg_visible_in_snapshot(changed.changed_in, last.seen)`,
    [snapshot],
  );
  const changed = rows.flatMap(({ id, revision }) => (id === null ? [] : [{ id, revision }]));
  return { snapshot: rows[0]?.snapshot ?? snapshot, changed };
}

/** The rows as they are now, oldest first. */
export async function* rowsOf(knex: Knex, ids: string[]): AsyncIterable<OperationRow[]> {
  const open = [...ids].sort();
  while (open.length > 0)
    yield await knex<OperationRow>('active_operations')
      .whereIn('id', open.splice(0, ROWS_AT_ONCE))
      .orderBy('id')
      .timeout(PATIENCE_MS);
}

/** Null: the position is unknown. */
export interface LogPosition extends LogName {
  after: number | null;
}

type LineRow = LogLine & { operation_id: string; connection_id: number };

/**
 * The next lines of each log, in order; fewer than there are where there are many. A log whose name is wrong has none: names
 * come from readers, and only the connection was checked.
 */
async function nextLines(knex: Knex, positions: LogPosition[]): Promise<LineRow[]> {
  return ask<LineRow>(
    knex,
    `SELECT line.operation_id, line.seq, line.at, line.stream, line.text, operation.connection_id
     FROM json_to_recordset(?::json) AS wanted ("operationId" text, "connectionId" integer, after integer)
     JOIN active_operations AS operation
       ON operation.id = wanted."operationId" AND operation.connection_id = wanted."connectionId"
     JOIN operation_log AS line ON line.operation_id = operation.id AND line.seq > coalesce(wanted.after,
       (SELECT max(seq) - ${LAST_LINES} FROM operation_log WHERE operation_id = operation.id))
     ORDER BY line.operation_id, line.seq LIMIT ${LINES_AT_ONCE}`,
    [JSON.stringify(positions)],
  );
}

export interface LogPart {
  row: Pick<OperationRow, 'id' | 'connection_id'>;
  lines: LogLine[];
}

/** All lines after the positions, in parts. */
export async function* linesAfter(knex: Knex, positions: LogPosition[]): AsyncIterable<LogPart[]> {
  let open = positions;
  while (open.length > 0) {
    const rows = await nextLines(knex, open);
    const parts = partsOf(rows);
    yield parts;
    if (rows.length < LINES_AT_ONCE) return;
    open = open.map((position) => ({ ...position, after: lastOf(parts, position) ?? position.after }));
  }
}

function partsOf(rows: LineRow[]): LogPart[] {
  const parts = new Map<string, LogPart>();
  for (const { operation_id: id, connection_id, ...line } of rows) {
    const part = parts.get(id) ?? { row: { id, connection_id }, lines: [] };
    part.lines.push(line);
    parts.set(id, part);
  }
  return [...parts.values()];
}

const lastOf = (parts: LogPart[], { operationId }: LogPosition): number | undefined =>
  parts.find(({ row }) => row.id === operationId)?.lines.at(-1)?.seq;
