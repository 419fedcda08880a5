/** The engine: the store, the runner and the sweeper as one thing that can be asked to start, cancel and retry. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { problem } from '../problems/problems.js';
import { Across } from './across/across.js';
import type { JsonObject, Operation } from './contract.js';
import { epoch, find, prune } from './history.js';
import { Publications } from './publications.js';
import { fromRow, isActive, isCancellable, type OperationRow } from './row.js';
import { Runner } from './runner.js';
import { prepared } from './preparation.js';
import { KEY_LIFE_MS, start, type Started, type StartRequest } from './starts.js';
import { OperationStore } from './store.js';
import { Sweeper } from './sweeper.js';
import { OperationTypes } from './types.js';
import type { EngineLog, World } from './world.js';

const PRUNE_EVERY_MS = 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface EngineSetting {
  knex: Knex;
  world: World;
  log: EngineLog;
  leaseSeconds: number;
  concurrency: number;
  retentionDays: number;
}

export class Engine {
  readonly types = new OperationTypes();
  readonly publications = new Publications(this.types);
  readonly store: OperationStore;
  readonly #setting: EngineSetting;
  readonly #runner: Runner;
  readonly #sweeper: Sweeper;
  /** A node alone knows what is stored. */
  readonly #across: Across | null;
  #pruning: NodeJS.Timeout | null = null;
  #epoch: string | null = null;

  constructor(setting: EngineSetting) {
    const leaseMs = setting.leaseSeconds * 1000;
    this.#setting = setting;
    this.store = new OperationStore(setting.knex);
    const parts = { store: this.store, types: this.types, publications: this.publications, log: setting.log, leaseMs };
    const begin = (request: StartRequest) => this.begin(request);
    this.#runner = new Runner({ ...parts, world: setting.world, concurrency: setting.concurrency, begin });
    this.#sweeper = new Sweeper(parts);
    const isShared = this.store.dialect.name === 'postgres';
    this.#across = isShared ? new Across({ ...parts, found: (rows) => this.#heed(rows) }) : null;
  }

  get running(): number {
    return this.#runner.running;
  }

  async start(): Promise<void> {
    await this.epoch();
    await this.#across?.start();
    this.#sweeper.start();
    this.#runner.start();
    this.#pruning = setInterval(() => void this.#prune(), PRUNE_EVERY_MS);
    await this.#prune();
  }

  async stop(graceMs: number): Promise<void> {
    if (this.#pruning) clearInterval(this.#pruning);
    await this.#runner.stop(graceMs);
    await this.#sweeper.stop();
    await this.#across?.stop();
  }

  /** The store's epoch; a client that sees another one drops what it knows. */
  async epoch(): Promise<string> {
    this.#epoch ??= await epoch(this.#setting.knex, randomUUID());
    return this.#epoch;
  }

  wire(row: OperationRow): Operation {
    return fromRow(row, this.types.get(row.operation_type));
  }

  /** Inserts the operation or joins the active one; only `existing: false` runs work. */
  async begin(request: StartRequest): Promise<Started> {
    const started = await start(this.store, await prepared(this.#setting.world, request));
    if (!started.existing && started.row.revision === 1) this.publications.changed([started.row]);
    this.#runner.wake();
    return started;
  }

  /** A new operation with the params and the checkpoint of one that failed or was cancelled. */
  async retry(
    row: OperationRow,
    by: Pick<StartRequest, 'idempotency' | 'trail'> & { requestedBy: string },
  ): Promise<Started> {
    const definition = this.types.get(row.operation_type);
    if (!definition || isActive(row) || row.status === 'completed') throw problem('OP_NOT_RETRYABLE');
    return this.begin({
      connectionId: row.connection_id,
      definition,
      params: JSON.parse(row.params) as JsonObject,
      createdBy: 'user',
      retryOf: row,
      ...by,
    });
  }

  /** Asks the holder to stop. Asking twice is one request. A step that has begun meanwhile is asked about again. */
  async cancel(row: OperationRow, by: string): Promise<OperationRow> {
    for (let seen: OperationRow | undefined = row; seen; seen = await this.#again(seen)) {
      if (isActive(seen) && seen.cancel_requested_at) return seen;
      if (!isCancellable(seen, this.types.get(seen.operation_type))) throw notCancellable(seen);
      const [asked] = await this.store.requestCancel([{ id: seen.id, by, step: seen.step }]);
      if (!asked) continue;
      this.publications.changed([asked]);
      this.#runner.cancel(seen.id, by);
      return asked;
    }
    throw problem('NOT_FOUND');
  }

  /** Another node may have work that it has no place for, or pass on a cancel to whoever holds the operation. */
  #heed(rows: OperationRow[]): void {
    if (rows.some(({ status }) => status === 'pending')) this.#runner.wake();
    for (const row of rows)
      if (isActive(row) && row.cancel_requested_at) this.#runner.cancel(row.id, row.cancel_requested_by);
  }

  #again(row: OperationRow): Promise<OperationRow | undefined> {
    return find(this.store.knex, row.connection_id, row.id);
  }

  async #prune(): Promise<void> {
    const before = (ms: number) => new Date(Date.now() - ms).toISOString();
    const limits = { operations: before(this.#setting.retentionDays * DAY_MS), keys: before(KEY_LIFE_MS) };
    try {
      if ((await prune(this.#setting.knex, limits)) > 0) this.publications.pruned();
    } catch (error) {
      this.#setting.log.error({ err: error }, 'old operations could not be pruned');
    }
  }
}

function notCancellable(row: OperationRow) {
  if (!isActive(row)) return problem('OP_NOT_CANCELLABLE', { message: 'The operation has ended already.' });
  const step = row.step ? (JSON.parse(row.step) as { title: string }).title : null;
  return problem('OP_NOT_CANCELLABLE', step ? { message: `The operation can no longer be cancelled: ${step}.` } : {});
}
