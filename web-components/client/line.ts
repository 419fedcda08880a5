/** The line to the server: which way it goes, when it is tried again, and how the page stands. */
import type { ConnectionState, LogSnapshot, Operation, Phase, Snapshot } from './contract.js';
import type { Feed } from './feed.js';
import { createHttp, type Http } from './http.js';
import { ABANDONED, RequestProblem, waitAskedMs } from './problem.js';
import { openSocket, type Frame, type RealtimeSocket } from './socket.js';
import { backoffMs, type Surroundings } from './surroundings.js';
import { Watched } from './watched.js';

const STABLE_MS = 60_000;
const POLLING_RECHECK_MS = 60_000;
/** Tries without a stable socket, after which the page is content with polling. */
const TRIES_BEFORE_POLLING = 3;

/** The answer of GET /realtime. */
type Plan = { transport: 'websocket' | 'polling'; url: string; pollIntervalMs: number };
/** The server is about to stop. */
type Drain = { retryAfterMs?: number };
type AnyFeed = Feed<Snapshot> | Feed<LogSnapshot>;

const authOf = (token: string) => ({ auth: { headers: { authorization: `Bearer ${token}` } } });

export class Line extends Watched<ConnectionState> {
  readonly around: Surroundings;
  http!: Http;
  /** The socket that has said hello, if there is one. */
  socket: RealtimeSocket | null = null;
  readonly #feeds = new Map<string, AnyFeed>();
  readonly #unwake: () => void;
  current: ConnectionState = { phase: 'connecting', lastKnownAt: null };
  /** Of the present user. */
  #life = new AbortController();
  #isClosed = false;
  #pollIntervalMs: number;
  #isReachable = false;
  #epoch: string | null = null;
  #tries = 0;
  /** Ends when a server that is about to stop may be asked again. */
  #silence = Promise.resolve();
  #goOn: () => void = () => undefined;
  /** Ends the socket, or the waiting for the next one. */
  #callOff: () => void = () => undefined;

  constructor(around: Surroundings) {
    super();
    this.around = around;
    this.#pollIntervalMs = around.pollIntervalMs;
    this.#unwake = around.onWake(
      () => void this.#wake(),
      () => this.socket?.close(),
    );
    this.start();
  }

  /** Begins, or begins anew: as another user perhaps. */
  start(): void {
    const { around } = this;
    const before = this.#life;
    this.#life = new AbortController();
    this.#life.signal.addEventListener('abort', () => this.#stop());
    this.http = createHttp(around, this.#life, (token, isRebound) => void this.#renew(token, isRebound));
    before.abort(new RequestProblem(ABANDONED));
    for (const feed of this.#feeds.values()) feed.reset();
    this.current = { phase: 'connecting', lastKnownAt: null };
    this.#tries = 0;
    this.#silence = Promise.resolve();
    this.#epoch = null;
    this.tell();
    void this.#keep(this.#life.signal);
  }

  close(): void {
    this.#isClosed = true;
    this.#unwake();
    this.#life.abort(new RequestProblem(ABANDONED));
    for (const feed of this.#feeds.values()) feed.pause();
    this.look();
  }

  /** Nothing is tried any more. */
  get isOver(): boolean {
    return this.#life.signal.aborted;
  }

  /** With a tenth of jitter, so that pages that lost the socket together don't poll together. */
  pollDelayMs(): number {
    return this.#pollIntervalMs * (0.9 + 0.2 * this.around.random());
  }

  /** The feed of that path; watchers of the same thing share one. */
  feed<F extends AnyFeed>(path: string, make: (path: string) => F): F {
    const known = this.#feeds.get(path) as F | undefined;
    if (known) return known;
    const feed = make(path);
    this.#feeds.set(path, feed);
    if (this.socket || this.current.phase === 'polling') void feed.refresh();
    else feed.leave();
    return feed;
  }

  /** Nobody has watched the feed for a while. */
  drop(feed: Pick<AnyFeed, 'path' | 'topics' | 'pause'>): void {
    if (this.#feeds.get(feed.path) !== feed) return;
    feed.pause();
    this.#feeds.delete(feed.path);
    for (const path of feed.topics)
      if (this.#hearing(path).length === 0) void this.socket?.ask({ type: 'unsub', path });
    this.look();
  }

  /** Takes an operation that a request answered with, at once. */
  merge(operation: Operation): void {
    for (const path of [`/connections/${operation.connectionId}/operations`, '/operations']) {
      this.#feeds.get(path)?.receive({ operation });
    }
  }

  /** Another epoch is a restored backup: revisions have gone back, and what is held counts no more. */
  seen(epoch: string): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    for (const feed of this.#feeds.values()) if (feed.forget()) void feed.refresh();
  }

  /** Works out anew how the page stands. */
  look(): void {
    const { phase: before, lastKnownAt } = this.current;
    const phase = this.#phase();
    const isCurrent = phase === 'live' || phase === 'polling';
    this.current = { phase, lastKnownAt: isCurrent ? this.around.now() : lastKnownAt };
    if (phase !== before || phase === 'polling') this.tell();
  }

  #phase(): Phase {
    if (this.#isClosed) return 'closed';
    if (this.isOver) return 'signed-out';
    const known = [...this.#feeds.values()].filter(({ facts }) => facts.known);
    if (this.socket && known.every(({ readOn }) => readOn === this.socket)) return 'live';
    const isPolling = this.#isReachable && this.#tries >= TRIES_BEFORE_POLLING;
    if (isPolling && known.every(({ readOn }) => readOn !== undefined)) return 'polling';
    return this.current.lastKnownAt === null ? 'connecting' : 'reconnecting';
  }

  /** Connects, and connects again, for as long as its life lasts. */
  async #keep(life: AbortSignal): Promise<void> {
    while (!life.aborted) {
      const askedMs = await this.#connect(life).catch(waitAskedMs);
      if (life.aborted) return;
      const delayMs = askedMs + backoffMs(this.#tries++, this.around.random);
      this.look();
      await new Promise<void>((resolve) => {
        this.#goOn = resolve;
        this.#callOff = this.around.after(delayMs, resolve);
      });
      await this.#silence;
    }
  }

  /** Rides a socket to its end where one is to be had; answers how long to wait before the next, in ms. */
  async #connect(life: AbortSignal): Promise<number> {
    const { around, http } = this;
    const plan = await http.request<Plan>('GET', '/realtime').finally(() => (this.#isReachable = false));
    this.#isReachable = true;
    this.#pollIntervalMs = plan.pollIntervalMs;
    if (plan.transport === 'polling') {
      this.#tries = TRIES_BEFORE_POLLING;
      return POLLING_RECHECK_MS;
    }
    const token = await http.token();
    const address = new URL(plan.url, around.url.replace(/^http/, 'ws'));
    // Behind a proxy that ends TLS the server may not know that it is reached by https; a browser would refuse ws.
    if (around.url.startsWith('https:')) address.protocol = 'wss:';
    life.throwIfAborted();
    const socket = openSocket(around, address.href, (frame) => this.#take(frame));
    this.#callOff = socket.close;
    const status = await socket.ask({ type: 'hello', version: '2', ...authOf(token) });
    if (status === 200) await this.#ride(socket);
    else socket.close();
    if (status === 401) await http.token(token);
    return 0;
  }

  async #ride(socket: RealtimeSocket): Promise<void> {
    const openedAt = this.around.now();
    this.socket = socket;
    for (const feed of this.#feeds.values()) void feed.refresh();
    this.look();
    await socket.ended;
    if (this.around.now() - openedAt >= STABLE_MS) this.#tries = 0;
    this.socket = null;
    for (const feed of this.#feeds.values()) feed.leave();
  }

  #take({ type, path = '', message }: Frame): void {
    if (this.current.phase === 'live') this.current = { ...this.current, lastKnownAt: this.around.now() };
    if (type === 'update') this.#rest((message as Drain | null)?.retryAfterMs ?? 0);
    for (const feed of this.#hearing(path)) {
      if (type === 'pub') feed.receive(message);
      // Asks again for what was taken away: the refusal says why, and a mistake mends itself.
      if (type === 'revoke') feed.rejoin();
    }
  }

  #hearing(path: string): AnyFeed[] {
    return [...this.#feeds.values()].filter(({ topics }) => topics.includes(path));
  }

  #rest(restMs: number): void {
    this.#silence = new Promise((resolve) => this.around.after(restMs, resolve));
  }

  /** The socket goes on with the new token; where that reaches other things, everything is asked for anew. */
  async #renew(token: string, isRebound: boolean): Promise<void> {
    const status = await this.socket?.ask({ type: 'reauth', ...authOf(token) });
    if (isRebound && status === 200) for (const feed of this.#feeds.values()) feed.rejoin();
  }

  /** The page is looked at again, or the network is back: no reason to wait any longer. */
  async #wake(): Promise<void> {
    if (this.socket) return this.socket.probe();
    this.#goOn();
    await this.#silence;
    if (!this.isOver) for (const feed of this.#feeds.values()) void feed.refresh();
  }

  #stop(): void {
    this.#callOff();
    this.look();
  }
}
