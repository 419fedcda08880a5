/** Wakes, asks the database what is due, and hands each run that this node has claimed to its kind. */
import { OperationError } from '../operations/errors.js';
import { eachMinute, type Alarm } from './alarm.js';
import type { RunAnswer, Schedule, ScheduleKind, ScheduleLog } from './contract.js';
import { RUN_LIMIT_MS, within } from './run-limit.js';
import type { ClaimedRun, ScheduleStore } from './store.js';
import { turnOf } from './turn.js';

/** How many runs go on at once on a node. A run is claimed only when there is a place for it. */
const PLACES = 8;
const STOPPED = 'The server stopped before this ended; the next due time covers it.';
const TOO_LONG = 'This did not end within its time limit.';
const UNFORESEEN = 'This failed for a reason that it did not foresee; the server log says which.';

export interface WakerSetting {
  store: ScheduleStore;
  kinds: ReadonlyMap<string, ScheduleKind>;
  log: ScheduleLog;
  /** Epoch ms. */
  now(): number;
  /** What each wake begins beside the runs, which never wait for it. */
  beside?(now: number, signal: AbortSignal): Promise<void>;
  runLimitMs?: number;
}

export class Waker {
  readonly #setting: WakerSetting;
  readonly #running = new Set<Promise<void>>();
  readonly #beside = new Set<Promise<void>>();
  readonly #calledOff = new AbortController();
  #alarm: Alarm | null = null;
  #waking: Promise<void> | null = null;
  #backlog = false;
  #closed = false;

  constructor(setting: WakerSetting) {
    this.#setting = setting;
  }

  /** Wakes at once, then each minute. */
  async start(): Promise<void> {
    const alarm = await eachMinute(() => void this.wake());
    if (this.#closed) return alarm.stop();
    this.#alarm = alarm;
    void this.wake();
  }

  /** Claims what is due and begins it, or joins the wake that does so already. Resolves when it has begun; never rejects. */
  wake(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#waking ??= this.#wake().finally(() => {
      this.#waking = null;
    });
    return this.#waking;
  }

  /** Resolves when nothing goes on and no run waits for a place. */
  async idle(): Promise<void> {
    while (this.#waking || this.#running.size + this.#beside.size > 0)
      await Promise.all([this.#waking, ...this.#running, ...this.#beside]);
  }

  /** Begins nothing any more; what goes on after `graceMs` is called off. */
  async stop(graceMs: number): Promise<void> {
    this.#closed = true;
    this.#alarm?.stop();
    const timer = setTimeout(() => this.#calledOff.abort(new OperationError('OP_INTERRUPTED', STOPPED)), graceMs);
    await this.idle();
    clearTimeout(timer);
  }

  async #wake(): Promise<void> {
    const { store, kinds, log, now } = this.#setting;
    try {
      await store.giveUpSilent(now());
      for (const schedule of await store.ahead(now(), [...kinds.keys()])) await store.rewind(schedule, now());
      while (await this.#takeWhatIsDue());
    } catch (error) {
      log.error({ err: error }, 'what is due could not be asked for; the next minute tries again');
    }
    if (this.#setting.beside) track(this.#beside, this.#setting.beside(now(), this.#calledOff.signal));
  }

  /** One look at the table. False where nothing was claimed by it: nothing is due, all places are taken, or other nodes were first. */
  async #takeWhatIsDue(): Promise<boolean> {
    const free = PLACES - this.#running.size;
    this.#backlog = free <= 0;
    if (free <= 0 || this.#closed) return false;
    const due = await this.#setting.store.due(this.#setting.now(), [...this.#setting.kinds.keys()], free);
    let moved = false;
    for (const schedule of due) moved = (await this.#take(schedule)) || moved;
    return moved;
  }

  async #take(schedule: Schedule): Promise<boolean> {
    const { store, kinds, now } = this.#setting;
    const kind = kinds.get(schedule.kind);
    if (!kind || this.#closed) return false;
    const turn = turnOf(schedule, now(), kind.catchUpMs);
    const run = await store.claim(schedule, turn, now());
    if (!run) return false;
    if (turn.refused === null) track(this.#running, this.#run(kind, run));
    else await store.finish(run, { outcome: 'skipped', detail: turn.refused }, now());
    return true;
  }

  /** A place that becomes free is filled at once where more is due. */
  async #run(kind: ScheduleKind, run: ClaimedRun): Promise<void> {
    const answer = await this.#answer(kind, run);
    try {
      const stored = await this.#setting.store.finish(run, answer, this.#setting.now());
      if (!stored) this.#setting.log.info(namesOf(run), 'a scheduled run ended after it had been given up');
    } catch (error) {
      this.#setting.log.error({ err: error, ...namesOf(run) }, 'how a scheduled run ended could not be stored');
    }
    if (this.#backlog) void this.wake();
  }

  async #answer(kind: ScheduleKind, run: ClaimedRun): Promise<RunAnswer> {
    const limit = new AbortController();
    const stop = () => limit.abort(this.#calledOff.signal.reason);
    const tooLong = () => limit.abort(new OperationError('OP_TIMEOUT', TOO_LONG));
    const timer = setTimeout(tooLong, this.#setting.runLimitMs ?? RUN_LIMIT_MS);
    this.#calledOff.signal.addEventListener('abort', stop, { once: true });
    try {
      const { schedule, dueAt, scheduled } = run;
      return await within(limit.signal, kind, {
        ...{ connectionId: schedule.connectionId, dueAt, scheduled, state: schedule.state },
      });
    } catch (error) {
      return this.#failed(error, run);
    } finally {
      clearTimeout(timer);
      this.#calledOff.signal.removeEventListener('abort', stop);
    }
  }

  #failed(error: unknown, run: ClaimedRun): RunAnswer {
    if (error instanceof OperationError) return { outcome: 'failed', detail: error.message };
    this.#setting.log.error({ err: error, ...namesOf(run) }, 'a scheduled run failed');
    return { outcome: 'failed', detail: UNFORESEEN };
  }
}

function namesOf({ schedule, dueAt }: ClaimedRun): Record<string, unknown> {
  return { kind: schedule.kind, connectionId: schedule.connectionId, dueAt };
}

function track(set: Set<Promise<void>>, work: Promise<void>): void {
  const tracked = work.finally(() => set.delete(tracked));
  set.add(tracked);
}
