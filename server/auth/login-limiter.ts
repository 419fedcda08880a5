/**
 * How often a wrong password may be tried: a few times for one name from one address, more often from one address.
 * An attempt is counted before the password is looked at, so a thousand at the same moment gain nothing.
 */
import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { problem } from '../problems/problems.js';

export interface LoginLimits {
  perPair: number;
  perAddress: number;
  windowSeconds: number;
}

const DEFAULTS: LoginLimits = { perPair: 5, perAddress: 50, windowSeconds: 15 * 60 };

/** An IPv6 host can take any address of its /64, so that counts as one. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const plain = address.split('%')[0] ?? address;
  if (!isIPv6(plain)) return address;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    // Only a password that is looked at counts, not one that is sent away.
    await limiter.reward(key, 1);
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw problem('TOO_MANY_LOGINS', { headers: { 'Retry-After': String(seconds) } });
  }
}

export class LoginLimiter {
  readonly #pairs: RateLimiterMemory;
  readonly #addresses: RateLimiterMemory;

  constructor(limits: Partial<LoginLimits> = {}) {
    const { perPair, perAddress, windowSeconds } = { ...DEFAULTS, ...limits };
    this.#pairs = new RateLimiterMemory({ points: perPair, duration: windowSeconds });
    this.#addresses = new RateLimiterMemory({ points: perAddress, duration: windowSeconds });
  }

  /** Counts an attempt; throws TOO_MANY_LOGINS with Retry-After where there were too many. */
  async begin(address: string, username: string): Promise<void> {
    const network = networkOf(address);
    await take(this.#addresses, network);
    try {
      await take(this.#pairs, pairOf(network, username));
    } catch (error) {
      // One name's trouble must not shut out its whole office.
      await this.#addresses.reward(network, 1);
      throw error;
    }
  }

  /** Takes the attempt back: only wrong passwords count. */
  async succeeded(address: string, username: string): Promise<void> {
    const network = networkOf(address);
    await this.#addresses.reward(network, 1);
    await this.#pairs.delete(pairOf(network, username));
  }
}

const pairOf = (network: string, username: string): string => JSON.stringify([network, username]);
