/** What the client takes from the page that it runs in, so that a test, or a program outside a browser, can give its own. */
import type { FetchToken } from './contract.js';

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;

const page = {
  fetch: (input: RequestInfo, init: RequestInit): Promise<Response> => fetch(input, init),
  /** Where there is none, the client polls. */
  WebSocket: globalThis.WebSocket,
  /** 0–1. */
  random: Math.random,
  /** Ms since the epoch. */
  now: Date.now,
  /** Calls back once, as setTimeout does; returns what calls it off. */
  after(delayMs: number, callback: () => void): () => void {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  /**
   * Tells when the page is looked at again or the network is back, and when the network has gone; outside a browser never.
   * Returns its unbind.
   */
  onWake(woken: () => void, gone: () => void): () => void {
    const bound = new AbortController();
    const { signal } = bound;
    const looked = (): void => void (document.hidden || woken());
    globalThis.document?.addEventListener('visibilitychange', looked, { signal });
    globalThis.addEventListener?.('online', woken, { signal });
    globalThis.addEventListener?.('offline', gone, { signal });
    return () => bound.abort();
  },
  /** Until the server has said its own. */
  pollIntervalMs: 5_000,
};

interface Server {
  /** The server's address; taken from the page's own where it is not absolute. */
  url: string;
  fetchToken: FetchToken;
  /** Where the tokens of one page are of several users, or bound to different things: a word for each, so that none are mixed. */
  user?: string;
}

export type ClientOptions = Server & Partial<typeof page>;
export type Surroundings = Server & typeof page;

/** The options with everything that was left out taken from the page. */
export function surroundings(options: ClientOptions): Surroundings {
  if (typeof options.fetchToken !== 'function') {
    throw new TypeError(`createClient: expected fetchToken to be a function, got: ${typeof options.fetchToken}`);
  }
  const { origin, pathname } = new URL(options.url, globalThis.location?.href);
  return { ...page, ...options, url: origin + pathname.replace(/\/+$/, '') };
}

/**
 * How long to wait after a failure, exponential with full jitter: drawn evenly from 0 up to a bound that doubles with each
 * `attempt` (from 0) to 30 s. Many pages that lost the same server so come back spread over the whole bound, not in waves.
 */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
}
