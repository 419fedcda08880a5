/** Something that is kept equal to the store while somebody watches it: subscribed first, then read, read again after every gap. */
import { Alarm } from './alarm.js';
import { Backoff } from './backoff.js';
import type { Gather } from './gather.js';
import type { Http } from './http.js';
import { problemFrom, waitAskedMs } from './problem.js';
import type { RealtimeSocket } from './socket.js';
import type { Surroundings } from './surroundings.js';
import { Watchers } from './watchers.js';

/** How long a feed outlives its last watcher: a page that swaps one element for another keeps its subscription. */
const GRACE_MS = 5_000;

/** What a feed needs of its client. */
export interface Desk {
  readonly around: Surroundings;
  readonly http: Http;
  readonly gather: Gather;
  /** The socket that has said hello, if there is one. */
  readonly socket: RealtimeSocket | null;
  /** A feed became known, settled or unsettled. */
  changed(): void;
  /** A feed must be polled from now on. */
  poll(): void;
  /** Nobody has watched a feed for the grace time. */
  ended(path: string): void;
}

export abstract class Feed<S> {
  readonly path: string;
  protected readonly desk: Desk;
  readonly #watchers = new Watchers<S>();
  readonly #grace: Alarm;
  readonly #retry: Alarm;
  readonly #backoff: Backoff;
  /** Whether the first answer came. */
  protected known = false;
  /** Polls are left out until then, ms since the epoch: a feed that cannot be read is asked for seldom. */
  protected restUntil = 0;
  #settled = false;
  #polled = false;
  #refused = false;
  #joining = false;
  #closed = false;
  #run = 0;

  constructor(desk: Desk, path: string) {
    this.desk = desk;
    this.path = path;
    this.#grace = new Alarm(desk.around);
    this.#retry = new Alarm(desk.around);
    this.#backoff = new Backoff(desk.around.random);
  }

  /** What watchers are told. */
  abstract snapshot(): S;
  /** A message of the subscription. */
  abstract receive(message: unknown): void;
  /** Reads the store and takes the answer in, unless `outdated()`; throws where it could not be read. */
  protected abstract read(outdated: () => boolean): Promise<void>;
  /** A new reading begins: what is heard from here on may be newer than its answer. */
  protected abstract begin(): void;
  protected abstract clear(): void;

  /** Known, and not brought up to date on the present socket: the client is not live while one is. */
  get unsettled(): boolean {
    return this.known && !this.#settled;
  }

  /** Live, but without a subscription of its own. */
  get polled(): boolean {
    return this.#polled;
  }

  get resting(): boolean {
    return this.restUntil > this.desk.around.now();
  }

  /** Tells the listener at once and at every change. */
  watch(listener: (snapshot: S) => void): () => void {
    this.#grace.clear();
    const unbind = this.#watchers.add(listener);
    listener(this.snapshot());
    return () => {
      unbind();
      if (this.#watchers.size === 0 && !this.#closed) this.#grace.set(GRACE_MS, () => this.desk.ended(this.path));
    };
  }

  tell(): void {
    this.#watchers.tell(this.snapshot());
  }

  /** Subscribes, then reads; reads again until it succeeds. Messages that come meanwhile are not lost. */
  join(socket: RealtimeSocket): void {
    const run = this.#start();
    this.#joining = true;
    void this.#subscribe(socket, run);
  }

  /** The socket is gone, and with it whatever it would have said. */
  leave(): void {
    this.#start();
    this.#settled = false;
    this.#polled = false;
    this.#refused = false;
  }

  /** Reads once, where no subscription does better; throws where the store could not be read. */
  async poll(): Promise<void> {
    if (this.#joining || (this.#settled && !this.#polled)) return;
    const { socket } = this.desk;
    if (this.#polled && !this.#refused && socket?.hasRoom) return this.join(socket);
    const run = this.#start();
    try {
      await this.read(() => run !== this.#run);
    } catch (error) {
      if (run !== this.#run) return;
      this.#settle(false);
      throw error;
    }
    if (run === this.#run) this.#settle(this.#polled);
  }

  /** Reads again on the living subscription. */
  protected refresh(): void {
    if (this.#joining || !this.#settled) return;
    const run = this.#start();
    this.#joining = true;
    void this.#load(run);
  }

  /** Forgets everything that was read; the watchers stay. */
  reset(): void {
    this.leave();
    this.clear();
    this.known = false;
    this.restUntil = 0;
    this.changed();
  }

  close(): void {
    this.#closed = true;
    this.#start();
    this.#grace.clear();
    this.#watchers.clear();
  }

  /** A refused subscription is worth another try. */
  protected granted(): void {
    this.#refused = false;
  }

  protected changed(): void {
    this.desk.gather.add(this);
  }

  /** Ends whatever reading is under way: its answer, once there, is too old. */
  #start(): number {
    this.#retry.clear();
    this.#joining = false;
    this.begin();
    this.#run += 1;
    return this.#run;
  }

  async #subscribe(socket: RealtimeSocket, run: number): Promise<void> {
    this.#polled = false;
    this.#refused = false;
    try {
      if (!socket.hasRoom) this.#polled = true;
      else await socket.subscribe(this.path);
    } catch (error) {
      if (run !== this.#run || problemFrom(error).status === 0) return;
      this.#polled = true;
      this.#refused = true;
    }
    if (run === this.#run) await this.#load(run);
  }

  async #load(run: number): Promise<void> {
    try {
      await this.read(() => run !== this.#run);
    } catch (error) {
      if (run !== this.#run) return;
      const delayMs = Math.max(this.#backoff.nextMs(), waitAskedMs(problemFrom(error)));
      this.#retry.set(delayMs, () => void this.#load(run));
      return;
    }
    if (run !== this.#run) return;
    this.#joining = false;
    this.#backoff.reset();
    this.#settle(true);
    if (this.#polled) this.desk.poll();
  }

  #settle(settled: boolean): void {
    this.#settled = settled;
    this.desk.changed();
  }
}
