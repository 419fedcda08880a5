/** What went wrong with a request, as the server said it (RFC 9457) or as it is said for a server that said nothing. */
import type { Problem } from './contract.js';

interface ProblemFacts {
  status: number;
  code: string;
  message: string;
  hint?: string | null;
  retryAfter?: number | null;
  body?: Record<string, unknown>;
  cause?: unknown;
}

export class RequestProblem extends Error implements Problem {
  readonly status: number;
  readonly code: string;
  readonly hint: string | null;
  readonly retryAfter: number | null;
  readonly body: Record<string, unknown>;

  constructor(facts: ProblemFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'Problem';
    this.status = facts.status;
    this.code = facts.code;
    this.hint = facts.hint ?? null;
    this.retryAfter = facts.retryAfter ?? null;
    this.body = facts.body ?? {};
  }
}

export function networkProblem(cause: unknown): RequestProblem {
  return new RequestProblem({
    status: 0,
    code: 'NETWORK',
    message: 'The server cannot be reached.',
    hint: 'Check the network connection. The page tries again by itself.',
    cause,
  });
}

export function signedOutProblem(cause?: unknown): RequestProblem {
  return new RequestProblem({
    status: 401,
    code: 'AUTH_REQUIRED',
    message: 'You are not signed in.',
    hint: 'Sign in again.',
    cause,
  });
}

/** The client was closed, or its user changed, before the answer came. */
export function abandonedProblem(): RequestProblem {
  return new RequestProblem({ status: 0, code: 'ABANDONED', message: 'The request was given up.' });
}

export function unreadableProblem(status: number, cause: unknown): RequestProblem {
  return new RequestProblem({
    status,
    code: 'UNREADABLE_ANSWER',
    message: 'The server answered with something that cannot be read.',
    hint: 'Check that the address is that of Signalbox.',
    cause,
  });
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function documentOf(content: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(content);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch (error) {
    // A proxy answers in HTML; its status is then all that is known.
    return { unreadable: String(error) };
  }
}

/** An error answer's document as a Problem. */
export function problemOf(status: number, headers: Headers, content: string): RequestProblem {
  const body = documentOf(content);
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new RequestProblem({
    status,
    code: text(body['code']) ?? `HTTP_${status}`,
    message: text(body['detail']) ?? text(body['title']) ?? `The server answered with status ${status}.`,
    hint: text(body['hint']),
    retryAfter: Number.isFinite(seconds) ? seconds : null,
    body,
  });
}

/** How long the server asked to wait, in ms; 0 where it did not. */
export function waitAskedMs(error: unknown): number {
  return error instanceof RequestProblem ? (error.retryAfter ?? 0) * 1_000 : 0;
}

/** Tells the developer of a mistake without letting it stop anything else. */
export function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else console.error(error);
}

/** Any error as a Problem: one that is none comes of an answer in a form that nobody foresaw, and is reported too. */
export function problemFrom(error: unknown): RequestProblem {
  if (error instanceof RequestProblem) return error;
  report(error);
  return unreadableProblem(200, error);
}
