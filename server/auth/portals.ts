/** Tokens of portals: one strategy an issuer, so that the key decides which issuer a token can claim. */
import type { KeyObject } from 'node:crypto';
import type { HapiJwt } from '@hapi/jwt';
import type { Account, Caller } from '../access/contract.js';
import { EMBED_ISSUER } from '../embed/tokens.js';
import type { PortalIssuer } from '../settings/config.js';
import { expiryOf, PORTAL_LIFETIME_SECONDS, portalTokenId, textClaim, type Claims } from './claims.js';
import { jwksKeys, type JwksTimes } from './jwks.js';
import { pemKey, PORTAL_ALGORITHMS, suits, type Algorithm, type KeySource } from './portal-keys.js';
import { TokenRefusal } from './refusals.js';
import { OURS } from './tokens.js';

// What we issue ourselves: a portal under one of these names could be taken for us.
const RESERVED: readonly string[] = [OURS, EMBED_ISSUER];

/** Refuses settings by which a portal could speak for us or for another portal. */
export function assertPortals(portals: readonly PortalIssuer[]): void {
  for (const portal of portals) {
    const wrong = (what: string) => new Error(`JWT issuer ${portal.name}: ${what}.`);
    const own = RESERVED.find((name) => portal.issuer === name || portal.name === name);
    if (own !== undefined) throw wrong(`'${own}' is our own name`);
    if (portals.some((other) => other !== portal && (other.issuer === portal.issuer || other.name === portal.name)))
      throw wrong('another entry has the same issuer or name');
    const alien = portal.algorithms.find((alg) => !PORTAL_ALGORITHMS.some((known) => known === alg));
    if (alien !== undefined) throw wrong(`expected algorithms of ${PORTAL_ALGORITHMS.join(', ')}, got '${alien}'`);
    if (portal.algorithms.length === 0) throw wrong('expected at least one algorithm');
    if ((portal.jwksUrl === undefined) === (portal.publicKey === undefined))
      throw wrong('expected jwksUrl or publicKey, and not both');
  }
}

function sourceOf(portal: PortalIssuer, times: Partial<JwksTimes>): KeySource {
  if (portal.publicKey !== undefined) return pemKey(portal, portal.publicKey);
  if (portal.jwksUrl !== undefined) return jwksKeys(portal.jwksUrl, times);
  throw new Error(`JWT issuer ${portal.name}: expected jwksUrl or publicKey.`);
}

/** Hands the keys to @hapi/jwt: as SPKI PEM, each for the one algorithm that the token names and the portal may use. */
export function portalKeys(portal: PortalIssuer, times: Partial<JwksTimes> = {}) {
  const find = sourceOf(portal, times);
  const allowed = PORTAL_ALGORITHMS.filter((alg) => portal.algorithms.includes(alg));
  return async ({ decoded }: HapiJwt.Artifacts): Promise<HapiJwt.StandardKey[]> => {
    const { kid } = decoded.header as { kid?: string };
    const alg = allowed.find((each) => each === decoded.header.alg);
    if (!alg) return [];
    const keys = await find({ alg, kid });
    return keys.filter((key) => suits(key, alg)).map((key) => standardKey(key, alg));
  };
}

function standardKey(key: KeyObject, alg: Algorithm): HapiJwt.StandardKey {
  return { key: key.export({ type: 'spki', format: 'pem' }), algorithms: [alg] };
}

/** Who a portal's verified token speaks for: an account of ours, with no more than the portal's rights. */
export function portalCaller(
  portal: PortalIssuer,
  claims: Claims,
  token: string,
  nowMs: number,
  userByName: (username: string) => Account | null,
): Caller {
  const expiresAt = expiryOf(claims, nowMs, PORTAL_LIFETIME_SECONDS);
  const account = userByName(textClaim(claims, portal.userClaim));
  if (!account) throw new TokenRefusal('user');
  return {
    userId: account.id,
    username: account.username,
    tokenId: portalTokenId(portal.name, claims, token),
    expiresAt,
    issuer: portal.name,
    maxRole: portal.maxRole,
    tokenVersion: null,
  };
}
