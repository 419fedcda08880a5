/** The context that one run works with: steps, messages, checkpoint, credentials. */
import type { ConnectionTarget } from '../../connections/contract.js';
import type { Platform } from '../../platforms/contract.js';
import type {
  Json,
  JsonObject,
  LogStream,
  OperationContext,
  OperationDefinition,
  StepContext,
  StepDefinition,
  StepRecord,
} from '../contract.js';
import { OperationError, operationError } from '../errors.js';
import { family, type FamilySetting } from './family.js';
import type { Journal } from './journal.js';
import { pace } from './pace.js';
import { isTimeout, limit, settled } from './time-limit.js';
import { Progress } from './progress.js';
import { Redactor } from './redactor.js';
import type { OperationRow } from '../row.js';
import type { Slots } from './slots.js';
import type { World } from '../world.js';

export interface RunSetting {
  row: OperationRow;
  definition: OperationDefinition;
  connection: ConnectionTarget;
  platform: Platform;
  journal: Journal;
  signal: AbortSignal;
  world: World;
  /** The place that a wait gives back until its work is done. */
  slot: Pick<Slots, 'wait'>;
  kin: FamilySetting;
}

/** One run's own state, and the context over it that the type sees. */
export class Run {
  readonly redactor = new Redactor();
  readonly #setting: RunSetting;
  readonly #progress: Progress;
  #steps: StepRecord[];
  #result: JsonObject;

  constructor(setting: RunSetting) {
    const { row, definition } = setting;
    const before = JSON.parse(row.metadata ?? '{}') as JsonObject & { steps?: StepRecord[] & Json };
    this.#setting = setting;
    this.#progress = new Progress(definition.steps, row.progress);
    this.#steps = before.steps ?? [];
    this.#result = before;
  }

  /** What the row's metadata shows: the type's own result and the record of the steps. */
  get metadata(): JsonObject {
    return { ...this.#result, steps: this.#steps as unknown as Json };
  }

  addResult(partial: JsonObject): void {
    this.#result = { ...this.#result, ...this.redactor.json(partial) };
  }

  context(): OperationContext {
    const { row, connection, platform, journal, signal, world, slot, kin } = this.#setting;
    return {
      id: row.id,
      connection,
      platform,
      params: JSON.parse(row.params) as JsonObject,
      attempt: row.attempt,
      createdBy: row.created_by,
      requestedBy: row.requested_by,
      state: row.state === null ? null : (JSON.parse(row.state) as JsonObject),
      signal,
      step: (key, work) => this.#step(key, work),
      message: (text) => journal.note({ message: this.redactor.text(text) }),
      log: (text, stream = 'out') => this.#log(text, stream),
      result: (partial) => this.#show(partial),
      checkpoint: (state) => this.#checkpoint(state),
      wait: (work) => slot.wait(work),
      ...family(kin, row, { signal, slot }),
      credentials: () => this.#credentials(),
      pinHostKey: (key) => world.pinHostKey(connection.id, key),
      fail: (code, message, options) => {
        throw new OperationError(code, message, options);
      },
    };
  }

  async #step<T>(key: string, work: (step: StepContext) => Promise<T>): Promise<T> {
    this.#setting.signal.throwIfAborted();
    const definition = this.#setting.definition.steps.find((step) => step.key === key);
    const record = this.#begin(key);
    const began = performance.now();
    const bound = limit(this.#setting.signal, definition?.timeoutMs ?? null);
    const unpace = definition?.paced ? this.#pace(definition) : () => undefined;
    try {
      return await settled(work(this.#stepContext(bound.signal)), bound.signal);
    } catch (error) {
      throw stepFailure(error, definition, bound.signal, this.#setting.signal);
    } finally {
      unpace();
      bound.clear();
      record.durationMs = Math.round(performance.now() - began);
      this.#setting.journal.note({ metadata: this.metadata });
    }
  }

  #begin(key: string): StepRecord {
    const position = this.#progress.enter(key);
    const record: StepRecord = { key, title: position.title, startedAt: new Date().toISOString(), durationMs: null };
    this.#steps = [...this.#steps.filter((earlier) => earlier.key !== key), record];
    this.#setting.journal.log(position.title, 'step');
    this.#setting.journal.note({ step: position, progress: this.#progress.percent, metadata: this.metadata });
    return record;
  }

  #stepContext(signal: AbortSignal): StepContext {
    return {
      signal,
      progress: (fraction) => this.#advance(fraction),
    };
  }

  /** A fraction that changes no whole per cent is nothing to store. */
  #advance(fraction: number): void {
    const before = this.#progress.percent;
    this.#progress.set(fraction);
    if (this.#progress.percent !== before) this.#setting.journal.note({ progress: this.#progress.percent });
  }

  /** The step's share of what the whole operation is expected to take. */
  #pace(step: StepDefinition): () => void {
    const { row, definition } = this.#setting;
    const total = definition.steps.reduce((sum, { weight }) => sum + weight, 0);
    const expectedMs = Math.max(1, (row.estimated_duration_ms * step.weight) / total);
    return pace(expectedMs, (fraction) => this.#advance(fraction));
  }

  #log(text: string, stream: LogStream): void {
    const coloured = stream === 'out' || stream === 'err';
    for (const line of this.redactor.lines(text, { coloured })) this.#setting.journal.log(line, stream);
  }

  #show(partial: JsonObject): void {
    this.addResult(partial);
    this.#setting.journal.note({ metadata: this.metadata });
  }

  async #checkpoint(state: JsonObject): Promise<void> {
    this.#setting.signal.throwIfAborted();
    await this.#setting.journal.checkpoint(JSON.stringify(state));
    this.#setting.signal.throwIfAborted();
  }

  async #credentials() {
    const opened = await this.#setting.world.openCredentials(this.#setting.connection.id).catch((cause: unknown) => {
      throw operationError('OP_CREDENTIALS_SEALED', undefined, cause);
    });
    for (const secret of [opened.password, opened.privateKey, opened.passphrase]) this.redactor.add(secret);
    return opened;
  }
}

/** A step that ran out of its own time fails as such, unless the work named a better code itself. */
function stepFailure(error: unknown, step: StepDefinition | undefined, own: AbortSignal, outer: AbortSignal): unknown {
  if (error instanceof OperationError || outer.aborted || !isTimeout(own.reason)) return error;
  const seconds = Math.round((step?.timeoutMs ?? 0) / 1000);
  return operationError('OP_STEP_TIMEOUT', `The step “${step?.title}” did not end within ${seconds} s.`, error);
}
