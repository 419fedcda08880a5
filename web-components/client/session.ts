/** The line to the server: which way it goes, when it is tried again, and how the page stands. */
import { Alarm } from './alarm.js';
import { Backoff } from './backoff.js';
import type { ConnectionState, Phase } from './contract.js';
import { dial } from './dial.js';
import type { Http } from './http.js';
import type { Poller } from './poller.js';
import { problemFrom, RequestProblem, waitAskedMs } from './problem.js';
import type { RealtimeSocket, SocketListener } from './socket.js';
import type { Surroundings } from './surroundings.js';
import type { Tokens } from './tokens.js';

const STABLE_MS = 60_000;
const POLLING_RECHECK_MS = 60_000;
/** Tries without a stable socket, after which the page polls in the gaps. */
const TRIES_BEFORE_POLLING = 3;

/** The answer of GET /realtime. */
interface Plan {
  transport: 'websocket' | 'polling';
  url: string;
  pollIntervalMs?: number;
}

export interface SessionDesk {
  readonly around: Surroundings;
  readonly http: Http;
  readonly tokens: Tokens;
  readonly poller: Poller;
  /** The socket has said hello. */
  joined(socket: RealtimeSocket): void;
  left(): void;
  published(path: string, message: unknown): void;
  revoked(path: string): void;
  /** Whether what is known has been brought up to date on the present socket. */
  settled(): boolean;
  stateChanged(): void;
}

export class Session {
  readonly #desk: SessionDesk;
  readonly #retry: Alarm;
  readonly #stable: Alarm;
  readonly #backoff: Backoff;
  #socket: RealtimeSocket | null = null;
  #opening: RealtimeSocket | null = null;
  #turn = 0;
  #notBefore = 0;
  #polledOk = false;
  #wasCurrent = false;
  #closed = false;
  #state: ConnectionState = { phase: 'connecting', lastKnownAt: null };

  constructor(desk: SessionDesk) {
    this.#desk = desk;
    this.#retry = new Alarm(desk.around);
    this.#stable = new Alarm(desk.around);
    this.#backoff = new Backoff(desk.around.random);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get socket(): RealtimeSocket | null {
    return this.#socket;
  }

  start(): void {
    if (!this.#closed) void this.#attempt();
  }

  /** The page is looked at again, or the network is back: no reason to wait any longer. */
  wake(): void {
    if (this.#closed || this.#desk.tokens.signedOut) return;
    if (this.#socket) this.#probe(this.#socket);
    else if (this.#retry.waiting && this.#desk.around.now() >= this.#notBefore) void this.#attempt();
    if (this.#desk.poller.everything) this.#desk.poller.soon();
  }

  /** Another token of the same user came. */
  renewed(token: string): void {
    const socket = this.#socket;
    socket?.reauthenticate(token).catch(() => this.#lose(socket));
  }

  /** There is no token: everything stops, and what is shown stays as it is. */
  signedOut(): void {
    this.#hangUp();
    this.look();
  }

  /** Begins anew, as another user perhaps. */
  restart(): void {
    if (this.#closed) return;
    this.#hangUp();
    this.#backoff.reset();
    this.#notBefore = 0;
    this.#wasCurrent = false;
    this.#setState({ phase: 'connecting', lastKnownAt: null });
    this.start();
  }

  close(): void {
    this.#closed = true;
    this.#hangUp();
    this.look();
  }

  /** A round of polling has ended. */
  polled(ok: boolean): void {
    this.#polledOk = ok && this.#desk.poller.everything;
    if (!this.#polledOk) return this.look();
    this.#current();
    this.#setState({ ...this.#state, phase: this.#phase() });
  }

  /** Works out the phase anew and tells it where it changed. */
  look(): void {
    const phase = this.#phase();
    if (phase === 'live') {
      this.#desk.poller.cover(false);
      this.#polledOk = false;
      this.#current();
    }
    if (phase !== this.#state.phase) this.#setState({ ...this.#state, phase });
  }

  #phase(): Phase {
    if (this.#closed) return 'closed';
    if (this.#desk.tokens.signedOut) return 'signed-out';
    if (this.#socket && this.#desk.settled()) return 'live';
    if (this.#polledOk) return 'polling';
    return this.#wasCurrent ? 'reconnecting' : 'connecting';
  }

  /** What is shown equals the store now. */
  #current(): void {
    this.#wasCurrent = true;
    this.#state = { ...this.#state, lastKnownAt: this.#desk.around.now() };
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#desk.stateChanged();
  }

  async #attempt(): Promise<void> {
    this.#retry.clear();
    const turn = ++this.#turn;
    try {
      const plan = await this.#desk.http.request<Plan>('GET', '/realtime');
      if (turn !== this.#turn) return;
      if (plan.pollIntervalMs !== undefined) this.#desk.poller.intervalMs = plan.pollIntervalMs;
      if (plan.transport === 'polling') this.#settleForPolling();
      else await this.#open(plan.url, turn);
    } catch (error) {
      if (turn === this.#turn) this.#again(problemFrom(error));
    }
  }

  async #open(url: string, turn: number): Promise<void> {
    const token = await this.#desk.tokens.current();
    if (turn !== this.#turn) return;
    const socket: RealtimeSocket = dial(
      this.#desk.around,
      url,
      this.#listener(() => socket),
    );
    this.#opening = socket;
    try {
      await socket.hello(token);
    } catch (error) {
      socket.drop();
      if (error instanceof RequestProblem && error.status === 401 && turn === this.#turn) {
        await this.#desk.tokens.replace(token);
      }
      throw error;
    }
    if (turn === this.#turn) this.#join(socket);
  }

  #join(socket: RealtimeSocket): void {
    this.#opening = null;
    this.#socket = socket;
    this.#stable.set(STABLE_MS, () => this.#backoff.reset());
    this.#desk.joined(socket);
    this.look();
  }

  #listener(self: () => RealtimeSocket): SocketListener {
    return {
      published: (path, message) => this.#desk.published(path, message),
      revoked: (path) => this.#desk.revoked(path),
      told: (message) => this.#told(message),
      heard: () => {
        if (this.#state.phase === 'live') this.#current();
      },
      closed: () => this.#lose(self()),
    };
  }

  #told(message: unknown): void {
    const { event, retryAfterMs } = (message ?? {}) as { event?: unknown; retryAfterMs?: unknown };
    if (event !== 'server:drain' || typeof retryAfterMs !== 'number') return;
    this.#notBefore = this.#desk.around.now() + retryAfterMs;
  }

  /** The socket that was in use is gone; one that is still opening tells by its hello. */
  #lose(socket: RealtimeSocket | null): void {
    if (!socket || socket !== this.#socket) return;
    this.#leave();
    this.#again();
    this.look();
  }

  #leave(): void {
    this.#socket?.drop();
    this.#socket = null;
    this.#stable.clear();
    this.#desk.left();
  }

  #again(problem?: RequestProblem): void {
    if (this.#closed || this.#desk.tokens.signedOut) return;
    this.#opening = null;
    const drainMs = this.#notBefore - this.#desk.around.now();
    const delayMs = Math.max(this.#backoff.nextMs(), drainMs, waitAskedMs(problem));
    this.#retry.set(delayMs, () => void this.#attempt());
    if (this.#backoff.attempts >= TRIES_BEFORE_POLLING) this.#desk.poller.cover(true);
  }

  #settleForPolling(): void {
    this.#backoff.reset();
    this.#desk.poller.cover(true);
    this.#retry.set(POLLING_RECHECK_MS * (0.9 + 0.2 * this.#desk.around.random()), () => void this.#attempt());
  }

  #probe(socket: RealtimeSocket): void {
    this.#desk.tokens.current().then(
      (token) => socket.probe(token),
      () => this.look(),
    );
  }

  #hangUp(): void {
    this.#turn += 1;
    this.#opening?.drop();
    this.#opening = null;
    this.#retry.clear();
    this.#desk.poller.stop();
    this.#polledOk = false;
    this.#leave();
  }
}
