/** Claims work in order, runs as much at once as there are slots, and keeps the leases of what runs. */
import { randomUUID } from 'node:crypto';
import { Execution, type ExecutionSetting } from './run/execution.js';
import { StopReason } from './run/outcome.js';
import type { OperationRow } from './row.js';
import { Slots } from './run/slots.js';

/** How often an operation may be claimed before a take-over is given up: work that kills its server must end. */
export const MAX_ATTEMPTS = 5;
/** How often pending work is looked for without being told of it. */
const POLL_MS = 1_000;

export interface RunnerSetting extends ExecutionSetting {
  concurrency: number;
}

interface Running {
  execution: Execution;
  done: Promise<void>;
  /** When the last prolonging of its lease was sent, on the monotonic clock. */
  leasedAtMs: number;
}

export class Runner {
  readonly nodeId = randomUUID();
  readonly #setting: RunnerSetting;
  readonly #slots: Slots;
  readonly #running = new Map<string, Running>();
  #timers: NodeJS.Timeout[] = [];
  #claiming: Promise<void> | null = null;
  #again = false;
  #stopped = true;

  constructor(setting: RunnerSetting) {
    this.#setting = setting;
    this.#slots = new Slots(setting.concurrency, () => this.wake());
  }

  get running(): number {
    return this.#running.size;
  }

  start(): void {
    this.#stopped = false;
    const every = (ms: number, work: () => void) => this.#timers.push(setInterval(work, ms));
    every(POLL_MS, () => this.wake());
    every(this.#setting.leaseMs / 3, () => void this.#renew());
    this.wake();
  }

  /** Looks for work now; safe to call at any time and often. */
  wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#claiming ??= this.#claim()
      .catch((error: unknown) => this.#setting.log.error({ err: error }, 'work could not be claimed'))
      .finally(() => {
        this.#claiming = null;
        if (this.#again && this.#slots.free > 0) this.wake();
      });
  }

  /** Passes a cancel on, if this node holds the operation. */
  cancel(id: string, by: string | null): void {
    this.#running.get(id)?.execution.stop(new StopReason('cancelled', by));
  }

  /** Takes no more work, gives resumable work back, lets the rest end inside `graceMs`, then stops it. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    await this.#claiming;
    for (const { execution } of this.#running.values())
      if (this.#setting.types.get(execution.type)?.resumable) execution.stop(new StopReason('shutdown'));
    await this.#drained(graceMs);
    for (const { execution } of this.#running.values()) execution.stop(new StopReason('shutdown'));
    await this.#allDone();
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  async #allDone(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  async #drained(graceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([this.#allDone(), grace]);
    clearTimeout(timer);
  }

  async #claim(): Promise<void> {
    while (this.#again && !this.#stopped && this.#slots.free > 0) {
      this.#again = false;
      const places = this.#slots.reserve();
      const leasedAtMs = performance.now();
      const rows = await this.#claimed(places);
      for (const row of rows) this.#begin(row, leasedAtMs);
      if (rows.length > 0) this.#again = true;
    }
  }

  async #claimed(places: number): Promise<OperationRow[]> {
    const { store, types, leaseMs, publications } = this.#setting;
    let rows: OperationRow[] = [];
    try {
      rows = await store.claim({
        nodeId: this.nodeId,
        leaseMs,
        limit: places,
        types: types.names(),
        resumable: types.resumable(),
        maxAttempts: MAX_ATTEMPTS,
      });
      publications.changed(rows);
      return rows;
    } finally {
      this.#slots.unreserve(places - rows.length);
    }
  }

  #begin(row: OperationRow, leasedAtMs: number): void {
    const execution = new Execution(row, this.nodeId, this.#slots, this.#setting);
    const done = execution.run().finally(() => {
      this.#running.delete(row.id);
      this.#slots.give();
    });
    this.#running.set(row.id, { execution, done, leasedAtMs });
  }

  /** Prolongs every lease in one statement; who is not in the answer has lost his. */
  async #renew(): Promise<void> {
    const held = [...this.#running.values()];
    this.#giveUpSilent(held);
    const sentAtMs = performance.now();
    try {
      const holds = held.map(({ execution }) => execution.hold);
      const rows = await this.#setting.store.renew(holds, this.#setting.leaseMs);
      const kept = new Map(rows.map((row) => [row.id, row]));
      for (const running of held) this.#heed(running, kept.get(running.execution.hold.id), sentAtMs);
    } catch (error) {
      this.#setting.log.error({ err: error }, 'leases could not be renewed');
    }
  }

  /** An owner that could not renew for two thirds of the lease stops itself, before anybody else may claim. */
  #giveUpSilent(held: Running[]): void {
    const oldest = performance.now() - (this.#setting.leaseMs * 2) / 3 + 1;
    for (const { execution, leasedAtMs } of held) if (leasedAtMs < oldest) execution.stop(new StopReason('lost'));
  }

  #heed(running: Running, row: OperationRow | undefined, sentAtMs: number): void {
    if (!this.#running.has(running.execution.hold.id)) return;
    running.leasedAtMs = sentAtMs;
    if (!row) running.execution.stop(new StopReason('lost'));
    else if (row.cancel_requested_at) running.execution.stop(new StopReason('cancelled', row.cancel_requested_by));
  }
}
