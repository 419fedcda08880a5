/** The multi-row statements of `active_operations`: one each for inserting, for writing and for asking to cancel. */
import type { Knex } from 'knex';
import type { Dialect } from '../../../db/dialect.js';
import { storeTrail } from '../../audit/audit.js';
import { ACTIVE, GUARDED_COLUMNS, INSERT_COLUMNS, RETURNING, WRITE_COLUMNS } from '../columns.js';
import type { OperationRow } from '../row.js';
import type { CancelRequest, NewOperation, OperationWrite } from './contract.js';

/** What a batch of each kind is made of. */
export interface Batches {
  insert: NewOperation;
  write: OperationWrite;
  cancel: CancelRequest;
}

export type Kind = keyof Batches;

/** One statement, in which an operation stands at most once; answers with the rows that it changed, as they are stored now. */
type Statement<Item> = (trx: Knex, dialect: Dialect, batch: Item[]) => Promise<OperationRow[]>;

interface Returned {
  rows: OperationRow[];
}

/** Runs one statement, which is planned once; both drivers' forms of an answer become rows. */
export async function rowsOf(
  trx: Knex,
  dialect: Dialect,
  sql: string,
  bindings: (string | number)[],
): Promise<OperationRow[]> {
  const answer = (await trx.raw(sql, bindings).options(dialect.planned(sql))) as OperationRow[] | Returned;
  return Array.isArray(answer) ? answer : answer.rows;
}

/**
 * The batch as a table `w`, made before anything else is looked at. Without that, SQLite reads the whole batch again for each
 * running operation, since it takes the index of the status for the shorter way.
 */
const batchTable = (dialect: Dialect, columns: Parameters<Dialect['rowsFromJson']>[1]): string =>
  `WITH w AS MATERIALIZED (SELECT * FROM ${dialect.rowsFromJson('batch', columns)})`;

/** How many of the last completed runs an estimate is the median of. */
const LEARNT_FROM = 9;

/** How long the last runs of what `w` starts took, in ms, as their median; null where there were none. */
const learntMs = (dialect: Dialect): string =>
  `(SELECT CAST(round(avg(ms)) AS INTEGER)
    FROM (SELECT ms, row_number() OVER (ORDER BY ms) AS place, count(*) OVER () AS runs
          FROM (SELECT ${dialect.msBetween('run.started_at', 'run.completed_at')} AS ms FROM active_operations AS run
                WHERE run.connection_id = w.connection_id AND run.operation_type = w.operation_type
                  AND run.params = w.params AND run.status = 'completed'
                ORDER BY run.id DESC LIMIT ${LEARNT_FROM}) AS last) AS ranked
    WHERE place IN ((runs + 1) / 2, (runs + 2) / 2))`;

/**
 * Inserts what the interlocking lets through, the first of several in the batch too, and its entries in the audit trail. The
 * estimate is learnt from runs with the same params: another service of the same appliance takes another time.
 */
const insert: Statement<NewOperation> = async (trx, dialect, batch) => {
  const now = dialect.now();
  const columns = Object.keys(INSERT_COLUMNS);
  const values = columns.map((column) =>
    column === 'estimated_duration_ms' ? `coalesce(${learntMs(dialect)}, w.${column})` : `w.${column}`,
  );
  // Ordered, so that two nodes with the same places to fill wait for each other in one direction only.
  const stored = await rowsOf(
    trx,
    dialect,
    `${batchTable(dialect, INSERT_COLUMNS)}
     INSERT INTO active_operations (${columns.join(', ')}, status, started_at, updated_at)
     SELECT ${values.join(', ')}, 'pending', ${now}, ${now}
     FROM w JOIN connections ON connections.id = w.connection_id
     WHERE true
     ORDER BY w.connection_id, w.operation_type, w.id
     ON CONFLICT (connection_id, operation_type) WHERE ${ACTIVE} DO NOTHING
     ${RETURNING}`,
    [JSON.stringify(batch.map(toInsert))],
  );
  const ids = new Set(stored.map(({ id }) => id));
  const told = batch.flatMap(({ id, trail }) => (trail && ids.has(id) ? [{ ...trail, operation_id: id }] : []));
  await storeTrail(trx, dialect, told);
  return stored;
};

/** Stores changes of the holders; a row whose holder or status has changed is left alone and not returned. */
const write: Statement<OperationWrite> = (trx, dialect, batch) => {
  const now = dialect.now();
  const kept = (column: string) => `${column} = coalesce(w.${column}, active_operations.${column})`;
  const ends = `w.status IS NOT NULL`;
  return rowsOf(
    trx,
    dialect,
    `${batchTable(dialect, GUARDED_COLUMNS)}
     UPDATE active_operations SET ${['status', ...WRITE_COLUMNS].map(kept).join(', ')},
       progress = ${dialect.greatest('active_operations.progress', 'coalesce(w.progress, 0)')},
       completed_at = CASE WHEN ${ends} THEN ${now} END,
       lease_expires_at = CASE WHEN ${ends} THEN NULL ELSE active_operations.lease_expires_at END,
       updated_at = ${now}, revision = active_operations.revision + 1
     FROM w
     WHERE active_operations.id = w.id AND active_operations.status = 'in_progress'
       AND active_operations.node_id = w.node_id AND active_operations.attempt = w.attempt
       AND (w.lease IS NULL OR active_operations.lease_expires_at = w.lease)
     ${RETURNING}`,
    [JSON.stringify(batch.map(toColumns))],
  );
};

/** Asks the holders to stop; what nobody has claimed yet ends at once. */
const cancel: Statement<CancelRequest> = (trx, dialect, batch) => {
  const now = dialect.now();
  const unclaimed = "active_operations.status = 'pending'";
  return rowsOf(
    trx,
    dialect,
    `${batchTable(dialect, { id: 'text', by_whom: 'text', step: 'text' })}
     UPDATE active_operations SET cancel_requested_at = ${now}, cancel_requested_by = w.by_whom,
       status = CASE WHEN ${unclaimed} THEN 'cancelled' ELSE active_operations.status END,
       completed_at = CASE WHEN ${unclaimed} THEN ${now} END,
       updated_at = ${now}, revision = active_operations.revision + 1
     FROM w
     WHERE active_operations.id = w.id AND active_operations.${ACTIVE} AND active_operations.cancel_requested_at IS NULL
       AND COALESCE(active_operations.step, '') = COALESCE(w.step, '')
     ${RETURNING}`,
    [JSON.stringify(batch.map(({ id, by, step }) => ({ id, by_whom: by, step })))],
  );
};

export const statements: { [K in Kind]: Statement<Batches[K]> } = { insert, write, cancel };

function toInsert(operation: NewOperation): Record<string, string | number | null> {
  return {
    id: operation.id,
    connection_id: operation.connectionId,
    operation_type: operation.type,
    params: operation.params,
    created_by: operation.createdBy,
    requested_by: operation.requestedBy,
    parent_id: operation.parentId,
    retry_of: operation.retryOf,
    state: operation.state,
    estimated_duration_ms: operation.estimatedDurationMs,
  };
}

function toColumns({ id, nodeId, attempt, leaseExpiresAt, ...changes }: OperationWrite) {
  return { id, node_id: nodeId, attempt, lease: leaseExpiresAt, ...changes };
}
