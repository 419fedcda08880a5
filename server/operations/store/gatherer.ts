/**
 * Writes that arrive while a transaction runs go into the next one together: one statement a kind, one commit for all. There
 * is no timer: what finds nothing under way is stored at the end of this turn of the event loop. A call is answered when its transaction is committed.
 */
import { setImmediate as turnEnd } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { OperationRow } from '../row.js';
import { isAboutTheRows } from './failures.js';
import { batchOf, type Waiting } from './queue.js';
import { statements, type Kind, type Batches } from './statements.js';
import type { Dialect } from '../../../db/dialect.js';

const hasTrail = ({ items }: Waiting) => items.some((item) => 'trail' in item);

/** In the order in which they stand in a transaction: an end frees the place that a start in the same one takes. */
const ORDER: readonly Kind[] = ['write', 'cancel', 'insert'];

export class Gatherer {
  readonly #knex: Knex;
  readonly #dialect: Dialect;
  #waiting: Waiting[] = [];
  #storing = false;

  constructor(knex: Knex, dialect: Dialect) {
    this.#knex = knex;
    this.#dialect = dialect;
  }

  /** Resolves with the rows of this call that the database returned, once they are durable. */
  store<K extends Kind>(kind: K, items: Batches[K][]): Promise<OperationRow[]> {
    if (items.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ kind, items, resolve, reject });
      if (!this.#storing) void this.#storeAll();
    });
  }

  /** Never rejects: each call hears of its own failure. */
  async #storeAll(): Promise<void> {
    this.#storing = true;
    while (this.#waiting.length > 0) {
      // The rest of this turn may bring more, above all from those who were just answered.
      await turnEnd();
      const { batch, rest } = batchOf(this.#waiting);
      this.#waiting = rest;
      await this.#storeBatch(batch);
    }
    this.#storing = false;
  }

  async #storeBatch(batch: Waiting[]): Promise<void> {
    try {
      const rows = await this.#commit(batch);
      for (const call of batch) call.resolve(call.items.flatMap(({ id }) => rows.get(id) ?? []));
    } catch (error) {
      if (batch.length > 1 && isAboutTheRows(error)) await this.#storeEachAlone(batch);
      else for (const call of batch) call.reject(error);
    }
  }

  /** What one call's rows made fail was rolled back for all: each is tried alone, so that only its own caller hears of it. */
  async #storeEachAlone(batch: Waiting[]): Promise<void> {
    await Promise.all(batch.map((call) => this.#storeBatch([call])));
  }

  /** One statement needs no transaction around it. */
  async #commit(batch: Waiting[]): Promise<Map<string, OperationRow>> {
    const kinds = ORDER.filter((kind) => batch.some((call) => call.kind === kind));
    if (kinds.length === 1 && !batch.some(hasTrail)) return this.#run(batch, kinds, this.#knex);
    return this.#knex.transaction((trx) => this.#run(batch, kinds, trx));
  }

  async #run(batch: Waiting[], kinds: Kind[], trx: Knex): Promise<Map<string, OperationRow>> {
    const stored = new Map<string, OperationRow>();
    for (const kind of kinds) {
      const items = batch.filter((call) => call.kind === kind).flatMap((call) => call.items);
      const rows = await statements[kind](trx, this.#dialect, items as never);
      for (const row of rows) stored.set(row.id, row);
    }
    return stored;
  }
}
