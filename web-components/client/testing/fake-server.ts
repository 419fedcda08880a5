import type { Operation, OperationEvent } from '../contract.js';
import { isActive } from '../scope.js';
import type { Bounds } from '../token.js';
import type { FakeClock } from './fake-clock.js';
import { FakeSocket } from './fake-socket.js';
import { FakeStore } from './fake-store.js';

/** What becomes of a published frame on its way. */
export type Fault = 'late' | 'doubled' | 'cut' | null;

interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Requested {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
  at: number;
}

/** A Signalbox that answers by the fake clock: routes, sockets, and the faults that a network has. */
export class FakeServer {
  readonly store = new FakeStore();
  readonly tokens = new Set(['token-1']);
  readonly sockets: FakeSocket[] = [];
  readonly requests: Requested[] = [];
  /** What the client did against the server's rules; tests hold it to be empty. */
  readonly breaches: string[] = [];
  readonly clock: FakeClock;
  heartbeat = { interval: 15_000, timeout: 5_000 };
  transport: 'websocket' | 'polling' = 'websocket';
  up = true;
  socketsBlocked = false;
  /** Takes frames and answers none. */
  mute = false;
  fleetAllowed = true;
  readonly hidden = new Set<number>();
  latency: () => number = () => 5;
  fault: () => Fault = () => null;
  /** What its tokens are bound to. */
  bounds: Bounds | null = null;
  types = ['ssh_test'];
  /** The subscriptions that it refused. */
  readonly refused: string[] = [];
  /** Answers instead of the route where it gives something. */
  intercept: (request: Requested) => Reply | undefined = () => undefined;
  #lives = 0;

  constructor(clock: FakeClock) {
    this.clock = clock;
    this.#beat();
  }

  readonly fetch = ((address: string, init: RequestInit) => this.#answer(address, init)) as unknown as typeof fetch;

  get WebSocket(): typeof WebSocket {
    const open = (): FakeSocket => {
      const socket = new FakeSocket(this);
      this.sockets.push(socket);
      return socket;
    };
    return function FakeWebSocket() {
      return open();
    } as unknown as typeof WebSocket;
  }

  /** The sockets that have said hello and live. */
  get living(): FakeSocket[] {
    return this.sockets.filter((socket) => !socket.closed && !socket.dead && socket.token !== null);
  }

  get socket(): FakeSocket {
    const socket = this.living.at(-1);
    if (!socket) throw new Error('no socket lives');
    return socket;
  }

  insert(connectionId: number, more: Partial<Operation> = {}): Operation {
    const operation = this.store.insert(connectionId, more);
    this.announce('operation:start', operation);
    return operation;
  }

  change(id: string, more: Partial<Operation>): Operation {
    const operation = this.store.change(id, more);
    const event = isActive(operation) ? 'operation:update' : 'operation:complete';
    this.announce(event, operation);
    return operation;
  }

  announce(event: OperationEvent['event'], operation: Operation): void {
    const path = `/connections/${operation.connectionId}/operations`;
    for (const topic of [path, `${path}/${operation.type}`, '/operations']) this.publish(topic, { event, operation });
  }

  append(operation: Operation, count: number, told = true): void {
    const lines = this.store.append(operation.id, count);
    const path = `/connections/${operation.connectionId}/operations/${operation.id}/log`;
    if (told) this.publish(path, { seq: lines[0]?.seq ?? 0, lines });
  }

  publish(path: string, message: unknown): void {
    for (const socket of this.living) if (socket.paths.has(path)) socket.push({ type: 'pub', path, message });
  }

  /** As a proxy's restart does: every socket ends at once. */
  cut(code = 1006): void {
    for (const socket of this.sockets) socket.end(code);
  }

  /** A token has ended, and with it the sockets that live by it. */
  expire(token: string): void {
    this.tokens.delete(token);
    for (const socket of this.sockets) if (socket.token === token) socket.end(1008);
  }

  /** Ends every socket and every answer that is on its way. */
  restart(code = 1012): void {
    this.#lives += 1;
    this.cut(code);
  }

  /** As a pulled plug does: every socket goes dead and nobody is told. */
  unplug(): void {
    for (const socket of this.sockets) socket.dead = true;
  }

  refusesPath(path: string): boolean {
    const { bounds } = this;
    if (path === '/operations') return !this.fleetAllowed || bounds !== null;
    const [, , id, , type, log] = path.split('/');
    const isForeign = bounds !== null && !bounds.connections.includes(Number(id));
    const isTooMuch = bounds?.operations && log === undefined && !bounds.operations.includes(type ?? '');
    return isForeign || Boolean(isTooMuch) || this.hidden.has(Number(id));
  }

  /** What a list route answers. */
  page(connectionId: number | null, limit: number): ReturnType<FakeStore['page']> {
    const { connections, operations } = this.bounds ?? { connections: null, operations: null };
    const isSeen = ({ connectionId: id, type }: Operation): boolean =>
      (connections?.includes(id) ?? true) && (operations?.includes(type) ?? true);
    return this.store.page(connectionId, limit, isSeen);
  }

  count(method: string, pattern: RegExp): number {
    return this.requests.filter((request) => request.method === method && pattern.test(request.path)).length;
  }

  #beat(): void {
    this.clock.setTimer(() => {
      for (const socket of this.living) socket.push({ type: 'ping' });
      this.#beat();
    }, this.heartbeat.interval);
  }

  #answer(address: string, init: RequestInit): Promise<Response> {
    const path = address.replace('http://box.test', '');
    const headers = init.headers as Record<string, string>;
    const body = init.body ? (JSON.parse(String(init.body)) as unknown) : undefined;
    const request: Requested = { method: init.method ?? 'GET', path, headers, body, at: this.clock.now() };
    this.requests.push(request);
    return new Promise((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      this.clock.setTimer(() => {
        const reply = this.up ? this.#reply(request) : null;
        const lives = this.#lives;
        const back = this.latency();
        this.clock.setTimer(() => {
          if (reply && this.up && lives === this.#lives) resolve(responseOf(reply));
          else reject(new TypeError('Failed to fetch'));
        }, back);
      }, this.latency());
    });
  }

  #reply(request: Requested): Reply {
    const chosen = this.intercept(request);
    if (chosen) return chosen;
    if (!this.tokens.has((request.headers['authorization'] ?? '').replace('Bearer ', ''))) {
      return problem(401, 'AUTH_INVALID_TOKEN');
    }
    const [route = '', query = ''] = request.path.split('?');
    if (route === '/realtime') {
      return { status: 200, body: { transport: this.transport, url: '/realtime', pollIntervalMs: 5_000 } };
    }
    if (route === '/operations/types') return { status: 200, body: { types: this.types.map((type) => ({ type })) } };
    if (route === '/operations') return this.#page(null, query, request);
    return this.#connectionReply(route, query, request);
  }

  #connectionReply(route: string, query: string, request: Requested): Reply {
    const [, id, operationId, act] = /^\/connections\/(\d+)\/operations(?:\/([^/]+))?(?:\/(\w+))?$/.exec(route) ?? [];
    const connectionId = Number(id);
    const isForeign = this.bounds !== null && !this.bounds.connections.includes(connectionId);
    if (!id || isForeign || this.hidden.has(connectionId)) return problem(404, 'NOT_FOUND');
    if (!operationId) return this.#page(connectionId, query, request);
    if (request.method === 'POST' && !act) return this.#start(connectionId, operationId);
    const operation = this.store.operations.get(operationId);
    if (!operation) return problem(404, 'NOT_FOUND');
    if (act === 'log') return this.#log(operationId, Number(/after=(\d+)/.exec(query)?.[1] ?? 0));
    if (act === 'cancel')
      return { status: 202, body: this.change(operationId, { status: 'cancelled', cancellable: false }) };
    if (act === 'retry') return this.#start(connectionId, operation.type);
    return { status: 200, body: operation };
  }

  #start(connectionId: number, type: string): Reply {
    const operation = this.insert(connectionId, { type });
    const { id: operationId, estimatedDuration } = operation;
    return { status: 202, body: { operationId, status: 'started', message: 'Started', estimatedDuration, operation } };
  }

  #log(id: string, after: number): Reply {
    const lines = this.store.linesAfter(id, after, 1_000);
    return { status: 200, body: { seq: lines[0]?.seq ?? after + 1, lines } };
  }

  #page(connectionId: number | null, query: string, request: Requested): Reply {
    const page = this.page(connectionId, Number(/limit=(\d+)/.exec(query)?.[1] ?? 50));
    const etag = `"${page.epoch}:${page.operations.map(({ id, revision }) => `${id}.${revision}`).join()}"`;
    if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
    return { status: 200, body: page, headers: { etag } };
  }
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Reply {
  return { status, body: { status, code, title: 'Refused.', detail: 'Refused.', hint: 'Do otherwise.' }, headers };
}

function responseOf(reply: Reply): Response {
  const content = reply.body === undefined ? '' : JSON.stringify(reply.body);
  const headers = new Headers(reply.headers);
  return { status: reply.status, headers, json: async () => JSON.parse(content) as unknown } as unknown as Response;
}
