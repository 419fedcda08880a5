/** The caller's token: asked for once at a time, renewed before it ends, held in memory only. */
import { Alarm } from './alarm.js';
import type { FetchToken, Token } from './contract.js';
import { networkProblem, RequestProblem, signedOutProblem } from './problem.js';
import type { Surroundings } from './surroundings.js';

type Reason = Parameters<FetchToken>[0]['reason'];

const RENEW_AT = 0.8;
const SHORTEST_RENEWAL_MS = 5_000;
/** Browsers' timers overflow at 24.8 days; renewing a longer token once a day does no harm. */
const LONGEST_RENEWAL_MS = 86_400_000;
/** For a token that has ended by this page's clock: the clock may be wrong, so it is not asked for again at once. */
const WRONG_CLOCK_RENEWAL_MS = 60_000;
const RENEWAL_RETRY_MS = 10_000;
/** New tokens refused in a row, after which asking for another one is of no use. */
const MOST_REFUSALS = 3;

const UNREACHABLE = new Set(['AbortError', 'NetworkError', 'TimeoutError']);

/** Whether fetchToken failed for want of a network (what fetch throws then) and not for want of a user. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof TypeError) return true;
  if (error instanceof RequestProblem) return error.status === 0 || error.status >= 500;
  return error instanceof Error && UNREACHABLE.has(error.name);
}

/** When a JWT ends, ms since the epoch; null for any other token. */
function expiryOf(token: string): number | null {
  const payload = token.split('.')[1];
  if (!payload) return null;
  try {
    const claims = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as { exp?: unknown };
    return typeof claims.exp === 'number' ? claims.exp * 1_000 : null;
  } catch {
    // A token may be of any form: one that is no JWT is renewed when it is refused.
    return null;
  }
}

function renewalDelayMs(token: Token, now: number): number | null {
  const endsAt = token.expiresAt === undefined ? expiryOf(token.token) : Date.parse(token.expiresAt);
  if (endsAt === null || !Number.isFinite(endsAt)) return null;
  const leftMs = endsAt - now;
  if (leftMs <= 0) return WRONG_CLOCK_RENEWAL_MS;
  return Math.min(LONGEST_RENEWAL_MS, Math.max(SHORTEST_RENEWAL_MS, leftMs * RENEW_AT));
}

interface Told {
  renewed(token: string): void;
  signedOut(): void;
}

export class Tokens {
  readonly #around: Surroundings;
  readonly #told: Told;
  readonly #renewal: Alarm;
  #token: string | null = null;
  #asking: Promise<string> | null = null;
  #refusals = 0;
  #round = 0;
  #signedOut = false;

  constructor(around: Surroundings, told: Told) {
    this.#around = around;
    this.#told = told;
    this.#renewal = new Alarm(around);
  }

  get signedOut(): boolean {
    return this.#signedOut;
  }

  /** The token to send; throws a Problem where there is none. */
  async current(): Promise<string> {
    if (this.#signedOut) throw signedOutProblem();
    return this.#token ?? this.#ask('initial');
  }

  /** Another token in place of one that the server refused. */
  async replace(refused: string): Promise<string> {
    if (this.#signedOut || refused !== this.#token) return this.current();
    if (this.#asking) return this.#asking;
    this.#refusals += 1;
    if (this.#refusals > MOST_REFUSALS) throw this.#signOut();
    return this.#ask('rejected');
  }

  /** The server took a token. */
  accepted(): void {
    this.#refusals = 0;
  }

  /** Forgets everything; the next request asks anew. */
  forget(): void {
    this.stop();
    this.#signedOut = false;
    this.#refusals = 0;
  }

  /** No token is asked for any more. */
  close(): void {
    this.stop();
    this.#signedOut = true;
  }

  stop(): void {
    this.#round += 1;
    this.#asking = null;
    this.#token = null;
    this.#renewal.clear();
  }

  #ask(reason: Reason): Promise<string> {
    if (this.#asking) return this.#asking;
    const asking = this.#fetch(reason, this.#round).finally(() => {
      if (this.#asking === asking) this.#asking = null;
    });
    this.#asking = asking;
    return asking;
  }

  async #fetch(reason: Reason, round: number): Promise<string> {
    let given: Token | string | null;
    try {
      given = await this.#around.fetchToken({ reason });
    } catch (error) {
      if (round !== this.#round) return this.current();
      throw isUnreachable(error) ? networkProblem(error) : this.#signOut(error);
    }
    if (round !== this.#round) return this.current();
    if (!given) throw this.#signOut();
    return this.#take(typeof given === 'string' ? { token: given } : given);
  }

  #take(given: Token): string {
    this.#token = given.token;
    const delayMs = renewalDelayMs(given, this.#around.now());
    if (delayMs === null) this.#renewal.clear();
    else this.#renewal.set(delayMs, () => this.#renew());
    this.#told.renewed(given.token);
    return given.token;
  }

  /** A renewal that finds no network leaves the living token in use. */
  #renew(): void {
    this.#ask('refresh').catch((error: unknown) => {
      if (!(error instanceof RequestProblem)) throw error;
      if (error.code === 'NETWORK') this.#renewal.set(RENEWAL_RETRY_MS, () => this.#renew());
    });
  }

  #signOut(cause?: unknown): RequestProblem {
    this.stop();
    this.#signedOut = true;
    this.#told.signedOut();
    return signedOutProblem(cause);
  }
}
