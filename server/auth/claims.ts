/** The rules for a token's claims beyond issuer and audience, which @hapi/jwt holds each strategy to. */
import { createHash } from 'node:crypto';
import { TokenRefusal } from './refusals.js';

export type Claims = Readonly<Record<string, unknown>>;

const SKEW_SECONDS = 60;
/** The longest life that a portal's token may have. */
export const PORTAL_LIFETIME_SECONDS = 24 * 60 * 60;

function number(claims: Claims, name: 'iat' | 'nbf'): number | null {
  const value = claims[name];
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TokenRefusal('claims');
  return value;
}

/** When the token ends, in ms; refuses one that does not say so, has ended or has not begun. */
export function expiryOf(claims: Claims, nowMs: number, longestSeconds: number): number {
  const { exp } = claims;
  const now = nowMs / 1000;
  if (typeof exp !== 'number' || !Number.isSafeInteger(exp)) throw new TokenRefusal('claims');
  if (exp <= now) throw new TokenRefusal('expired');
  const issuedAt = number(claims, 'iat');
  if (Math.max(issuedAt ?? 0, number(claims, 'nbf') ?? 0) > now + SKEW_SECONDS) throw new TokenRefusal('not_yet');
  if (exp - (issuedAt ?? now) > longestSeconds) throw new TokenRefusal('claims');
  return exp * 1000;
}

/** A claim that has to be a text of its own, not one inherited from Object. */
export function textClaim(claims: Claims, name: string): string {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (typeof value !== 'string' || value === '') throw new TokenRefusal('claims');
  return value;
}

/**
 * What a portal's token is revoked by: its jti under the portal's name, or where it has none that we can keep, a hash.
 * The hash leaves the signature out: who holds a token can give an ECDSA signature another valid form.
 */
export function portalTokenId(portal: string, claims: Claims, token: string): string {
  const { jti } = claims;
  if (typeof jti === 'string' && /^[\x21-\x7e]{1,128}$/.test(jti)) return `${portal}:${jti}`;
  const signed = token.slice(0, token.lastIndexOf('.'));
  return `sha256:${createHash('sha256').update(signed).digest('hex')}`;
}
