/** What a CA says of orders and authorisations, checked before anybody builds on it. */
import type { AcmeAuthorization, AcmeChallenge, AcmeOrder } from './contract.js';
import { AcmeError } from './errors.js';
import { readProblem } from './problems.js';

/** An order as RFC 8555 §7.1.3 has it, as far as a CA keeps to it. */
export interface RawOrder {
  status: string;
  identifiers?: { type?: string; value?: string }[];
  authorizations?: string[];
  finalize?: string;
  certificate?: string;
  expires?: string;
  error?: unknown;
}

/** §7.1.4 */
export interface RawAuthorization {
  url: string;
  status: string;
  identifier?: { type?: string; value?: string };
  wildcard?: boolean;
  challenges?: RawChallenge[];
}

/** §8 */
export interface RawChallenge {
  url: string;
  type: string;
  status: string;
  token?: string;
  error?: unknown;
}

const ORDER_STATUS = ['pending', 'ready', 'processing', 'valid', 'invalid'] as const;
const AUTHORIZATION_STATUS = ['pending', 'valid', 'invalid', 'deactivated', 'expired', 'revoked'] as const;
const CHALLENGE_STATUS = ['pending', 'processing', 'valid', 'invalid'] as const;
const ANSWERABLE = ['http-01', 'dns-01'];

// A token becomes the name of a file, a name that of a record: neither may lead anywhere else (RFC 8555 §8, §7.1.4).
const TOKEN = /^[A-Za-z0-9_-]{1,255}$/u;
const NAME = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/u;

function strange(what: string, cause?: unknown): AcmeError {
  return new AcmeError('CA_NOT_ACME', `The CA’s answer is not what ACME prescribes: ${what}.`, { cause });
}

/** Whatever else is wrong with a shape shows in a TypeError. */
function misshapen(error: unknown): AcmeError {
  return error instanceof AcmeError ? error : strange('a field of another type', error);
}

function oneOf<T extends string>(all: readonly T[], value: string, what: string): T {
  const found = all.find((known) => known === value);
  if (found === undefined) throw strange(`an unknown status of ${what}`);
  return found;
}

function nameOf(identifier: { type?: string; value?: string } | undefined): string {
  const name = identifier?.type === 'dns' ? (identifier.value ?? '').toLowerCase() : '';
  if (!NAME.test(name)) throw strange('a name that is no DNS name');
  return name;
}

function timeOf(value: string | undefined): string | null {
  const at = Date.parse(value ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

export function orderOf(url: string, raw: RawOrder): AcmeOrder {
  try {
    return {
      url,
      status: oneOf(ORDER_STATUS, raw.status, 'an order'),
      names: (raw.identifiers ?? []).map(nameOf),
      expiresAt: timeOf(raw.expires),
      problem: readProblem(raw.error),
    };
  } catch (error) {
    throw misshapen(error);
  }
}

/** The URLs of an order's authorisations. */
export function authorizationUrls({ authorizations }: RawOrder): string[] {
  if (!Array.isArray(authorizations)) throw strange('an order without authorisations');
  return authorizations.map(String);
}

async function challengeOf(
  raw: RawChallenge,
  answerOf: (raw: RawChallenge) => Promise<string>,
): Promise<AcmeChallenge> {
  const { url, type, token = '' } = raw;
  if (!TOKEN.test(token)) throw strange('a challenge without a sound token');
  const status = oneOf(CHALLENGE_STATUS, raw.status, 'a challenge');
  return { url, type, status, token, answer: await answerOf(raw), problem: readProblem(raw.error) };
}

type AnswerOf = (raw: RawChallenge) => Promise<string>;

async function read(raw: RawAuthorization, answerOf: AnswerOf): Promise<AcmeAuthorization> {
  const challenges = (raw.challenges ?? []).filter(({ type }) => ANSWERABLE.includes(type));
  return {
    url: raw.url,
    name: nameOf(raw.identifier).replace(/^\*\./u, ''),
    wildcard: raw.wildcard === true,
    status: oneOf(AUTHORIZATION_STATUS, raw.status, 'an authorisation'),
    challenges: await Promise.all(challenges.map((challenge) => challengeOf(challenge, answerOf))),
  };
}

/** With the challenges that we can answer; others are left out. */
export function authorizationOf(raw: RawAuthorization, answerOf: AnswerOf): Promise<AcmeAuthorization> {
  return read(raw, answerOf).catch((error: unknown) => Promise.reject(misshapen(error)));
}
