/** What the client takes from the page that it runs in, so that a test, or a program outside a browser, can give its own. */
import type { FetchToken } from './contract.js';

export interface SocketEvent {
  /** Of a message. */
  data?: unknown;
  /** Of a close. */
  code?: number;
}

/** The part of WebSocket that is used; browsers' own and that of the `ws` package fit. */
export interface SocketLike {
  send(text: string): void;
  close(): void;
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: SocketEvent) => void): void;
}

export type SocketConstructor = new (url: string) => SocketLike;

export interface Visibility {
  readonly hidden: boolean;
  /** Told when the page is looked at again, and when the network is back; returns its unbind. */
  onWake(listener: () => void): () => void;
}

/** Timers as numbers or objects: only ever handed back to `clearTimer`. */
export type TimerHandle = unknown;

export interface ClientOptions {
  /** The server's address; taken from the page's own where it is not absolute. */
  url: string;
  fetchToken: FetchToken;
  fetch?: typeof fetch;
  WebSocket?: SocketConstructor;
  /** 0–1, as Math.random. */
  random?: () => number;
  /** Ms since the epoch, as Date.now. */
  now?: () => number;
  setTimer?: (callback: () => void, delayMs: number) => TimerHandle;
  clearTimer?: (handle: TimerHandle) => void;
  /** Calls back before the next picture is drawn. */
  frame?: (callback: () => void) => void;
  visibility?: Visibility;
  /** Until the server has said its own. Default 5,000. */
  pollIntervalMs?: number;
}

export type Surroundings = Required<ClientOptions>;

const HIDDEN_FRAME_MS = 250;

const noPage: Visibility = { hidden: false, onWake: () => () => undefined };

function pageVisibility(): Visibility {
  if (typeof document === 'undefined') return noPage;
  return {
    get hidden() {
      return document.hidden;
    },
    onWake(listener) {
      const looked = () => {
        if (!document.hidden) listener();
      };
      document.addEventListener('visibilitychange', looked);
      window.addEventListener('online', listener);
      return () => {
        document.removeEventListener('visibilitychange', looked);
        window.removeEventListener('online', listener);
      };
    },
  };
}

/** Browsers draw no pictures of a hidden page, yet its title may tell of a failure: there a timer stands in. */
function drawing(around: Pick<Surroundings, 'setTimer' | 'visibility'>): (callback: () => void) => void {
  return (callback) => {
    if (typeof requestAnimationFrame === 'undefined') around.setTimer(callback, 0);
    else if (around.visibility.hidden) around.setTimer(callback, HIDDEN_FRAME_MS);
    else requestAnimationFrame(callback);
  };
}

function baseOf(url: string): string {
  const absolute = typeof location === 'undefined' ? new URL(url) : new URL(url, location.href);
  return absolute.origin + absolute.pathname.replace(/\/+$/, '');
}

function ownSocket(): SocketConstructor {
  if (typeof WebSocket === 'undefined') throw new TypeError('createClient: expected WebSocket to be given, got: none');
  return WebSocket as unknown as SocketConstructor;
}

/** The options with everything that was left out taken from the page. */
export function surroundings(options: ClientOptions): Surroundings {
  if (typeof options.fetchToken !== 'function') {
    throw new TypeError(`createClient: expected fetchToken to be a function, got: ${typeof options.fetchToken}`);
  }
  const setTimer = options.setTimer ?? ((callback, delayMs) => setTimeout(callback, delayMs));
  const visibility = options.visibility ?? pageVisibility();
  return {
    url: baseOf(options.url),
    fetchToken: options.fetchToken,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    WebSocket: options.WebSocket ?? ownSocket(),
    random: options.random ?? Math.random,
    now: options.now ?? Date.now,
    setTimer,
    clearTimer: options.clearTimer ?? ((handle) => clearTimeout(handle as number)),
    frame: options.frame ?? drawing({ setTimer, visibility }),
    visibility,
    pollIntervalMs: options.pollIntervalMs ?? 5_000,
  };
}
