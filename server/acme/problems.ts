/** Problem documents of CAs (RFC 8555 §6.7, RFC 9773 §7.4): read with care, and each as the code that a person can act on. */
import { plainLine } from '../ssh/text.js';
import { acmeCodes, type AcmeCode } from './codes.js';
import type { AcmeProblem } from './contract.js';
import { AcmeError } from './errors.js';

const MAX_DETAIL = 400;
const MAX_SUBPROBLEMS = 100;

const codeOfType = new Map<string, AcmeCode>(
  Object.entries({
    accountDoesNotExist: 'CA_ACCOUNT_GONE',
    alreadyRevoked: 'CA_ALREADY_REVOKED',
    badCSR: 'CA_BAD_CSR',
    badNonce: 'CA_BAD_NONCE',
    badPublicKey: 'CA_BAD_KEY',
    badSignatureAlgorithm: 'CA_BAD_KEY',
    caa: 'CA_CAA',
    connection: 'CA_CONNECTION',
    dns: 'CA_DNS',
    externalAccountRequired: 'CA_EAB_REQUIRED',
    incorrectResponse: 'CA_INCORRECT_RESPONSE',
    invalidContact: 'CA_BAD_CONTACT',
    invalidProfile: 'CA_UNKNOWN_PROFILE',
    orderNotReady: 'CA_ORDER_NOT_READY',
    rateLimited: 'CA_RATE_LIMITED',
    rejectedIdentifier: 'CA_REJECTED_IDENTIFIER',
    serverInternal: 'CA_SERVER',
    tls: 'CA_CONNECTION',
    unauthorized: 'CA_UNAUTHORIZED',
    unsupportedContact: 'CA_BAD_CONTACT',
    unsupportedIdentifier: 'CA_UNSUPPORTED_IDENTIFIER',
    userActionRequired: 'CA_TERMS',
  } as const satisfies Record<string, AcmeCode>),
);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** `urn:ietf:params:acme:error:badNonce` → `badNonce` */
const lastPart = (type: unknown): string =>
  typeof type === 'string' ? plainLine(type.split(/[:/]/u).at(-1) ?? '', 64) : '';

const detailOf = (value: unknown): string => (typeof value === 'string' ? plainLine(value, MAX_DETAIL) : '');

function subproblem(value: Record<string, unknown>): AcmeProblem['subproblems'][number] {
  const { identifier } = value;
  const name = isObject(identifier) && typeof identifier['value'] === 'string' ? plainLine(identifier['value']) : null;
  return { identifier: name, type: lastPart(value['type']), detail: detailOf(value['detail']) };
}

/** Null where the value is no problem document. */
export function readProblem(value: unknown): AcmeProblem | null {
  if (!isObject(value) || typeof value['type'] !== 'string') return null;
  const { status, subproblems } = value;
  return {
    type: lastPart(value['type']),
    detail: detailOf(value['detail']),
    status: typeof status === 'number' ? status : null,
    subproblems: Array.isArray(subproblems)
      ? subproblems.filter(isObject).slice(0, MAX_SUBPROBLEMS).map(subproblem)
      : [],
  };
}

/** A compound problem is as its parts are, where they agree. */
function codeOf({ type, subproblems }: AcmeProblem): AcmeCode {
  const [first, ...others] = new Set(type === 'compound' ? subproblems.map((part) => part.type) : [type]);
  return (first !== undefined && others.length === 0 && codeOfType.get(first)) || 'CA_REFUSED';
}

function sentenceOf(code: AcmeCode, { detail, subproblems }: AcmeProblem): string {
  const parts = subproblems.map((part) => [part.identifier, part.detail].filter(Boolean).join(': '));
  const said = plainLine([detail, ...parts].filter(Boolean).join(' · '), MAX_DETAIL).replace(/\.$/u, '');
  const sentence = acmeCodes[code].sentence;
  return said === '' ? sentence : `${sentence.replace(/\.$/u, '')}: ${said}.`;
}

/** A problem that stands inside an order, an authorisation or a challenge. */
export function problemFailure(problem: AcmeProblem): AcmeError {
  const code = codeOf(problem);
  return new AcmeError(code, sentenceOf(code, problem), { problem });
}

export interface Refusal {
  status: number;
  problem: AcmeProblem | null;
  /** From when on the CA listens again. */
  retryAt: string | null;
  /** What `unauthorized` means as the answer to this request. */
  unauthorized: AcmeCode;
}

function codeOfStatus(status: number): AcmeCode {
  if (status >= 500) return 'CA_SERVER';
  if (status === 429) return 'CA_RATE_LIMITED';
  return status === 404 ? 'CA_NOT_FOUND' : 'CA_REFUSED';
}

function codeOfRefusal({ status, problem, unauthorized }: Refusal): AcmeCode {
  const code = problem ? codeOf(problem) : 'CA_REFUSED';
  if (code === 'CA_UNAUTHORIZED') return unauthorized;
  return code === 'CA_REFUSED' ? codeOfStatus(status) : code;
}

/** The CA's answer to a request, with a status of 400 or more. */
export function requestFailure(refusal: Refusal): AcmeError {
  const { status, problem, retryAt } = refusal;
  const code = codeOfRefusal(refusal);
  const said = problem ?? { type: '', detail: `it answers with status ${status}`, status, subproblems: [] };
  const until = retryAt ? ` It listens again from ${retryAt} on.` : '';
  return new AcmeError(code, `${sentenceOf(code, said)}${until}`, { problem, retryAt });
}
