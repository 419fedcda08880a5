/** Requests with the caller's token: one more try after a refused token, a Problem for whatever goes wrong. */
import { abandonedProblem, networkProblem, problemOf, RequestProblem, unreadableProblem } from './problem.js';
import type { Surroundings } from './surroundings.js';
import type { Tokens } from './tokens.js';

const ANSWER_LIMIT_MS = 30_000;

export interface RequestOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer<T> {
  /** Null at 204 and 304. */
  body: T | null;
  status: number;
  etag: string | null;
}

interface Received {
  status: number;
  headers: Headers;
  content: string;
}

function answerOf<T>(received: Received): Answer<T> {
  const { status, headers, content } = received;
  const etag = headers.get('etag');
  if (status === 204 || status === 304) return { body: null, status, etag };
  try {
    return { body: JSON.parse(content) as T, status, etag };
  } catch (cause) {
    throw unreadableProblem(status, cause);
  }
}

export class Http {
  readonly #around: Surroundings;
  readonly #tokens: Tokens;
  readonly #running = new Set<AbortController>();
  #closed = false;

  constructor(around: Surroundings, tokens: Tokens) {
    this.#around = around;
    this.#tokens = tokens;
  }

  /** Sends once, and once more with another token where the first was refused. */
  async send<T>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    if (this.#closed) throw abandonedProblem();
    const token = await this.#tokens.current();
    const first = await this.#exchange(method, path, options, token);
    const refusal = this.#refusal(first);
    if (!refusal) return this.#accept<T>(first);
    const second = await this.#exchange(method, path, options, await this.#tokens.replace(token));
    return this.#accept<T>(second);
  }

  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const answer = await this.send<T>(method, path, options);
    return answer.body as T;
  }

  /** Sends nothing any more. */
  close(): void {
    this.#closed = true;
    this.abandon();
  }

  /** Gives up every request that is under way. */
  abandon(): void {
    for (const controller of this.#running) controller.abort(abandonedProblem());
  }

  /** A 401 that speaks of the token; a mistyped password in the body is none. */
  #refusal(received: Received): boolean {
    if (received.status !== 401) return false;
    return problemOf(401, received.headers, received.content).code !== 'AUTH_BAD_CREDENTIALS';
  }

  #accept<T>(received: Received): Answer<T> {
    if (received.status !== 401) this.#tokens.accepted();
    if (received.status >= 400) throw problemOf(received.status, received.headers, received.content);
    return answerOf<T>(received);
  }

  async #exchange(method: string, path: string, options: RequestOptions, token: string): Promise<Received> {
    const controller = new AbortController();
    const limit = this.#around.setTimer(() => controller.abort(), ANSWER_LIMIT_MS);
    this.#running.add(controller);
    try {
      const response = await this.#around.fetch(this.#around.url + path, {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        cache: 'no-store',
        credentials: 'omit',
        signal: controller.signal,
      });
      return { status: response.status, headers: response.headers, content: await response.text() };
    } catch (error) {
      throw error instanceof RequestProblem ? error : networkProblem(error);
    } finally {
      this.#around.clearTimer(limit);
      this.#running.delete(controller);
    }
  }
}
