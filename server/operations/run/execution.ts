/** Runs one claimed operation to its end and stores what came of it. */
import { setTimeout as wait } from 'node:timers/promises';
import type { OperationDefinition } from '../contract.js';
import { Run } from './context.js';
import type { FamilySetting } from './family.js';
import { operationError } from '../errors.js';
import { find } from '../history.js';
import { appendLog, lastSeq } from '../log-store.js';
import { Journal, type JournalSink } from './journal.js';
import { limit, settled } from './time-limit.js';
import { outcomeOf, StopReason, type Outcome } from './outcome.js';
import type { OperationRow } from '../row.js';
import type { Hold, OperationStore, OperationWrite } from '../store.js';
import type { OperationTypes } from '../types.js';
import type { Slots } from './slots.js';
import type { Publications } from '../publications.js';
import type { EngineLog, World } from '../world.js';

export interface ExecutionSetting {
  store: OperationStore;
  types: OperationTypes;
  world: World;
  publications: Publications;
  log: EngineLog;
  leaseMs: number;
  /** Starts another operation through the engine's one door. */
  begin: FamilySetting['begin'];
}

/** How long the store is given between two tries to take an operation's end. */
const END_RETRY_MS = 500;

/** One operation that this node holds. */
export class Execution {
  readonly hold: Hold;
  readonly #row: OperationRow;
  readonly #setting: ExecutionSetting;
  readonly #slot: Pick<Slots, 'wait'>;
  readonly #stop = new AbortController();
  #lastStep: string | null = null;

  constructor(row: OperationRow, nodeId: string, slot: Pick<Slots, 'wait'>, setting: ExecutionSetting) {
    this.hold = { id: row.id, nodeId, attempt: row.attempt };
    this.#row = row;
    this.#slot = slot;
    this.#setting = setting;
  }

  get type(): string {
    return this.#row.operation_type;
  }

  stop(reason: StopReason): void {
    if (!this.#stop.signal.aborted) this.#stop.abort(reason);
  }

  /** Never rejects: what can't be stored is logged, and the sweeper ends the row when its lease has run out. */
  async run(): Promise<void> {
    const { log } = this.#setting;
    try {
      const journal = await this.#journal();
      await this.#settle(journal);
    } catch (error) {
      log.error({ err: error, operationId: this.hold.id }, 'the end of an operation could not be stored');
    }
  }

  async #journal(): Promise<Journal> {
    const { store, publications, log } = this.#setting;
    const seq = this.#row.attempt > 1 ? await lastSeq(store.knex, this.hold.id) : 0;
    const sink: JournalSink = {
      write: (write) => this.#write(write),
      append: async (hold, lines) => {
        const kept = await appendLog(store.knex, hold, lines);
        if (kept) publications.logged(this.#row, lines);
        return kept;
      },
      failed: (error) =>
        log.error({ err: error, operationId: this.hold.id }, 'progress could not be stored; trying again'),
    };
    return new Journal(this.hold, sink, { lastSeq: seq, lost: () => this.stop(new StopReason('lost')) });
  }

  async #write(write: OperationWrite): Promise<boolean> {
    const rows = await this.#setting.store.write([write]);
    if (write.step) this.#lastStep = (JSON.parse(write.step) as { title: string }).title;
    this.#setting.publications.changed(rows);
    const [row] = rows;
    // Heard with the write, so that a checkpoint never passes a cancel that was accepted before it.
    if (row?.cancel_requested_at && !row.completed_at) this.stop(new StopReason('cancelled', row.cancel_requested_by));
    return rows.length === 1;
  }

  async #settle(journal: Journal): Promise<void> {
    const definition = this.#setting.types.get(this.#row.operation_type);
    if (!definition) throw new Error(`no definition of ${this.#row.operation_type}`);
    const bound = limit(this.#stop.signal, definition.timeoutMs);
    const progress: { run: Run | null } = { run: null };
    const ending = () => ({
      reason: bound.signal.reason as unknown,
      resumable: definition.resumable,
      timeoutMs: definition.timeoutMs,
      lastStep: this.#lastStep,
    });
    const outcome = await this.#work(definition, journal, bound.signal, progress).catch((error: unknown) =>
      outcomeOf(error, ending()),
    );
    bound.clear();
    await this.#end(journal, outcome, progress.run);
  }

  async #work(
    definition: OperationDefinition,
    journal: Journal,
    signal: AbortSignal,
    progress: { run: Run | null },
  ): Promise<Outcome> {
    if (this.#row.cancel_requested_at) this.stop(new StopReason('cancelled', this.#row.cancel_requested_by));
    signal.throwIfAborted();
    const { world, store, types, publications, begin } = this.#setting;
    const connection = await world.target(this.#row.connection_id);
    if (!connection) throw operationError('OP_CONNECTION_GONE');
    const platform = world.platform(connection.platform);
    if (!platform) throw operationError('OP_PLATFORM_UNKNOWN');
    const slot = this.#slot;
    const kin = { knex: store.knex, types, publications, begin };
    const run = new Run({ row: this.#row, definition, connection, platform, journal, signal, world, slot, kin });
    progress.run = run;
    const result = await settled(definition.run(run.context()), signal);
    return { status: 'completed', result: result ?? {} };
  }

  async #end(journal: Journal, outcome: Outcome, run: Run | null): Promise<void> {
    const { log, store } = this.#setting;
    if (outcome.status === 'lost') return journal.drop();
    if (outcome.status === 'released') {
      await journal.close();
      await store.release([this.hold]);
      return;
    }
    if (outcome.status === 'completed') {
      run?.addResult(outcome.result);
      await this.#store(() => journal.end('completed', { progress: 100, ...this.#metadata(run) }));
      return;
    }
    if (outcome.unforeseen !== undefined)
      log.error({ err: outcome.unforeseen, operationId: this.hold.id }, 'an operation failed unforeseen');
    const error = JSON.stringify(run ? run.redactor.json(outcome.failure) : outcome.failure);
    await this.#store(() => journal.end(outcome.status, { error, ...this.#metadata(run) }));
  }

  /** An end is worth several tries: without it the sweeper would call a completed operation interrupted. */
  async #store(end: () => Promise<boolean>): Promise<void> {
    const until = performance.now() + this.#setting.leaseMs;
    let again = false;
    for (;;) {
      try {
        const stored = await end();
        if (!stored && again) await this.#publishEnd();
        return;
      } catch (error) {
        again = true;
        if (performance.now() > until) throw error;
        this.#setting.log.error({ err: error, operationId: this.hold.id }, 'an end could not be stored; trying again');
        await wait(END_RETRY_MS);
      }
    }
  }

  /** The first try was stored and only its answer was lost: whoever watches still has to be told. */
  async #publishEnd(): Promise<void> {
    const { store, publications } = this.#setting;
    const row = await find(store.knex, this.#row.connection_id, this.hold.id);
    if (row?.completed_at && row.attempt === this.hold.attempt) publications.changed([row]);
  }

  #metadata(run: Run | null): { metadata?: string } {
    return run ? { metadata: JSON.stringify(run.metadata) } : {};
  }
}
