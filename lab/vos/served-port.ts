/** The TLS port that Tomcat serves: closed like a port that nobody listens on, and opened with what is to be served then. */
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** Below the range from which Linux takes the ports of outgoing connections, which could take ours while it is closed. */
const LOWEST_FREE_PORT = 20_000;
const FREE_PORTS = 10_000;
const FREE_PORT_TRIES = 50;
const RETRY_MS = 20;

export interface ServedPortOptions {
  host: string;
  /** 0: a free one. */
  port: number;
  answer: RequestListener;
  /** Asked at each opening. */
  credentials(): { key: string; cert: string };
  changed(open: boolean): void;
}

export class ServedPort {
  readonly #options: ServedPortOptions;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port: number;
  #since: number | null = null;
  #retry: NodeJS.Timeout | undefined;

  private constructor(options: ServedPortOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** Opens the port for the first time. */
  static async start(options: ServedPortOptions): Promise<ServedPort> {
    const served = new ServedPort(options);
    for (let tries = 1; ; tries++) {
      if (options.port === 0) served.#port = LOWEST_FREE_PORT + Math.floor(Math.random() * FREE_PORTS);
      try {
        await served.#listen();
        return served;
      } catch (error) {
        if (!isTaken(error) || options.port !== 0 || tries === FREE_PORT_TRIES) throw error;
      }
    }
  }

  get port(): number {
    return this.#port;
  }

  /** Milliseconds of the epoch; null while the port is closed. */
  get since(): number | null {
    return this.#since;
  }

  open(): void {
    if (this.#server) return;
    this.#listen().catch((error: unknown) => {
      if (!isTaken(error)) throw error;
      this.#retry = setTimeout(() => this.open(), RETRY_MS);
    });
  }

  /** Nobody listens any more, and who was connected is cut off. */
  close(): void {
    clearTimeout(this.#retry);
    this.#server?.close();
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    if (this.#since === null) return;
    this.#since = null;
    this.#options.changed(false);
  }

  async #listen(): Promise<void> {
    const { host, answer, credentials, changed } = this.#options;
    const server = createServer(credentials(), answer);
    this.#server = server;
    server.on('connection', (socket: Socket) => this.#keep(socket));
    server.listen({ host, port: this.#port });
    try {
      await once(server, 'listening');
    } catch (error) {
      this.#server = null;
      throw error;
    }
    // Closed again before it was open.
    if (this.#server !== server) return;
    this.#port = (server.address() as AddressInfo).port;
    this.#since = Date.now();
    changed(true);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
