/** Tokens for widgets: HS256 under the server's secret, and by issuer and audience never taken for one of a session (RFC 8725 §3.12). */
import Jwt from '@hapi/jwt';
import type { Account, Caller, Role } from '../access/contract.js';
import { ROLES } from '../access/roles.js';
import { expiryOf, textClaim, type Claims } from '../auth/claims.js';
import { TokenRefusal } from '../auth/refusals.js';
import type { EmbedAction, EmbedScope } from './contract.js';

/** Issuer and audience of tokens for widgets, and the strategy's name. */
export const EMBED_ISSUER = 'signalbox:embed';
export const EMBED_SECONDS = { default: 600, longest: 3600 } as const;
export const EMBED_ACTIONS: readonly EmbedAction[] = ['read', 'start', 'cancel', 'retry'];

export interface EmbedGrant {
  id: string;
  maker: Account;
  /** The most that the token by which it was asked for may do. */
  maxRole: Role;
  scope: EmbedScope;
  /** Whole seconds since the epoch. */
  issuedAt: number;
  expiresAt: number;
}

export function mintEmbedToken(secret: Buffer, { id, maker, maxRole, scope, issuedAt, expiresAt }: EmbedGrant): string {
  const who = { sub: maker.username, uid: maker.id, ver: maker.tokenVersion, max: maxRole };
  const claims = { iss: EMBED_ISSUER, aud: EMBED_ISSUER, ...who, jti: id, iat: issuedAt, exp: expiresAt, scope };
  return Jwt.token.generate(claims, { key: secret, algorithm: 'HS256' });
}

function listOf<T>(value: unknown, isItem: (item: unknown) => item is T): readonly T[] {
  if (!Array.isArray(value) || !value.every(isItem)) throw new TokenRefusal('claims');
  return value;
}

const isId = (value: unknown): value is number => Number.isSafeInteger(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isAction = (value: unknown): value is EmbedAction => EMBED_ACTIONS.some((action) => action === value);

// A scope that is not whole must refuse: a missing list could mean everything.
function scopeOf(value: unknown): EmbedScope {
  if (typeof value !== 'object' || value === null) throw new TokenRefusal('claims');
  const { connections, operations, actions, origins } = value as Record<string, unknown>;
  return {
    connections: listOf(connections, isId),
    operations: operations === null ? null : listOf(operations, isText),
    actions: listOf(actions, isAction),
    origins: listOf(origins, isText),
  };
}

/** Who a verified token for widgets speaks for: its maker, within its scope. */
export function embedCaller(claims: Claims, nowMs: number): Caller {
  const { uid, ver, max } = claims;
  const maxRole = ROLES.find((role) => role === max);
  if (!isId(uid) || !isId(ver) || !maxRole) throw new TokenRefusal('claims');
  return {
    userId: uid,
    username: textClaim(claims, 'sub'),
    tokenId: textClaim(claims, 'jti'),
    expiresAt: expiryOf(claims, nowMs, EMBED_SECONDS.longest),
    issuer: EMBED_ISSUER,
    maxRole,
    tokenVersion: ver,
    embed: scopeOf(claims['scope']),
  };
}
