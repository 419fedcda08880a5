/** Tokens whose signature has been verified, so that the next request with the same one costs a hash and no signature. */
import { hash } from 'node:crypto';
import type { Caller } from '../access/contract.js';
import { OURS } from './tokens.js';

interface Entry {
  caller: Caller;
  untilMs: number;
}

// A portal that withdraws a key is obeyed after this time at the latest.
const PORTAL_MS = 10 * 60_000;

/** Rights are not in it: whoever takes a caller from here still asks Access. */
export class Remembered {
  readonly #entries = new Map<string, Entry>();
  readonly #limit: number;
  readonly #clock: () => number;

  constructor(clock: () => number, limit = 10_000) {
    this.#clock = clock;
    this.#limit = limit;
  }

  get(token: string): Caller | null {
    const key = keyOf(token);
    const entry = this.#entries.get(key);
    if (!entry) return null;
    if (entry.untilMs > this.#clock()) return entry.caller;
    this.#entries.delete(key);
    return null;
  }

  /** Remembers until the token ends; the oldest goes where there are too many. */
  put(token: string, caller: Caller): void {
    const againMs = caller.issuer === OURS ? Infinity : this.#clock() + PORTAL_MS;
    this.#entries.set(keyOf(token), { caller, untilMs: Math.min(caller.expiresAt, againMs) });
    if (this.#entries.size <= this.#limit) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  drop(token: string): void {
    this.#entries.delete(keyOf(token));
  }
}

// The hash, so that a copy of the memory holds no token that still opens a door.
function keyOf(token: string): string {
  return hash('sha256', token, 'base64');
}
