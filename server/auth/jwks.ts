/** A portal's keys from its JWKS endpoint, fetched when the first token needs them and again when a new key id appears. */
import { KeyObject } from 'node:crypto';
import type { CryptoKey, JSONWebKeySet, JWKSCacheInput, RemoteJWKSet } from 'jose';
import type { KeyHint, KeySource } from './portal-keys.js';
import { TokenRefusal } from './refusals.js';

export interface JwksTimes {
  /** How long a fetched set is taken as it is. */
  maxAgeMs: number;
  /** How soon after a fetch an unknown key id may cause the next one. */
  cooldownMs: number;
  /** How soon after a failed fetch another is tried. */
  retryMs: number;
  /** How long the last good set is used while the endpoint can't be reached. */
  staleMs: number;
  timeoutMs: number;
}

const DEFAULTS: JwksTimes = {
  maxAgeMs: 10 * 60_000,
  cooldownMs: 10_000,
  retryMs: 5_000,
  staleMs: 60 * 60_000,
  timeoutMs: 3_000,
};

type Jose = typeof import('jose');

class Jwks {
  readonly #url: URL;
  readonly #times: JwksTimes;
  readonly #imported = new WeakMap<CryptoKey, KeyObject>();
  #remote: RemoteJWKSet | null = null;
  // jose notes in it when it last read a sound set.
  readonly #cache: JWKSCacheInput = {};
  #failedAt = -Infinity;

  constructor(url: URL, times: JwksTimes) {
    this.#url = url;
    this.#times = times;
  }

  async find(hint: KeyHint): Promise<KeyObject[]> {
    const jose = await import('jose');
    const keys = await this.#keys(jose, hint);
    return keys.map((key) => this.#import(key));
  }

  async #keys(jose: Jose, hint: KeyHint): Promise<CryptoKey[]> {
    this.#remote ??= this.#open(jose);
    try {
      return await matching(jose, this.#remote, hint);
    } catch (cause) {
      const { retryMs, staleMs } = this.#times;
      if (Date.now() - this.#failedAt >= retryMs) this.#failedAt = Date.now();
      const last = this.#remote.jwks();
      if (!last || Date.now() - Number(this.#cache.uat) >= staleMs)
        throw new TokenRefusal('keys_unreachable', { cause });
      return await fromLast(jose, last, hint, cause);
    }
  }

  #open(jose: Jose): RemoteJWKSet {
    return jose.createRemoteJWKSet(this.#url, {
      cacheMaxAge: this.#times.maxAgeMs,
      cooldownDuration: this.#times.cooldownMs,
      timeoutDuration: this.#times.timeoutMs,
      [jose.jwksCache]: this.#cache,
      [jose.customFetch]: (url, options) => this.#fetch(url, options),
    });
  }

  /** jose waits after a good fetch only; without this each bad token would call on an endpoint that is down. */
  async #fetch(url: string, options: RequestInit): Promise<Response> {
    if (Date.now() - this.#failedAt < this.#times.retryMs) throw new Error('The JWKS endpoint failed a moment ago.');
    return fetch(url, options);
  }

  #import(key: CryptoKey): KeyObject {
    const known = this.#imported.get(key);
    if (known) return known;
    const imported = KeyObject.from(key);
    this.#imported.set(key, imported);
    return imported;
  }
}

/** The keys that fit; none where the set holds none. What else is thrown means that the set can't be had. */
async function matching(
  jose: Jose,
  find: (header: { alg: string; kid?: string }) => Promise<CryptoKey>,
  { alg, kid }: KeyHint,
): Promise<CryptoKey[]> {
  const { JWKSMultipleMatchingKeys, JWKSNoMatchingKey, JOSENotSupported } = jose.errors;
  try {
    return [await find(kid === undefined ? { alg } : { alg, kid })];
  } catch (error) {
    if (error instanceof JWKSNoMatchingKey || error instanceof JOSENotSupported) return [];
    if (!(error instanceof JWKSMultipleMatchingKeys)) throw error;
    const keys: CryptoKey[] = [];
    for await (const key of error) keys.push(key);
    return keys;
  }
}

async function fromLast(jose: Jose, last: JSONWebKeySet, hint: KeyHint, cause: unknown): Promise<CryptoKey[]> {
  const keys = await matching(jose, jose.createLocalJWKSet(last), hint);
  // Perhaps the endpoint has the key by now, but nobody can tell: say that, rather than that there is none.
  if (keys.length === 0) throw new TokenRefusal('keys_unreachable', { cause });
  return keys;
}

/** A source of the keys at this address. */
export function jwksKeys(url: string, times: Partial<JwksTimes> = {}): KeySource {
  const jwks = new Jwks(new URL(url), { ...DEFAULTS, ...times });
  return (hint) => jwks.find(hint);
}
