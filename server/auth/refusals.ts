/** Why a token is refused: one table of reasons, for the counter and for the answer. */
import Boom from '@hapi/boom';
import type { Code } from '../problems/codes.js';
import { problem } from '../problems/problems.js';

const CODES = {
  /** There is none, or it is not sent as a Bearer token. */
  missing: 'AUTH_REQUIRED',
  /** Not the form of a JWT as we take it. */
  malformed: 'AUTH_INVALID_TOKEN',
  /** Nobody we know issues under this name. */
  issuer: 'AUTH_INVALID_TOKEN',
  /** The issuer has no such key, or does not use it with this algorithm. */
  key: 'AUTH_INVALID_TOKEN',
  keys_unreachable: 'AUTH_INVALID_TOKEN',
  signature: 'AUTH_INVALID_TOKEN',
  audience: 'AUTH_INVALID_TOKEN',
  claims: 'AUTH_INVALID_TOKEN',
  expired: 'AUTH_TOKEN_EXPIRED',
  not_yet: 'AUTH_INVALID_TOKEN',
  /** The name in it is none of our accounts. */
  user: 'AUTH_INVALID_TOKEN',
  /** Good once: signed out, the account gone or its password changed. */
  revoked: 'AUTH_INVALID_TOKEN',
  /** Something else went wrong while it was looked at. */
  failed: 'AUTH_INVALID_TOKEN',
} as const satisfies Record<string, Code>;

export type Reason = keyof typeof CODES;

/** A token that is not taken; its message is the reason, because @hapi/jwt hands on nothing but the message. */
export class TokenRefusal extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, options: ErrorOptions = {}) {
    super(reason, options);
    this.reason = reason;
  }
}

// What @hapi/jwt 3.2 says; `Unauthorized` is its answer to a token that none of the keys may verify.
const SAID_BY_JWT: ReadonlyMap<string, Reason> = new Map([
  ['Invalid token signature', 'signature'],
  ['Unauthorized', 'key'],
  ['Token missing payload aud value', 'audience'],
  ['Token audience is not allowed', 'audience'],
  ['Token missing payload iss value', 'issuer'],
  ['Token payload iss value not allowed', 'issuer'],
  ['Invalid token structure', 'malformed'],
  ['Invalid token payload', 'malformed'],
  ['Invalid token missing header', 'malformed'],
  ['Token header missing alg attribute', 'malformed'],
]);

function saidBy(message: string): Reason {
  const own = Object.keys(CODES).find((reason): reason is Reason => reason === message);
  return own ?? SAID_BY_JWT.get(message) ?? 'failed';
}

/** The reason behind whatever verifying a token threw. */
export function reasonOf(error: unknown): Reason {
  if (error instanceof TokenRefusal) return error.reason;
  if (!Boom.isBoom(error)) return 'failed';
  // Where a key function throws, @hapi/jwt answers with a 500 that carries what was thrown.
  const thrown: unknown[] = Array.isArray(error.data) ? error.data : [];
  const refusal = thrown.find((each) => each instanceof TokenRefusal);
  return refusal ? refusal.reason : saidBy(error.message);
}

/** The 401 for a reason; it tells a stranger no more than its code. */
export function refusalProblem(reason: Reason, cause: unknown): ReturnType<typeof problem> {
  const challenge = reason === 'missing' ? 'Bearer' : 'Bearer error="invalid_token"';
  return problem(CODES[reason], { headers: { 'WWW-Authenticate': challenge }, cause });
}
