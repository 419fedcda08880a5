/**
 * An HTTPS front before Pebble: it adds what Pebble 2.4 lacks (renewal information, profiles, 409 alreadyReplaced), remembers each
 * request, and goes wrong on purpose. The Host header passes through, so that the URLs in the signatures hold.
 */
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Pebble } from './pebble.js';
import { Traps, type Moment } from './traps.js';

const PATHS = {
  directory: '/dir',
  newNonce: '/nonce-plz',
  newAccount: '/sign-me-up',
  account: '/my-account/',
  newOrder: '/order-plz',
  order: '/my-order/',
  authz: '/authZ/',
  challenge: '/chalZ/',
  finalize: '/finalize-order/',
  certificate: '/certZ/',
  revoke: '/revoke-cert',
  renewalInfo: '/renewal-info/',
} as const;

export type Kind = keyof typeof PATHS | 'other';
export interface SeenRequest {
  kind: Kind;
  method: string;
  path: string;
  /** The protected header of its JWS; null where nothing is signed. */
  header: Record<string, unknown> | null;
  /** Null for POST-as-GET and where nothing is signed. */
  payload: Record<string, unknown> | null;
  /** Of the answer; null as long as there is none. */
  status: number | null;
}

export interface CannedAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Window {
  start: string;
  end: string;
  /** Seconds, or a date. */
  retryAfter: string;
}

const problem = (status: number, type: string, detail: string): CannedAnswer => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({ type: `urn:ietf:params:acme:error:${type}`, detail, status }),
});

const kindOf = (path: string): Kind =>
  (Object.keys(PATHS) as (keyof typeof PATHS)[]).find((kind) => path.startsWith(PATHS[kind])) ?? 'other';

function decoded(part: unknown): Record<string, unknown> | null {
  if (typeof part !== 'string' || part === '') return null;
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
}

export class AcmeFront {
  readonly requests: SeenRequest[] = [];
  readonly #pebble: Pebble;
  readonly #server;
  readonly #profiles: Record<string, string>;
  readonly #windows = new Map<string, Window>();
  readonly #replaced = new Set<unknown>();
  readonly #canned: { kind: Kind; answer: CannedAnswer; left: number }[] = [];
  readonly #traps = new Traps<Kind>();
  #nonceRejects = 0;

  private constructor(pebble: Pebble, profiles: Record<string, string>) {
    this.#pebble = pebble;
    this.#profiles = profiles;
    this.#server = createServer(pebble.tls, (asked, answer) => {
      this.#serve(asked, answer).catch(() => answer.destroy());
    });
  }

  /** `profiles` are what the directory names, with a description each. */
  static async start(pebble: Pebble, profiles: Record<string, string> = {}): Promise<AcmeFront> {
    const front = new AcmeFront(pebble, profiles);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get directoryUrl(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}${PATHS.directory}`;
  }

  /** What was asked of one kind. */
  seen(kind: Kind): SeenRequest[] {
    return this.requests.filter((request) => request.kind === kind);
  }

  /** The renewal window of the certificate with this ARI id; unknown ones get 404. */
  suggest(ariId: string, start: Date, end: Date, retryAfter = '21600'): void {
    this.#windows.set(ariId, { start: start.toISOString(), end: end.toISOString(), retryAfter });
  }

  /** Refuses so many of all signed requests for their nonce: 0 to 1. */
  rejectNonces(rate: number): void {
    this.#nonceRejects = rate;
  }

  /** Answers the next requests of a kind itself, without Pebble. */
  answer(kind: Kind, answer: CannedAnswer, times = 1): void {
    this.#canned.push({ kind, answer, left: times });
  }

  /** Cuts the connection of the n-th request of a kind from now on. */
  cut(kind: Kind, moment: Moment, nth = 1): void {
    this.#traps.set(kind, moment, 'cut', nth);
  }

  /** Keeps the n-th request of a kind from now on waiting until `release`. */
  hold(kind: Kind, moment: Moment, nth = 1): void {
    this.#traps.set(kind, moment, 'hold', nth);
  }

  /** Resolves when a request is held there. */
  reached(kind: Kind, moment: Moment): Promise<void> {
    return this.#traps.reached(kind, moment);
  }

  /** Lets go what is held; a request whose client has gone meanwhile does not reach Pebble any more. No trap stays. */
  release(): void {
    this.#traps.release();
  }

  async stop(): Promise<void> {
    this.release();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await text(asked);
    const path = asked.url ?? '';
    const signed = body === '' ? {} : (JSON.parse(body) as { protected?: unknown; payload?: unknown });
    const seen: SeenRequest = {
      kind: kindOf(path),
      method: asked.method ?? '',
      path,
      header: decoded(signed.protected),
      payload: decoded(signed.payload),
      status: null,
    };
    this.requests.push(seen);
    if (!(await this.#traps.pass(seen.kind, 'before', asked.socket))) return;
    const {
      status,
      headers = {},
      body: said = '',
    } = (await this.#own(seen, asked)) ?? (await this.#ask(seen, asked, body));
    seen.status = status;
    if (await this.#traps.pass(seen.kind, 'after', asked.socket)) answer.writeHead(status, headers).end(said);
  }

  /** What the front answers itself; null: Pebble has to. */
  async #own({ kind, header, payload, path }: SeenRequest, asked: IncomingMessage): Promise<CannedAnswer | null> {
    const canned = this.#canned.find((one) => one.kind === kind && one.left > 0);
    if (canned) {
      canned.left -= 1;
      return canned.answer;
    }
    if (kind === 'renewalInfo') return this.#renewalInfo(path.slice(PATHS.renewalInfo.length));
    if (header && Math.random() < this.#nonceRejects) return this.#badNonce(asked);
    if (kind === 'newOrder' && this.#replaced.has(payload?.['replaces']))
      return problem(409, 'alreadyReplaced', 'The certificate has been replaced by another order');
    return null;
  }

  #renewalInfo(id: string): CannedAnswer {
    const window = this.#windows.get(id);
    if (!window) return problem(404, 'malformed', 'Certificate not found');
    const { start, end, retryAfter } = window;
    const body = JSON.stringify({ suggestedWindow: { start, end }, explanationURL: 'https://ca.example/why' });
    return { status: 200, headers: { 'content-type': 'application/json', 'retry-after': retryAfter }, body };
  }

  async #badNonce(asked: IncomingMessage): Promise<CannedAnswer> {
    const { headers } = await this.#forward('HEAD', PATHS.newNonce, asked.headers, '');
    const refusal = problem(400, 'badNonce', 'The front rejects this nonce');
    return { ...refusal, headers: { ...refusal.headers, 'replay-nonce': String(headers['replay-nonce']) } };
  }

  async #ask({ kind, payload }: SeenRequest, asked: IncomingMessage, body: string): Promise<Answer> {
    const answer = await this.#forward(asked.method ?? '', asked.url ?? '', asked.headers, body);
    const replaces = payload?.['replaces'];
    if (kind === 'newOrder' && answer.status === 201 && replaces !== undefined) this.#replaced.add(replaces);
    return kind === 'directory' ? this.#extended(answer, asked.headers.host ?? '') : answer;
  }

  #extended(answer: Answer, host: string): Answer {
    const directory = JSON.parse(answer.body) as { meta?: object };
    const more = {
      ...directory,
      renewalInfo: `https://${host}${PATHS.renewalInfo.slice(0, -1)}`,
      meta: { ...directory.meta, profiles: this.#profiles },
    };
    const { 'content-length': _, ...headers } = answer.headers;
    return { ...answer, headers, body: JSON.stringify(more) };
  }

  async #forward(method: string, path: string, headers: IncomingHttpHeaders, body: string): Promise<Answer> {
    const to = { host: '127.0.0.1', port: this.#pebble.port, ca: this.#pebble.rootPem, servername: 'localhost' };
    const asked = request({ ...to, agent: false, method, path, headers: { ...headers, connection: 'close' } });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const { connection: _, ...rest } = answer.headers;
    return { status: answer.statusCode ?? 0, headers: rest, body: await text(answer) };
  }
}
