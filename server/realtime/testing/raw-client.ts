/** A WebSocket that says exactly what it is told to, and remembers what it hears. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket, type ClientOptions } from 'ws';

export interface Heard {
  type?: string;
  id?: number;
  path?: string;
  message?: unknown;
  statusCode?: number;
  payload?: { message?: string };
  heartbeat?: unknown;
}

export interface Closed {
  code: number;
  reason: string;
}

type Match = (heard: Heard) => boolean;

interface Waiting {
  match: Match;
  resolve: (heard: Heard) => void;
  reject: (error: Error) => void;
}

export class RawClient {
  readonly ws: WebSocket;
  readonly heard: Heard[] = [];
  readonly closed: Promise<Closed>;
  #waiting: Waiting[] = [];
  #ids = 0;

  constructor(url: string, options: ClientOptions = {}) {
    this.ws = new WebSocket(url, options);
    this.ws.on('message', (data: Buffer) => this.#hear(JSON.parse(data.toString()) as Heard));
    // What went wrong is told by the close event, or by `opened`.
    this.ws.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.ws.on('close', (code, reason) => {
        for (const { reject } of this.#waiting.splice(0)) reject(new Error(`The socket closed with ${String(code)}.`));
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** Resolves with 101 once it is open, or with the status of the refusal. */
  async opened(): Promise<number> {
    const refused = new Promise<number>((resolve) => {
      this.ws.on('unexpected-response', (_request, response: IncomingMessage) => {
        resolve(response.statusCode ?? 0);
        response.resume();
        this.ws.terminate();
      });
    });
    return Promise.race([once(this.ws, 'open').then(() => 101), refused]);
  }

  say(message: unknown): void {
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Sends a message with the next id and resolves with its answer. */
  async ask(message: Record<string, unknown>): Promise<Heard> {
    const id = ++this.#ids;
    const answer = this.next((heard) => heard.id === id);
    this.say({ ...message, id });
    return answer;
  }

  hello(token: string, subs?: string[]): Promise<Heard> {
    const auth = { headers: { authorization: `Bearer ${token}` } };
    return this.ask({ type: 'hello', version: '2', auth, ...(subs ? { subs } : {}) });
  }

  /** The first message of the kind, heard already or still to come. */
  next(match: Match): Promise<Heard> {
    const known = this.heard.find(match);
    if (known) return Promise.resolve(known);
    return new Promise((resolve, reject) => this.#waiting.push({ match, resolve, reject }));
  }

  pubs(path: string): unknown[] {
    return this.heard.filter((heard) => heard.type === 'pub' && heard.path === path).map(({ message }) => message);
  }

  /** The TCP connection, to freeze it. */
  get tcp(): Socket {
    return (this.ws as unknown as { _socket: Socket })._socket;
  }

  end(): Promise<Closed> {
    this.ws.terminate();
    return this.closed;
  }

  #hear(heard: Heard): void {
    this.heard.push(heard);
    const met = this.#waiting.filter(({ match }) => match(heard));
    this.#waiting = this.#waiting.filter((waiting) => !met.includes(waiting));
    for (const { resolve } of met) resolve(heard);
  }
}
