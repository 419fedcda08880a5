/** What went wrong with a request, as the server said it (RFC 9457) or as it is said for a server that said nothing. */
type ProblemFacts = Pick<RequestProblem, 'status' | 'code' | 'message'> & Partial<RequestProblem>;

/** A problem document as thrown by every request. */
export class RequestProblem extends Error {
  declare readonly status: number;
  declare readonly code: string;
  declare readonly hint: string | null;
  /** Seconds to wait, where the server said so. */
  declare readonly retryAfter: number | null;
  /** The whole document, with what else it holds. */
  declare readonly body: Record<string, unknown>;

  constructor({ message, cause, ...facts }: ProblemFacts) {
    super(message, { cause });
    Object.assign(this, { name: 'Problem', hint: null, retryAfter: null, body: {} }, facts);
  }
}

const facts = (status: number, code: string, message: string, hint: string) => ({ status, code, message, hint });

export const SIGNED_OUT = facts(401, 'AUTH_REQUIRED', 'You are not signed in.', 'Sign in again.');
export const UNREADABLE = facts(
  200,
  'UNREADABLE_ANSWER',
  'The answer of the server cannot be read.',
  'Check its address.',
);
/** The client was closed, or its user changed, before the answer came. */
export const ABANDONED = facts(0, 'ABANDONED', 'The request was given up.', 'Try again.');

export function networkProblem(cause: unknown): RequestProblem {
  const hint = 'Check the network connection. The page tries again by itself.';
  return new RequestProblem({ ...facts(0, 'NETWORK', 'The server cannot be reached.', hint), cause });
}

/** An error answer's document as a Problem; where there is none to read the status is all that is known. */
export function problemOf(status: number, headers: Headers, document: unknown): RequestProblem {
  const body = Object(document) as { code?: string; title?: string; detail?: string; hint?: string };
  const { code = `HTTP_${status}`, title = `The server answered with status ${status}.`, hint = null } = body;
  const retryAfter = Number.parseInt(headers.get('retry-after') ?? '', 10) || null;
  return new RequestProblem({ status, code, message: body.detail ?? title, hint, retryAfter, body });
}

/** Tells the developer of a mistake without letting it stop anything else. */
export const report: (error: unknown) => void = globalThis.reportError ?? console.error;

/** How long the server asked to wait, in ms. A TypeError comes of an answer that nobody foresaw: it is reported. */
export function waitAskedMs(error: unknown): number {
  if (error instanceof TypeError) report(error);
  return error instanceof RequestProblem ? (error.retryAfter ?? 0) * 1_000 : 0;
}
