/** A restart without an engine: it keeps the rules of `RestartRun` as strictly, and remembers what it was told. */
import type { ConnectionTarget } from '../../server/connections/contract.js';
import type { JsonObject, LogStream } from '../../server/operations/contract.js';
import type { RestartFailure, RestartPhase, RestartRun, SentRestart } from '../../server/platforms/contract.js';
import type { SshSession } from '../../server/ssh/contract.js';

const ORDER: RestartPhase[] = ['connect', 'check', 'stopping', 'starting', 'prove'];

/** What `run.fail` threw. */
export class RestartFailed extends Error {
  readonly code: RestartFailure;
  readonly detail: JsonObject;

  constructor(code: RestartFailure, message: string, detail: JsonObject) {
    super(message);
    this.name = 'RestartFailed';
    this.code = code;
    this.detail = detail;
  }
}

export interface RestartRecord {
  phases: RestartPhase[];
  messages: string[];
  /** `in restart nginx`, `out …`: stream and text, in order. */
  log: string[];
  /** What was handed to `aboutToSend`; null while nothing has been sent. */
  sent: SentRestart | null;
  /** All that was handed to `saw`, merged. */
  seen: JsonObject;
  failure: RestartFailed | null;
  /** Sessions opened so far, and those of them that have not been closed. */
  opened: number;
  unclosed: number;
}

export interface RecordingOptions {
  connection: ConnectionTarget;
  service: string;
  open(signal: AbortSignal): Promise<SshSession>;
  /** Non-null for a run that takes over. */
  sent?: SentRestart | null;
  signal?: AbortSignal;
  /** Runs just before `aboutToSend` resolves; what it throws is what a cancelled operation would throw. */
  onSend?(before: JsonObject): void | Promise<void>;
  /** Called at each entry of a phase. */
  onPhase?(phase: RestartPhase): void;
  /** Called with each message. */
  onMessage?(text: string): void;
}

class Recording {
  readonly record: RestartRecord = {
    phases: [],
    messages: [],
    log: [],
    sent: null,
    seen: {},
    failure: null,
    opened: 0,
    unclosed: 0,
  };
  readonly run: RestartRun;
  readonly #options: RecordingOptions;
  #inside: RestartPhase | null = null;

  constructor(options: RecordingOptions) {
    this.#options = options;
    const signal = options.signal ?? new AbortController().signal;
    this.run = {
      signal,
      connection: options.connection,
      service: options.service,
      sent: options.sent ?? null,
      open: (inner) => this.#open(inner),
      phase: (phase, work) => this.#phase(phase, () => work(signal)),
      message: (text) => this.#message(text),
      log: (text: string, stream: LogStream = 'note') => void this.record.log.push(`${stream} ${text}`),
      aboutToSend: (before) => this.#aboutToSend(before),
      saw: (seen) => this.#saw(seen),
      fail: (code, message, detail = {}) => this.#fail(code, message, detail),
    };
  }

  async #open(signal: AbortSignal): Promise<SshSession> {
    const session = await this.#options.open(signal);
    this.record.opened += 1;
    this.record.unclosed += 1;
    let open = true;
    const close = () => {
      if (open) this.record.unclosed -= 1;
      open = false;
      session.close();
    };
    return { ...session, close };
  }

  async #phase<T>(phase: RestartPhase, work: () => Promise<T>): Promise<T> {
    const last = this.record.phases.at(-1);
    if (this.#inside) throw new Error(`Phase ${phase} begins inside ${this.#inside}.`);
    if (last && ORDER.indexOf(phase) <= ORDER.indexOf(last)) throw new Error(`Phase ${phase} comes after ${last}.`);
    this.record.phases.push(phase);
    this.#inside = phase;
    this.#options.onPhase?.(phase);
    try {
      return await work();
    } finally {
      this.#inside = null;
    }
  }

  #message(text: string): void {
    this.record.messages.push(text);
    this.#options.onMessage?.(text);
  }

  async #aboutToSend(before: JsonObject): Promise<void> {
    if (this.#options.sent || this.record.sent) throw new Error('A restart was about to be sent twice.');
    if (!this.#inside || ORDER.indexOf(this.#inside) < ORDER.indexOf('stopping'))
      throw new Error(`A restart was about to be sent in phase ${this.#inside ?? 'none'}.`);
    // As JSON, because that is how it would come back to whoever takes over.
    const stored = JSON.parse(JSON.stringify(before)) as JsonObject;
    this.record.sent = { at: new Date().toISOString(), before: stored, seen: this.record.seen };
    await this.#options.onSend?.(stored);
  }

  #saw(seen: JsonObject): Promise<void> {
    Object.assign(this.record.seen, JSON.parse(JSON.stringify(seen)));
    return Promise.resolve();
  }

  #fail(code: RestartFailure, message: string, detail: JsonObject): never {
    this.record.failure = new RestartFailed(code, message, detail);
    throw this.record.failure;
  }
}

/** `record` is live: it can be read while the restart runs. */
export function recordingRun(options: RecordingOptions): { run: RestartRun; record: RestartRecord } {
  const { run, record } = new Recording(options);
  return { run, record };
}
