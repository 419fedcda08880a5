/** Requests with one user's token: one more try after a refused token, a Problem for whatever goes wrong. */
import type { FetchToken } from './contract.js';
import { networkProblem, problemOf, RequestProblem, SIGNED_OUT, UNREADABLE } from './problem.js';
import type { Surroundings } from './surroundings.js';
import { boundsOf, renewalMs, type Bounds } from './token.js';

const ANSWER_LIMIT_MS = 30_000;
const RENEWAL_RETRY_MS = 10_000;
/** New tokens refused in a row, after which asking for another one is of no use. */
const MOST_REFUSALS = 3;

type Reason = Parameters<FetchToken>[0]['reason'];
/** Its signal gives the request up. */
type RequestOptions = { body?: unknown; headers?: Record<string, string>; signal?: AbortSignal };

export type Http = ReturnType<typeof createHttp>;

/** Whether fetchToken failed for want of a network (what fetch throws then) and not for want of a user. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof RequestProblem) return error.status === 0 || error.status >= 500;
  return error instanceof Error && ['TypeError', 'AbortError', 'NetworkError', 'TimeoutError'].includes(error.name);
}

/**
 * Ends with `life`, whose reason every further request throws, and ends it itself where there is no token any more.
 * `renewed` is told of every token, and whether it is bound to something else than the one before.
 */
export function createHttp(
  around: Surroundings,
  life: AbortController,
  renewed: (token: string, isRebound: boolean) => void,
) {
  let held: string | null = null;
  let bounds: Bounds | null = null;
  let renewAt = Number.NaN;
  let asking: Promise<string> | null = null;
  let refusals = 0;
  let callOff = (): void => undefined;
  life.signal.addEventListener('abort', () => callOff());

  function signOut(cause?: unknown): never {
    life.abort(new RequestProblem({ ...SIGNED_OUT, cause }));
    throw life.signal.reason;
  }

  function renewIn(delayMs: number): void {
    renewAt = around.now() + delayMs;
    callOff();
    callOff = around.after(delayMs, () => {
      // A timer may fire a moment before the clock says so, and would not be asked a second time.
      renewAt = around.now();
      void token().catch(() => null);
    });
  }

  async function fetchToken(reason: Reason): Promise<string> {
    const given = await Promise.resolve({ reason })
      .then(around.fetchToken)
      .catch((error: unknown) => {
        if (!isUnreachable(error)) signOut(error);
        renewIn(RENEWAL_RETRY_MS);
        throw networkProblem(error);
      });
    life.signal.throwIfAborted();
    const fresh = typeof given === 'string' ? { token: given } : given;
    if (!fresh?.token) return signOut();
    const before = JSON.stringify(bounds);
    held = fresh.token;
    bounds = boundsOf(held);
    renewIn(renewalMs(fresh, around.now()));
    renewed(held, JSON.stringify(bounds) !== before);
    return held;
  }

  function reasonToAsk(refused?: string): Reason | null {
    if (held === null) return 'initial';
    if (held === refused) return 'rejected';
    return around.now() >= renewAt ? 'refresh' : null;
  }

  /** The token to send, another one than was refused, renewed in time; throws a Problem where there is none. */
  async function token(refused?: string): Promise<string> {
    life.signal.throwIfAborted();
    const reason = reasonToAsk(refused);
    if (reason === 'rejected' && !asking && ++refusals > MOST_REFUSALS) signOut();
    if (reason) asking ??= fetchToken(reason).finally(() => (asking = null));
    // A renewal that finds no network leaves the living token in use.
    asking?.catch(() => held);
    return held !== null && held !== refused ? held : (asking as Promise<string>);
  }

  async function exchange(method: string, path: string, options: RequestOptions, bearer: string) {
    const { body, signal: given = life.signal } = options;
    const late = new AbortController();
    const isAnswered = around.after(ANSWER_LIMIT_MS, () => late.abort());
    const signal = AbortSignal.any([given, life.signal, late.signal]);
    const headers = { accept: 'application/json', authorization: `Bearer ${bearer}`, ...options.headers };
    const init = { method, headers, cache: 'no-store', credentials: 'omit', signal } as const;
    const json = { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    try {
      const response = await around.fetch(around.url + path, body === undefined ? init : { ...init, ...json });
      const { status } = response;
      const isEmpty = status === 204 || status === 304;
      const content: unknown = isEmpty ? null : await response.json().catch((cause: unknown) => cause);
      if (status !== 401) refusals = 0;
      if (status >= 400) throw problemOf(status, response.headers, content);
      if (content instanceof SyntaxError) throw new RequestProblem({ ...UNREADABLE, status, cause: content });
      if (content instanceof Error) throw content;
      return { status, etag: response.headers.get('etag'), body: content };
    } catch (error) {
      life.signal.throwIfAborted();
      throw error instanceof RequestProblem ? error : networkProblem(error);
    } finally {
      isAnswered();
    }
  }

  /** Sends once, and once more with another token where the first was refused; a mistyped password is no such refusal. */
  async function send(method: string, path: string, options: RequestOptions = {}) {
    const first = await token();
    try {
      return await exchange(method, path, options, first);
    } catch (error) {
      const { status, code } = error as RequestProblem;
      if (status !== 401 || code === 'AUTH_BAD_CREDENTIALS') throw error;
    }
    return exchange(method, path, options, await token(first));
  }

  async function request<T>(method: string, path: string, options?: RequestOptions): Promise<T> {
    return (await send(method, path, options)).body as T;
  }

  return { token, send, request, bounds: () => bounds };
}
