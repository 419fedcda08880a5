/** Something that is kept equal to the store while somebody watches it: subscribed first, then read, read again after every gap. */
import type { Problem } from './contract.js';
import type { Line } from './line.js';
import { RequestProblem, waitAskedMs } from './problem.js';
import type { RealtimeSocket } from './socket.js';
import { Watched } from './watched.js';

/** How long a feed outlives its last watcher: a page that swaps one element for another keeps its subscription. */
const GRACE_MS = 5_000;
/** How seldom something is asked for that may not be read: it may be granted again. */
const REFUSED_REST_MS = 60_000;
/** Watchers are told once a drawn picture, however many messages came meanwhile. */
const PICTURE_MS = 16;

type Facts = { known: boolean; problem: Problem | null };
const UNKNOWN: Facts = { known: false, problem: null };

export abstract class Feed<S> extends Watched<S> {
  readonly path: string;
  /** Where it was read last: on this socket, without one (null), or not since the last fault (undefined). */
  readOn: RealtimeSocket | null | undefined;
  /** Whether the first answer came, and why nothing may be read. */
  facts: Facts = UNKNOWN;
  protected readonly line: Line;
  /** A reading is under way, or is waited for. */
  protected isReading = false;
  protected isSubscribed = false;
  #topics: readonly string[] = [];
  #subscription: Promise<boolean> | null = null;
  #run = new AbortController();
  #isDrawing = false;
  #callOff: () => void = () => undefined;

  constructor(line: Line, path: string) {
    super();
    this.line = line;
    this.path = path;
  }

  /** What it subscribes to with the present token; nothing: it is polled. */
  protected get wanted(): readonly string[] {
    return [this.path];
  }

  /** The topics whose messages it takes. */
  get topics(): readonly string[] {
    return this.#topics;
  }

  /** A message of the subscription. */
  abstract receive(message: unknown): void;
  /** Drops what is held; answers whether there was anything. */
  abstract forget(): boolean;
  /** Reads the store and takes the answer in, unless the signal has come; throws where it could not be read. */
  protected abstract read(signal: AbortSignal): Promise<void>;

  override watch(listener: (snapshot: S) => void): () => void {
    const unbind = super.watch(listener);
    return () => {
      unbind();
      this.line.around.after(GRACE_MS, () => this.watchers.size > 0 || this.line.drop(this));
    };
  }

  /** Subscribes where it can, then reads; comes again where that is needed. */
  async refresh(): Promise<void> {
    const { socket } = this.line;
    const signal = this.pause();
    try {
      if (socket) this.#subscription ??= this.#subscribe(socket);
      this.isSubscribed = (await this.#subscription) ?? false;
      if (!signal.aborted) await this.read(signal);
      if (!signal.aborted) this.#settle(socket, null);
    } catch (error) {
      if (!signal.aborted) this.#fail(socket, error);
    }
    this.line.look();
  }

  /** The socket is gone, and with it whatever it would have said: polls until there is another. */
  leave(): void {
    this.pause();
    this.#subscription = null;
    this.readOn = undefined;
    this.#next(this.line.pollDelayMs());
  }

  /** Subscribes anew and reads: what may be heard has changed. */
  rejoin(): void {
    this.leave();
    void this.refresh();
  }

  /** Drops all that was read as another user; the watchers stay. */
  reset(): void {
    this.forget();
    this.facts = UNKNOWN;
    this.changed();
  }

  /** Ends what is under way. */
  pause(): AbortSignal {
    this.#callOff();
    this.#run.abort();
    this.#run = new AbortController();
    this.isReading = true;
    return this.#run.signal;
  }

  protected changed(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    this.line.around.after(PICTURE_MS, () => {
      this.#isDrawing = false;
      this.tell();
    });
  }

  async #subscribe(socket: RealtimeSocket): Promise<boolean> {
    this.#topics = this.wanted;
    const answers = await Promise.all(this.#topics.map((path) => socket.ask({ type: 'sub', path })));
    return answers.length > 0 && answers.every((status) => status === 200);
  }

  #settle(socket: RealtimeSocket | null, problem: Problem | null): void {
    if (!this.facts.known || this.facts.problem !== problem) this.changed();
    this.facts = { known: true, problem };
    this.readOn = socket;
    this.isReading = false;
    if (problem || !this.isSubscribed) this.#next(problem ? REFUSED_REST_MS : this.line.pollDelayMs());
  }

  #fail(socket: RealtimeSocket | null, error: unknown): void {
    if (error instanceof RequestProblem && [403, 404].includes(error.status)) {
      this.forget();
      this.#subscription = null;
      return this.#settle(socket, error);
    }
    this.readOn = undefined;
    this.#next(waitAskedMs(error) || this.line.pollDelayMs());
  }

  #next(delayMs: number): void {
    if (!this.line.isOver) this.#callOff = this.line.around.after(delayMs, () => void this.refresh());
  }
}
