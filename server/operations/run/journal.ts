/**
 * What one running operation has to say, on its way to the store: progress, messages and log lines are gathered and stored at
 * most four times a second; a checkpoint and the end are stored at once. One write is under way at a time.
 */
import type { JsonObject, LogLine, LogStream, StepPosition } from '../contract.js';
import type { Hold, OperationWrite } from '../store.js';

export const MIN_GAP_MS = 250;
const MAX_LINES = 100_000;

export interface JournalSink {
  /** Stores one guarded write; false: the hold is lost. */
  write(write: OperationWrite): Promise<boolean>;
  /** Stores log lines; false: the hold is lost. */
  append(hold: Hold, lines: LogLine[]): Promise<boolean>;
  /** A write failed for another reason; it is tried again. */
  failed(error: unknown): void;
}

/** A change that can wait, in the form that the operation knows it. */
export interface Change {
  progress?: number;
  step?: StepPosition;
  message?: string;
  metadata?: JsonObject;
}

type Columns = Partial<Omit<OperationWrite, keyof Hold>>;

function columns(change: Change): Columns {
  const { progress, step, message, metadata } = change;
  return {
    ...(progress === undefined ? {} : { progress }),
    ...(message === undefined ? {} : { message }),
    ...(step === undefined ? {} : { step: JSON.stringify(step) }),
    ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
  };
}

export class Journal {
  readonly #hold: Hold;
  readonly #sink: JournalSink;
  readonly #lost: () => void;
  #change: Change = {};
  #lines: LogLine[] = [];
  #seq: number;
  #timer: NodeJS.Timeout | null = null;
  #last = -Infinity;
  #chain: Promise<void> = Promise.resolve();
  #closed = false;

  /** `lost` is called when the store says that somebody else holds the operation now. */
  constructor(hold: Hold, sink: JournalSink, options: { lastSeq: number; lost: () => void }) {
    this.#hold = hold;
    this.#sink = sink;
    this.#seq = options.lastSeq;
    this.#lost = options.lost;
  }

  note(change: Change): void {
    if (this.#closed) return;
    Object.assign(this.#change, change);
    this.#schedule();
  }

  log(text: string, stream: LogStream): void {
    if (this.#closed || this.#seq >= MAX_LINES) return;
    const full = this.#seq === MAX_LINES - 1;
    const at = new Date().toISOString();
    this.#lines.push({
      seq: ++this.#seq,
      at,
      stream: full ? 'note' : stream,
      text: full ? 'Output ends here: too many lines.' : text,
    });
    this.#schedule();
  }

  /** Stores the checkpoint and whatever waits; resolves when it is durable. */
  async checkpoint(state: string): Promise<boolean> {
    return this.#store({ state });
  }

  /** Stores the last write of all; whatever comes later is dropped. */
  async end(status: NonNullable<OperationWrite['status']>, last: Columns): Promise<boolean> {
    this.#closed = true;
    return this.#store({ ...last, status });
  }

  /** Stores what waits and takes no more: for work that is given back. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#store({});
  }

  /** Drops what waits: the hold is gone. */
  drop(): void {
    this.#closed = true;
    this.#clearTimer();
    this.#change = {};
    this.#lines = [];
  }

  #schedule(): void {
    if (this.#timer) return;
    const wait = Math.max(0, this.#last + MIN_GAP_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#last = performance.now();
      this.#store({}).catch((error: unknown) => this.#sink.failed(error));
    }, wait);
  }

  #clearTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #store(extra: Columns): Promise<boolean> {
    this.#clearTimer();
    const result = this.#chain.then(() => this.#flush(extra));
    this.#chain = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async #flush(extra: Columns): Promise<boolean> {
    const change = this.#change;
    const lines = this.#lines;
    this.#change = {};
    this.#lines = [];
    try {
      const kept =
        (lines.length === 0 || (await this.#append(lines))) && (await this.#write({ ...columns(change), ...extra }));
      if (!kept) this.#lost();
      return kept;
    } catch (error) {
      this.#change = { ...change, ...this.#change };
      if (!this.#closed) this.#schedule();
      throw error;
    }
  }

  async #append(lines: LogLine[]): Promise<boolean> {
    try {
      return await this.#sink.append(this.#hold, lines);
    } catch (error) {
      this.#lines = [...lines, ...this.#lines];
      throw error;
    }
  }

  async #write(changes: Columns): Promise<boolean> {
    if (Object.keys(changes).length === 0) return true;
    return this.#sink.write({ ...this.#hold, ...changes });
  }
}
