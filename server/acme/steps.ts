/** One step with acme-client: its requests go by our wire, and whatever ends it badly has a code. */
import type { AcmeCode } from './codes.js';
import type { AcmeProblem } from './contract.js';
import { AcmeError } from './errors.js';
import type { HttpAnswer, HttpRequest } from './exchange.js';
import { readProblem, requestFailure } from './problems.js';
import { retryAfterMs } from './retry-after.js';
import type { Wire } from './wire.js';

/** acme-client signs anew six times in a row when the CA refuses a nonce (RFC 8555 §6.5); that many such rows are tried. */
const NONCE_ROUNDS = 2;

export interface StepOptions {
  /** A second one changes nothing, though it is no reading. */
  harmless?: boolean;
  /** What the problem `unauthorized` means here. */
  unauthorized?: AcmeCode;
}

export interface StepResult<T> {
  value: T;
  /** The headers of the step's last answer. */
  headers: Record<string, string>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, so it is no problem document; the status alone speaks.
    return null;
  }
}

/** An answer with a status below 300, or badNonce, which acme-client answers itself; else it rejects with an AcmeError. */
export function judged(answer: HttpAnswer, unauthorized: AcmeCode = 'CA_ACCOUNT_REFUSED'): AcmeProblem | null {
  const { status, headers, body } = answer;
  if (status < 300) return null;
  if (status < 400) throw new AcmeError('CA_NOT_ACME', `The CA answers with a redirect (${status}).`);
  const problem = readProblem(parsed(body));
  if (problem?.type === 'badNonce') return problem;
  const afterMs = retryAfterMs(headers['retry-after'], Date.now());
  const retryAt = afterMs === null ? null : new Date(Date.now() + afterMs).toISOString();
  throw requestFailure({ status, problem, retryAt, unauthorized });
}

export class Steps {
  readonly wire: Wire;

  constructor(wire: Wire) {
    this.wire = wire;
  }

  async run<T>(options: StepOptions, work: () => Promise<T>): Promise<StepResult<T>> {
    for (let round = 1; ; round += 1) {
      try {
        return await this.#once(options, work);
      } catch (error) {
        if (!(error instanceof AcmeError) || error.code !== 'CA_BAD_NONCE' || round === NONCE_ROUNDS) throw error;
        this.wire.note('The CA refused one nonce after another; asking again.');
      }
    }
  }

  async #once<T>({ harmless, unauthorized }: StepOptions, work: () => Promise<T>): Promise<StepResult<T>> {
    const { sentBy } = await import('./library.js');
    const refused = new Map<string, AcmeProblem>();
    let headers: Record<string, string> = {};
    const send = async (request: HttpRequest): Promise<HttpAnswer> => {
      const answer = await this.wire.send(request, harmless ?? false);
      const badNonce = judged(answer, unauthorized);
      if (badNonce) refused.set(request.url, badNonce);
      else if (request.method === 'POST') refused.delete(request.url);
      headers = answer.headers;
      return answer;
    };
    try {
      const value = await sentBy(send, work);
      return { value, headers };
    } catch (error) {
      throw this.#failure(error, refused);
    }
  }

  /** acme-client itself throws plain errors, after too many bad nonces and where an answer is not as RFC 8555 says. */
  #failure(cause: unknown, refused: ReadonlyMap<string, AcmeProblem>): unknown {
    if (this.wire.signal.aborted) return this.wire.signal.reason;
    if (cause instanceof AcmeError) return cause;
    const [problem] = refused.values();
    if (problem) return new AcmeError('CA_BAD_NONCE', undefined, { problem, cause });
    return new AcmeError('CA_NOT_ACME', 'The CA’s answer is not what ACME prescribes.', { cause });
  }
}
