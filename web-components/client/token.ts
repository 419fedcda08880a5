/** What a token says of itself: when to replace it, and what a token for widgets is bound to. */
import type { EmbedScope } from '../../server/embed/contract.js';
import type { Token } from './contract.js';

const RENEW_AT = 0.8;
const SHORTEST_MS = 10_000;
/** Where the page's clock must be wrong, as a new token has ended by it. */
const FALLBACK_MS = 75_000;
/** A timer takes no more than 24 days. */
const LONGEST_MS = 86_400_000;
/** The issuer of tokens for widgets. */
const EMBED_ISSUER = 'signalbox:embed';

export type Bounds = Pick<EmbedScope, 'connections' | 'operations'>;
type Claims = { iss?: string; iat?: number; exp?: number; scope?: Bounds };

/** Of a JWT; a token may be of any form. */
function claimsOf(token: string): Claims {
  try {
    return (JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/'))) ?? {}) as Claims;
  } catch {
    return {};
  }
}

/** How long to use a new token: four fifths of its life, which `iat` shows even to a page whose clock is wrong. */
export function renewalMs({ token, expiresAt }: Token, now: number): number {
  const { iat = Number.NaN, exp = Number.NaN } = claimsOf(token);
  const leftMs = (expiresAt === undefined ? exp * 1_000 : Date.parse(expiresAt)) - now;
  if (Number.isNaN(leftMs)) return LONGEST_MS;
  const lifeMs = (exp - iat) * 1_000 || Math.max(leftMs, 0) || FALLBACK_MS;
  const usableMs = leftMs > 0 ? Math.min(leftMs, lifeMs) : lifeMs;
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, usableMs * RENEW_AT));
}

/** Null: whatever its user may see. */
export function boundsOf(token: string): Bounds | null {
  const { iss, scope } = claimsOf(token);
  return iss === EMBED_ISSUER && scope ? scope : null;
}
