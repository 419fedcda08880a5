/** Our own tokens: HS256 under the server's secret. */
import Jwt from '@hapi/jwt';
import { v4 as uuid } from 'uuid';
import type { Account, Caller } from '../access/contract.js';
import { expiryOf, textClaim, type Claims } from './claims.js';
import { TokenRefusal } from './refusals.js';

/** Issuer and audience of our own tokens, and the strategy's name. */
export const OURS = 'signalbox';
export const LIFETIME_SECONDS = 12 * 60 * 60;

export interface MintedToken {
  token: string;
  /** ms since the epoch. */
  expiresAt: number;
}

/** Makes a token for the account; it dies with its time, its revocation, a new password or the account. */
export function mintToken(secret: Buffer, account: Account, nowMs: number): MintedToken {
  const iat = Math.floor(nowMs / 1000);
  const exp = iat + LIFETIME_SECONDS;
  const claims = {
    iss: OURS,
    aud: OURS,
    sub: account.username,
    // A name can be given to another account later; its id can't.
    uid: account.id,
    ver: account.tokenVersion,
    jti: uuid(),
    iat,
    exp,
  };
  return { token: Jwt.token.generate(claims, { key: secret, algorithm: 'HS256' }), expiresAt: exp * 1000 };
}

/** Who a verified token of ours speaks for. */
export function ownCaller(claims: Claims, nowMs: number): Caller {
  const { uid, ver } = claims;
  if (!Number.isSafeInteger(uid) || !Number.isSafeInteger(ver)) throw new TokenRefusal('claims');
  return {
    userId: uid as number,
    username: textClaim(claims, 'sub'),
    tokenId: textClaim(claims, 'jti'),
    expiresAt: expiryOf(claims, nowMs, LIFETIME_SECONDS),
    issuer: OURS,
    maxRole: 'admin',
    tokenVersion: ver as number,
  };
}
