/** Looks at a service until its fate is known, tells people what it sees, and remembers it for whoever takes over. */
import type { RestartRun } from '../../../server/platforms/contract.js';
import { pause } from '../../../server/ssh/backoff.js';
import type { Deadline } from '../../../server/ssh/deadline.js';
import type { Remote } from '../../../server/ssh/remote.js';
import type { SentCommand } from './command.js';
import { judge, type CommandEnd, type Judgement, type Patience } from './judgement.js';
import type { InitSystem, Look } from './look.js';

export interface Timing extends Patience {
  pollMs: number;
}

const LOOK_TIMEOUT_MS = 15_000;

/** One look; asked again on new sessions until the deadline. */
export async function lookAt(init: InitSystem, service: string, remote: Remote, deadline: Deadline): Promise<Look> {
  const answer = await remote.look(init.lookCommand(service), deadline, { timeoutMs: LOOK_TIMEOUT_MS });
  return init.readLook(answer);
}

export interface WatchOptions {
  run: RestartRun;
  init: InitSystem;
  remote: Remote;
  before: Look;
  /** Null where a run before this one sent it. */
  command: SentCommand | null;
  deadline: Deadline;
  timing: Timing;
}

export class Watch {
  last: Look;
  readonly #options: WatchOptions;
  #since = performance.now();
  #seen: string;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.last = options.before;
    this.#seen = JSON.stringify(options.before);
  }

  get end(): CommandEnd | null {
    const { command } = this.#options;
    return command ? command.end : { kind: 'lost' };
  }

  get deadline(): Deadline {
    return this.#options.deadline;
  }

  get changed(): boolean {
    return this.last.mark !== null && this.last.mark !== this.#options.before.mark;
  }

  get judgement(): Judgement {
    const { init, before, timing } = this.#options;
    const quietMs = performance.now() - this.#since;
    return judge({ init, before, now: this.last, end: this.end, quietMs, patience: timing });
  }

  /** Looks again and again until this is so; false where the deadline passed first. */
  async until(done: () => boolean): Promise<boolean> {
    const { deadline } = this.#options;
    for (;;) {
      const ended = this.end !== null;
      await this.#look();
      // The quiet time counts from the first look after the command has ended.
      if (!ended && this.end !== null) this.#since = performance.now();
      else if (done()) return true;
      if (deadline.passed) return false;
      await this.#nextLook();
    }
  }

  async #look(): Promise<void> {
    const { run, init, remote, deadline } = this.#options;
    this.last = await lookAt(init, run.service, remote, deadline);
    const seen = JSON.stringify([this.last.standing, this.last.state, this.last.mark]);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#since = performance.now();
    const sentence = `${run.service} is ${this.last.state}, with ${this.last.process}`;
    run.message(sentence);
    run.log(sentence, 'note');
    await run.saw({ state: this.last.state, mark: this.last.mark });
  }

  /** Waits a moment; the end of the command is worth a look at once. */
  async #nextLook(): Promise<void> {
    const { run, command, timing, deadline } = this.#options;
    const moment = new AbortController();
    const signal = AbortSignal.any([run.signal, moment.signal]);
    const paused = pause(Math.min(timing.pollMs, deadline.leftMs), signal);
    paused.catch(() => undefined);
    try {
      await (command && !command.end ? Promise.race([paused, command.ended]) : paused);
    } finally {
      moment.abort(new Error('The wait is over.'));
    }
  }
}
