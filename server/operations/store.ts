/**
 * Every write to `active_operations`. A function is one statement and takes a batch, in which an operation stands at most once;
 * each accepts a transaction. What a write returns is what the database stored, so only that may be published.
 */
import type { Knex } from 'knex';
import { dialectOf, type Dialect } from '../../db/dialect.js';
import { ACTIVE, GUARDED_COLUMNS, INSERT_COLUMNS, RETURNING, WRITE_COLUMNS } from './columns.js';
import type { CreatedBy, Status } from './contract.js';
import type { OperationRow } from './row.js';

export interface NewOperation {
  id: string;
  connectionId: number;
  type: string;
  /** Canonical JSON text, so that equal params are equal text. */
  params: string;
  createdBy: CreatedBy;
  requestedBy: string | null;
  parentId: string | null;
  retryOf: string | null;
  /** The checkpoint of the operation that this one retries. */
  state: string | null;
  estimatedDurationMs: number;
}

/** What a start found: the caller's own row, or the active one that was there; null where the connection is gone. */
export type StartResult = { operation: OperationRow; existing: boolean } | null;

/** Who may write: the node and the claim that hold the lease. `attempt` is the fencing token. */
export interface Hold {
  id: string;
  nodeId: string;
  attempt: number;
}

/** A guarded write; what is left out stays as it is. JSON columns take JSON text. */
export interface OperationWrite extends Hold {
  status?: Exclude<Status, 'pending' | 'in_progress'>;
  progress?: number;
  step?: string;
  message?: string;
  error?: string;
  metadata?: string;
  state?: string;
  /** Only where the lease still ends at this moment: the sweeper's guard against a late renewal. */
  leaseExpiresAt?: string;
}

export interface ClaimRequest {
  nodeId: string;
  leaseMs: number;
  limit: number;
  types: string[];
  /** Types whose expired leases are taken over from the last checkpoint. */
  resumable: string[];
  /** A take-over is tried until this many claims have been made. */
  maxAttempts: number;
}

export interface CancelRequest {
  id: string;
  by: string;
  /** The step, as stored, in which a cancel was found to be possible: in another one the request changes nothing. */
  step: string | null;
}

/** How often a start looks again when the active row that beat it ended before it could be read. */
const START_ROUNDS = 20;

interface Returned {
  rows: OperationRow[];
}

export class OperationStore {
  readonly knex: Knex;
  readonly dialect: Dialect;

  constructor(knex: Knex) {
    this.knex = knex;
    this.dialect = dialectOf(knex);
  }

  /** Inserts what the interlocking lets through and answers, for the rest, with the row that holds the place. */
  async start(batch: NewOperation[], trx: Knex = this.knex): Promise<StartResult[]> {
    const results: StartResult[] = batch.map(() => null);
    let open = [...batch.entries()];
    for (let round = 0; open.length > 0 && round < START_ROUNDS; round++) {
      const inserted = await this.#insert(
        open.map(([, wanted]) => wanted),
        trx,
      );
      const missed: typeof open = [];
      for (const [index, wanted] of open) {
        const own = inserted.get(wanted.id);
        const winner = own ?? (await this.active(wanted.connectionId, wanted.type, trx));
        if (winner) results[index] = { operation: winner, existing: !own };
        else missed.push([index, wanted]);
      }
      open = await this.#stillThere(missed, trx);
    }
    if (open.length > 0) throw new Error('A start was neither stored nor found an active operation.');
    return results;
  }

  /** The row that holds the interlocking's place, if one does. */
  async active(connectionId: number, type: string, trx: Knex = this.knex): Promise<OperationRow | undefined> {
    return trx<OperationRow>('active_operations')
      .where({ connection_id: connectionId, operation_type: type })
      .whereRaw(ACTIVE)
      .first();
  }

  /** Takes pending work, oldest first, and resumable work whose lease has run out. */
  async claim(request: ClaimRequest): Promise<OperationRow[]> {
    const { nodeId, leaseMs, limit, types, resumable, maxAttempts } = request;
    if (types.length === 0 || limit <= 0) return [];
    const marks = (values: string[]) => values.map(() => '?').join(',');
    const expired = resumable.length
      ? `OR (status = 'in_progress' AND lease_expires_at < ${this.dialect.now()} AND attempt < ? AND operation_type IN (${marks(resumable)}))`
      : '';
    const claimable = `((status = 'pending' AND operation_type IN (${marks(types)})) ${expired})`;
    const rows = await this.#rows(
      `UPDATE active_operations SET status = 'in_progress', node_id = ?, attempt = attempt + 1, revision = revision + 1,
         lease_expires_at = ${this.dialect.now(leaseMs)}, updated_at = ${this.dialect.now()}
       WHERE id IN (SELECT id FROM active_operations WHERE ${claimable} ORDER BY id LIMIT ? ${this.dialect.skipLocked})
       ${RETURNING}`,
      [nodeId, ...types, ...(resumable.length ? [maxAttempts, ...resumable] : []), limit],
    );
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Stores changes of the holders; a row whose holder or status has changed is left alone and not returned. */
  async write(batch: OperationWrite[], trx: Knex = this.knex): Promise<OperationRow[]> {
    if (batch.length === 0) return [];
    const now = this.dialect.now();
    const kept = (column: string) => `${column} = coalesce(w.${column}, active_operations.${column})`;
    const ends = `w.status IS NOT NULL`;
    return this.#rows(
      `UPDATE active_operations SET ${['status', ...WRITE_COLUMNS].map(kept).join(', ')},
         progress = ${this.dialect.greatest('active_operations.progress', 'coalesce(w.progress, 0)')},
         completed_at = CASE WHEN ${ends} THEN ${now} END,
         lease_expires_at = CASE WHEN ${ends} THEN NULL ELSE active_operations.lease_expires_at END,
         updated_at = ${now}, revision = active_operations.revision + 1
       FROM ${this.dialect.rowsFromJson('w', GUARDED_COLUMNS)}
       WHERE active_operations.id = w.id AND active_operations.status = 'in_progress'
         AND active_operations.node_id = w.node_id AND active_operations.attempt = w.attempt
         AND (w.lease IS NULL OR active_operations.lease_expires_at = w.lease)
       ${RETURNING}`,
      [JSON.stringify(batch.map(toColumns))],
      trx,
    );
  }

  /** Prolongs leases; answers with the holds that are still held and whether a cancel was asked for meanwhile. */
  async renew(holds: Hold[], leaseMs: number): Promise<OperationRow[]> {
    return this.#lease(holds, this.dialect.now(leaseMs));
  }

  /** Ends leases now, so that any node may take the work over. */
  async release(holds: Hold[]): Promise<OperationRow[]> {
    return this.#lease(holds, this.dialect.now(-1000));
  }

  /** Asks the holder to stop; what nobody has claimed yet ends at once. Any node may ask: guarded by status and step, not by a lease. */
  async requestCancel(batch: CancelRequest[]): Promise<OperationRow[]> {
    if (batch.length === 0) return [];
    const now = this.dialect.now();
    const unclaimed = "active_operations.status = 'pending'";
    return this.#rows(
      `UPDATE active_operations SET cancel_requested_at = ${now}, cancel_requested_by = w.by_whom,
         status = CASE WHEN ${unclaimed} THEN 'cancelled' ELSE active_operations.status END,
         completed_at = CASE WHEN ${unclaimed} THEN ${now} END,
         updated_at = ${now}, revision = active_operations.revision + 1
       FROM ${this.dialect.rowsFromJson('w', { id: 'text', by_whom: 'text', step: 'text' })}
       WHERE active_operations.id = w.id AND active_operations.${ACTIVE} AND active_operations.cancel_requested_at IS NULL
         AND COALESCE(active_operations.step, '') = COALESCE(w.step, '')
       ${RETURNING}`,
      [JSON.stringify(batch.map(({ id, by, step }) => ({ id, by_whom: by, step })))],
    );
  }

  /** Ends pending work that waited for `olderThanMs` and that no type here can run. */
  async endUnknown(types: string[], olderThanMs: number, error: string): Promise<OperationRow[]> {
    const now = this.dialect.now();
    return this.#rows(
      `UPDATE active_operations SET status = 'failed', error = ?, completed_at = ${now}, updated_at = ${now},
         revision = revision + 1
       WHERE status = 'pending' AND started_at < ${this.dialect.now(-olderThanMs)}
         ${types.length ? `AND operation_type NOT IN (${types.map(() => '?').join(',')})` : ''}
       ${RETURNING}`,
      [error, ...types],
    );
  }

  /** Running rows whose lease has run out. */
  async expired(): Promise<OperationRow[]> {
    return this.knex<OperationRow>('active_operations')
      .where({ status: 'in_progress' })
      .whereRaw(`lease_expires_at < ${this.dialect.now()}`);
  }

  async #insert(batch: NewOperation[], trx: Knex): Promise<Map<string, OperationRow>> {
    const now = this.dialect.now();
    const columns = Object.keys(INSERT_COLUMNS);
    const rows = await this.#rows(
      `INSERT INTO active_operations (${columns.join(', ')}, status, started_at, updated_at)
       SELECT ${columns.map((column) => `w.${column}`).join(', ')}, 'pending', ${now}, ${now}
       FROM ${this.dialect.rowsFromJson('w', INSERT_COLUMNS)} JOIN connections ON connections.id = w.connection_id
       WHERE true
       ON CONFLICT (connection_id, operation_type) WHERE ${ACTIVE} DO NOTHING
       ${RETURNING}`,
      [JSON.stringify(batch.map(toInsert))],
      trx,
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Of starts that found neither a place nor its holder, those whose connection exists: they try again. */
  async #stillThere(missed: [number, NewOperation][], trx: Knex): Promise<[number, NewOperation][]> {
    if (missed.length === 0) return [];
    const ids = [...new Set(missed.map(([, wanted]) => wanted.connectionId))];
    const rows = await trx<{ id: number }>('connections').whereIn('id', ids).select('id');
    const present = new Set(rows.map((row) => row.id));
    return missed.filter(([, wanted]) => present.has(wanted.connectionId));
  }

  async #lease(holds: Hold[], until: string): Promise<OperationRow[]> {
    if (holds.length === 0) return [];
    return this.#rows(
      `UPDATE active_operations SET lease_expires_at = ${until}
       FROM ${this.dialect.rowsFromJson('w', { id: 'text', node_id: 'text', attempt: 'integer' })}
       WHERE active_operations.id = w.id AND active_operations.status = 'in_progress'
         AND active_operations.node_id = w.node_id AND active_operations.attempt = w.attempt
       ${RETURNING}`,
      [JSON.stringify(holds.map(({ id, nodeId, attempt }) => ({ id, node_id: nodeId, attempt })))],
    );
  }

  async #rows(sql: string, bindings: (string | number)[], trx: Knex = this.knex): Promise<OperationRow[]> {
    const answer = (await trx.raw(sql, bindings)) as OperationRow[] | Returned;
    return Array.isArray(answer) ? answer : answer.rows;
  }
}

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

function toColumns(write: OperationWrite): Record<string, string | number | undefined> {
  const { id, nodeId, attempt, leaseExpiresAt, ...changes } = write;
  return { id, node_id: nodeId, attempt, lease: leaseExpiresAt, ...changes };
}
