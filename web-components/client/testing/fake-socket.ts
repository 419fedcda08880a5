import type { FakeServer } from './fake-server.js';

type EventType = 'open' | 'message' | 'close' | 'error';
type SocketEvent = { data?: unknown; code?: number };
type Listener = (event: SocketEvent) => void;

const SHAPES: Record<string, string[]> = {
  hello: ['auth', 'id', 'type', 'version'],
  reauth: ['auth', 'id', 'type'],
  sub: ['id', 'path', 'type'],
  unsub: ['id', 'path', 'type'],
  ping: ['id', 'type'],
};

interface ClientFrame {
  type: string;
  id: number;
  path?: string;
  auth?: { headers: { authorization: string } };
}

/** One end of the server's sockets: speaks nes' protocol and counts every breach of the server's rules. */
export class FakeSocket {
  readonly paths = new Set<string>();
  readonly received: ClientFrame[] = [];
  readonly openedAt: number;
  token: string | null = null;
  closed = false;
  /** A link that is cut somewhere on the way: nothing arrives any more, and nobody is told. */
  dead = false;
  readonly #server: FakeServer;
  readonly #listeners = new Map<EventType, Listener[]>();
  #allowance = 40;
  #countedAt: number;
  #deliverAt = 0;

  constructor(server: FakeServer) {
    this.#server = server;
    this.openedAt = server.clock.now();
    this.#countedAt = this.openedAt;
    server.clock.setTimer(() => this.#open(), server.latency());
  }

  addEventListener(type: EventType, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  /** From the client. */
  send(text: string): void {
    if (this.dead || this.closed) return;
    this.#later(() => this.#receive(text));
  }

  /** By the client. */
  close(): void {
    this.closed = true;
  }

  /** From the server, in order, unless the link does otherwise. */
  push(frame: unknown): void {
    if (this.dead || this.closed) return;
    const text = JSON.stringify(frame);
    const fault = (frame as { type: string }).type === 'pub' ? this.#server.fault() : null;
    if (fault === 'late') return this.#after(this.#server.latency() + 400, () => this.pushText(text));
    if (fault === 'doubled') this.#later(() => this.pushText(text));
    const middle = text.length >> 1;
    const parts = fault === 'cut' ? [`+${text.slice(0, middle)}`, `!${text.slice(middle)}`] : [text];
    for (const part of parts) this.#later(() => this.pushText(part));
  }

  /** As it is on the wire. */
  pushText(text: string): void {
    this.#emit('message', { data: text });
  }

  end(code = 1006): void {
    if (this.closed) return;
    this.closed = true;
    this.token = null;
    if (!this.dead) this.#emit('close', { code });
  }

  #open(): void {
    if (this.closed || this.dead) return;
    if (!this.#server.up || this.#server.socketsBlocked) {
      this.#emit('error', {});
      return this.end();
    }
    this.#emit('open', {});
  }

  #emit(type: EventType, event: SocketEvent): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }

  #later(deliver: () => void): void {
    const { clock } = this.#server;
    this.#deliverAt = Math.max(this.#deliverAt, clock.now() + this.#server.latency());
    this.#after(this.#deliverAt - clock.now(), deliver);
  }

  #after(delayMs: number, deliver: () => void): void {
    this.#server.clock.setTimer(() => {
      if (!this.closed && !this.dead) deliver();
    }, delayMs);
  }

  #receive(text: string): void {
    const frame = JSON.parse(text) as ClientFrame;
    this.received.push(frame);
    this.#check(frame, text);
    if (frame.type === 'ping') return;
    const refusal = this.#handle(frame);
    if (refusal === null) return;
    const heartbeat = frame.type === 'hello' ? { heartbeat: this.#server.heartbeat, socket: 'fake' } : {};
    if (refusal === 0) this.push({ type: frame.type, id: frame.id, ...heartbeat });
    else
      this.push({
        type: frame.type,
        id: frame.id,
        statusCode: refusal,
        payload: { error: 'Refused', message: 'Refused.' },
      });
    if (refusal !== 0 && frame.type === 'reauth') this.#later(() => this.end(1000));
  }

  /** 0: taken; null: not answered. */
  #handle(frame: ClientFrame): number | null {
    if (this.#server.mute) return null;
    if (frame.type === 'hello' || frame.type === 'reauth') return this.#authenticate(frame);
    const path = frame.path ?? '';
    if (frame.type === 'unsub') this.paths.delete(path);
    else if (this.paths.size >= 200) return 403;
    else if (this.#server.refusesPath(path)) return this.#refuse(path);
    else this.paths.add(path);
    return 0;
  }

  #refuse(path: string): number {
    this.#server.refused.push(path);
    return 403;
  }

  #authenticate(frame: ClientFrame): number {
    const token = frame.auth?.headers.authorization.replace('Bearer ', '') ?? '';
    if (!this.#server.tokens.has(token)) return 401;
    this.token = token;
    return 0;
  }

  #check(frame: ClientFrame, text: string): void {
    const { breaches, clock } = this.#server;
    if (Object.keys(frame).sort().join() !== SHAPES[frame.type]?.join()) breaches.push(`shape of ${text}`);
    if (this.token === null && frame.type !== 'hello') breaches.push(`${frame.type} before hello`);
    this.#allowance = Math.min(40, this.#allowance + (clock.now() - this.#countedAt) / 50) - 1;
    this.#countedAt = clock.now();
    if (this.#allowance < 0) breaches.push('message rate');
  }
}
