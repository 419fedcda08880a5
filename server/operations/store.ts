/**
 * Every write to `active_operations`. Starts, writes and cancels that come at the same time are gathered into one transaction
 * (store/gatherer.ts); a caller with a transaction of its own passes by. A batch holds an operation at most once. What a write
 * returns is what the database stored, so only that may be published; it is durable when it is returned.
 */
import type { Knex } from 'knex';
import { dialectOf, type Dialect } from '../../db/dialect.js';
import { ACTIVE, RETURNING } from './columns.js';
import type { OperationRow } from './row.js';
import type { CancelRequest, ClaimRequest, Hold, NewOperation, OperationWrite, StartResult } from './store/contract.js';
import { Gatherer } from './store/gatherer.js';
import { rowsOf, statements, type Batches, type Kind } from './store/statements.js';

export type * from './store/contract.js';

/** How often a start looks again when the active row that beat it ended before it could be read. */
const START_ROUNDS = 20;

export class OperationStore {
  readonly knex: Knex;
  readonly dialect: Dialect;
  readonly #gatherer: Gatherer;

  constructor(knex: Knex) {
    this.knex = knex;
    this.dialect = dialectOf(knex);
    this.#gatherer = new Gatherer(knex, this.dialect);
  }

  /** Inserts what the interlocking lets through and answers, for the rest, with the row that holds the place. */
  async start(batch: NewOperation[], trx: Knex = this.knex): Promise<StartResult[]> {
    const results: StartResult[] = batch.map(() => null);
    let open = [...batch.entries()];
    for (let round = 0; open.length > 0 && round < START_ROUNDS; round++) {
      const rows = await this.#store(
        'insert',
        open.map(([, wanted]) => wanted),
        trx,
      );
      const inserted = new Map(rows.map((row) => [row.id, row]));
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
    const rows = await rowsOf(
      this.knex,
      this.dialect,
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
    return this.#store('write', batch, trx);
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
    return this.#store('cancel', batch, this.knex);
  }

  /** Ends pending work that waited for `olderThanMs` and that no type here can run. */
  async endUnknown(types: string[], olderThanMs: number, error: string): Promise<OperationRow[]> {
    const now = this.dialect.now();
    return rowsOf(
      this.knex,
      this.dialect,
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
    return rowsOf(
      this.knex,
      this.dialect,
      `UPDATE active_operations SET lease_expires_at = ${until}
       FROM ${this.dialect.rowsFromJson('w', { id: 'text', node_id: 'text', attempt: 'integer' })}
       WHERE active_operations.id = w.id AND active_operations.status = 'in_progress'
         AND active_operations.node_id = w.node_id AND active_operations.attempt = w.attempt
       ${RETURNING}`,
      [JSON.stringify(holds.map(({ id, nodeId, attempt }) => ({ id, node_id: nodeId, attempt })))],
    );
  }

  /** Gathered with what else comes now, or in the caller's own transaction. */
  async #store<K extends Kind>(kind: K, batch: Batches[K][], trx: Knex): Promise<OperationRow[]> {
    if (batch.length === 0) return [];
    return trx === this.knex ? this.#gatherer.store(kind, batch) : statements[kind](trx, this.dialect, batch);
  }
}
