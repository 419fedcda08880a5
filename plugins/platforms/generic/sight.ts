/** What is seen of a service from outside: its check command and its port, each watched in a loop of its own. */
import type { JsonObject } from '../../../server/operations/contract.js';
import type { RestartRun } from '../../../server/platforms/contract.js';
import { pause } from '../../../server/ssh/backoff.js';
import type { Deadline } from '../../../server/ssh/deadline.js';
import { SshError } from '../../../server/ssh/errors.js';
import { probePort } from '../../../server/ssh/port-probe.js';
import type { Remote } from '../../../server/ssh/remote.js';
import type { GenericSettings } from './settings.js';
import { filled } from './template.js';

const CHECK_TIMEOUT_MS = 30_000;

/** Null where it is not looked at, or not known yet. */
export interface Seen {
  check: boolean | null;
  port: boolean | null;
}

export interface SightOptions {
  run: RestartRun;
  remote: Remote;
  settings: GenericSettings;
  deadline: Deadline;
  pollMs: number;
}

export class Sight {
  now: Seen = { check: null, port: null };
  /** Whether the check failed, or the port was closed, at any moment since the sight began. */
  readonly down = { check: false, port: false };
  readonly #options: SightOptions;
  readonly #end = new AbortController();
  #failure: Error | null = null;

  constructor(options: SightOptions) {
    this.#options = options;
  }

  get #signal(): AbortSignal {
    return AbortSignal.any([this.#options.run.signal, this.#end.signal]);
  }

  /** One look at both; `check` asks again on new sessions until the deadline. */
  async once(): Promise<Seen> {
    const [check, port] = await Promise.all([this.#check(), this.#port()]);
    return { check, port };
  }

  /** Begins to look on and on. */
  begin(): void {
    const { settings } = this.#options;
    if (settings.checkCommand) void this.#loop('check', () => this.#check());
    if (settings.servedPort !== null) void this.#loop('port', () => this.#port());
  }

  /** Whether everything that is looked at is good just now. */
  get up(): boolean {
    const { settings } = this.#options;
    return (
      (settings.checkCommand === '' || this.now.check === true) &&
      (settings.servedPort === null || this.now.port === true)
    );
  }

  /** Waits until this is so; false where the deadline passed first. Throws what ended a loop. */
  async until(done: () => boolean): Promise<boolean> {
    const { run, deadline, pollMs } = this.#options;
    for (;;) {
      if (this.#failure) throw this.#failure;
      if (done()) return true;
      if (deadline.passed) return false;
      await pause(Math.min(pollMs / 2, deadline.leftMs), run.signal);
    }
  }

  /** Forgets what was seen, so that what counts is seen from now on. */
  forget(): void {
    this.now = { check: null, port: null };
  }

  /** Ends the loops; what is still on its way is no longer noted. */
  stop(): void {
    this.#end.abort(new Error('The sight has ended.'));
  }

  async #check(): Promise<boolean | null> {
    const { run, remote, settings, deadline } = this.#options;
    if (settings.checkCommand === '') return null;
    const command = filled(settings.checkCommand, run.service);
    const limits = { timeoutMs: CHECK_TIMEOUT_MS, maxBytes: 4096, signal: this.#signal };
    return (await remote.look(command, deadline, limits)).code === 0;
  }

  async #port(): Promise<boolean | null> {
    const { run, settings } = this.#options;
    if (settings.servedPort === null) return null;
    try {
      await probePort(run.connection.hostname, settings.servedPort, { signal: this.#signal });
      return true;
    } catch (error) {
      if (!(error instanceof SshError)) throw error;
      return false;
    }
  }

  async #loop(what: keyof Seen, look: () => Promise<boolean | null>): Promise<void> {
    try {
      for (;;) {
        const good = await look();
        this.#end.signal.throwIfAborted();
        if (good !== this.now[what]) await this.#note(what, good);
        await pause(this.#options.pollMs, this.#signal);
      }
    } catch (error) {
      if (!this.#end.signal.aborted) this.#failure = error as Error;
    }
  }

  async #note(what: keyof Seen, good: boolean | null): Promise<void> {
    const { run, settings } = this.#options;
    this.now[what] = good;
    this.down[what] ||= good === false;
    const words = what === 'check' ? ['passes', 'fails'] : ['is served', 'is closed'];
    const subject = what === 'check' ? `The check of ${run.service}` : `Port ${settings.servedPort}`;
    const sentence = `${subject} ${good ? words[0] : words[1]}`;
    run.message(sentence);
    run.log(sentence, 'note');
    const seen: JsonObject = { [what]: good, ...(this.down[what] ? { [`${what}Down`]: true } : {}) };
    await run.saw(seen);
  }
}
