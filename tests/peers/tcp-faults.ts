/** A TCP proxy that goes wrong on purpose: it swallows, cuts, falsifies or delays what passes. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

export type Direction = 'up' | 'down';

export interface Fault {
  kind: 'black-hole' | 'cut' | 'tamper' | 'delay';
  /** `up` is from the client to the server. */
  direction: Direction;
  /** How many of all the bytes so far may pass before the fault; none where it is left out. `tamper` flips the next. */
  passes?: (all: Buffer) => number;
  /** For `delay`. */
  delayMs?: number;
}

class Pipe {
  readonly fault: Fault | null;
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #onFault: () => void;
  #all = Buffer.alloc(0);
  #passed = 0;
  #timers = new Set<NodeJS.Timeout>();

  constructor(from: Socket, to: Socket, fault: Fault | null, onFault: () => void) {
    this.fault = fault;
    this.#from = from;
    this.#to = to;
    this.#onFault = onFault;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.on('end', () => this.#end());
    from.on('close', () => {
      for (const timer of this.#timers) clearTimeout(timer);
    });
  }

  #take(chunk: Buffer): void {
    if (!this.fault) return void this.#to.write(chunk);
    if (this.fault.kind === 'delay') return this.#later(chunk, this.fault.delayMs ?? 0);
    this.#all = Buffer.concat([this.#all, chunk]);
    const limit = Math.min(this.#all.length, this.fault.passes?.(this.#all) ?? 0);
    if (this.fault.kind === 'tamper') return this.#tamper(chunk, limit - (this.#all.length - chunk.length));
    if (limit > this.#passed) this.#to.write(this.#all.subarray(this.#passed, limit));
    this.#passed = Math.max(limit, this.#passed);
    if (this.#passed < this.#all.length) this.#break();
  }

  #tamper(chunk: Buffer, at: number): void {
    if (at >= 0 && at < chunk.length) {
      chunk.writeUInt8(chunk.readUInt8(at) ^ 1, at);
      this.#onFault();
    }
    this.#to.write(chunk);
  }

  #later(chunk: Buffer, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#to.write(chunk);
    }, delayMs);
    this.#timers.add(timer);
  }

  #end(): void {
    // Behind a black hole nobody hears that the other side has gone.
    if (this.fault?.kind !== 'black-hole') this.#to.end();
  }

  #break(): void {
    if (this.fault?.kind === 'cut') {
      this.#from.destroy();
      this.#to.end();
    }
    this.#onFault();
  }
}

export class FaultProxy {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #clients = new Set<Socket>();
  readonly #upstreams = new Set<Socket>();
  #fault: Fault | null = null;
  #faulted: () => void = () => undefined;
  #idle: (() => void)[] = [];

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    server.on('connection', (client: Socket) => this.#take(client));
  }

  static async start(targetPort: number): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: false });
    const proxy = new FaultProxy(server, targetPort);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The clients that are connected now. */
  get clients(): number {
    return this.#clients.size;
  }

  /** Sets what goes wrong on the next connections; answers with the moment when it first does. */
  break(fault: Fault | null): Promise<void> {
    this.#fault = fault;
    return new Promise((resolve) => (this.#faulted = resolve));
  }

  /** Resolves when no client is connected. */
  async idle(): Promise<void> {
    if (this.#clients.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Cuts every connection as a pulled cable with a reset would. */
  cut(): void {
    for (const socket of [...this.#clients, ...this.#upstreams]) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #take(client: Socket): void {
    const upstream = connect(this.#targetPort, '127.0.0.1');
    const fault = (direction: Direction) => (this.#fault?.direction === direction ? this.#fault : null);
    const onFault = this.#faulted;
    new Pipe(client, upstream, fault('up'), onFault);
    new Pipe(upstream, client, fault('down'), onFault);
    this.#track(this.#clients, client, upstream);
    this.#track(this.#upstreams, upstream, client);
  }

  #track(all: Set<Socket>, socket: Socket, other: Socket): void {
    all.add(socket);
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      all.delete(socket);
      if (all !== this.#clients) return;
      other.destroy();
      if (all.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
    });
  }
}
