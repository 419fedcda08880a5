/** Ends what nobody runs any more, so that nothing is ever stuck and nothing waits for a person to clear it. */
import { failureOf, operationError } from './errors.js';
import type { Publications } from './publications.js';
import type { OperationRow } from './row.js';
import { MAX_ATTEMPTS } from './runner.js';
import type { OperationStore, OperationWrite } from './store.js';
import type { OperationTypes } from './types.js';
import type { EngineLog } from './world.js';

/** Another node may still know the type: it gets this long to claim the work. */
const UNKNOWN_AFTER_MS = 5 * 60 * 1000;
const UNKNOWN = JSON.stringify(failureOf(operationError('OP_TYPE_UNKNOWN')));

export interface SweeperSetting {
  store: OperationStore;
  types: OperationTypes;
  publications: Publications;
  log: EngineLog;
  leaseMs: number;
}

export class Sweeper {
  readonly #setting: SweeperSetting;
  #timer: NodeJS.Timeout | null = null;
  #sweeping: Promise<number> = Promise.resolve(0);

  constructor(setting: SweeperSetting) {
    this.#setting = setting;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#tick(), this.#setting.leaseMs / 3);
    void this.#tick();
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#sweeping.catch(() => 0);
  }

  /** Ends what has expired and can't be taken over; answers with how many rows. */
  async sweep(): Promise<number> {
    const { store, publications, types } = this.#setting;
    const lost = (await store.expired()).filter((row) => !this.#canBeTakenOver(row));
    const rows = await store.write(lost.map((row) => this.#interruption(row)));
    const unknown = await store.endUnknown(types.names(), UNKNOWN_AFTER_MS, UNKNOWN);
    publications.changed([...rows, ...unknown]);
    return rows.length + unknown.length;
  }

  async #tick(): Promise<void> {
    this.#sweeping = this.sweep();
    await this.#sweeping.catch((error: unknown) => this.#setting.log.error({ err: error }, 'the sweep failed'));
  }

  #canBeTakenOver(row: OperationRow): boolean {
    return row.attempt < MAX_ATTEMPTS && (this.#setting.types.get(row.operation_type)?.resumable ?? false);
  }

  #interruption(row: OperationRow): OperationWrite {
    const lease = row.lease_expires_at as string;
    const since = new Date(Date.parse(lease) - this.#setting.leaseMs).toISOString();
    const failure = failureOf(
      operationError('OP_INTERRUPTED', `The server that ran this has been silent since ${since}.`),
    );
    return {
      id: row.id,
      nodeId: row.node_id as string,
      attempt: row.attempt,
      leaseExpiresAt: lease,
      status: 'failed',
      error: JSON.stringify(failure),
    };
  }
}
