/**
 * The way to one CA: its TLS, and what is sent again. A request whose answer was lost is repeated only where a second one
 * does no harm; an order or a CSR never is, the caller looks at the order's URL instead.
 */
import { Agent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext, rootCertificates } from 'node:tls';
import type { AcmeDirectory, AcmeOptions } from './contract.js';
import { AcmeError } from './errors.js';
import { exchange, type HttpAnswer, type HttpRequest, type Way } from './exchange.js';
import { retryAfterMs } from './retry-after.js';

const TIMEOUT_MS = 30_000;
/** A longer Retry-After is not waited for: the step fails and says until when. */
const MAX_WAIT_MS = 60_000;
const REPEATS = 2;

/** No connection is kept: one that the CA closes at the same moment would lose an answer that nobody may ask for again. */
function agentFor(rootsPem: string | null): Agent {
  if (rootsPem === null) return new Agent({ keepAlive: false });
  // Made once, as it parses all of the system's roots.
  const secureContext = createSecureContext({ ca: [...rootCertificates, rootsPem] });
  return new Agent({ keepAlive: false, secureContext });
}

/** GET, HEAD and POST-as-GET (RFC 8555 §6.3), whose payload is empty. */
function reads({ method, body }: HttpRequest): boolean {
  if (method !== 'POST' || body === null) return true;
  return (JSON.parse(body) as { payload?: unknown }).payload === '';
}

const gapMs = (attempt: number): number => 250 * 4 ** (attempt - 1);

/** How long to wait before the same is asked again after this answer; null: not again. */
function afterAnswer({ status, headers }: HttpAnswer, harmless: boolean, attempt: number): number | null {
  const wanted = status === 429 || status === 503 ? retryAfterMs(headers['retry-after'], Date.now()) : null;
  if (wanted !== null) return wanted <= MAX_WAIT_MS ? Math.max(wanted, gapMs(attempt)) : null;
  return status >= 500 && harmless ? gapMs(attempt) : null;
}

export class Wire {
  readonly signal: AbortSignal;
  readonly #way: Way;
  readonly #note: (line: string) => void;

  constructor({ rootsPem }: AcmeDirectory, { signal, timeoutMs, note }: AcmeOptions) {
    this.signal = signal;
    this.#way = { agent: agentFor(rootsPem), signal, timeoutMs: timeoutMs ?? TIMEOUT_MS };
    this.#note = (line) => note?.(line);
  }

  note(line: string): void {
    this.#note(line);
  }

  /** Answers with whatever the CA says, its refusals too. `harmless`: a second one changes nothing, though it is no reading. */
  async send(request: HttpRequest, harmless: boolean): Promise<HttpAnswer> {
    const repeatable = harmless || reads(request);
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#try(request, repeatable && attempt <= REPEATS);
      const waitMs = outcome === null ? gapMs(attempt) : this.#pause(outcome, repeatable, attempt);
      if (outcome !== null && waitMs === null) return outcome;
      await this.#wait(waitMs ?? 0);
    }
  }

  /** Null: it was not reached, and may be asked again. */
  async #try(request: HttpRequest, again: boolean): Promise<HttpAnswer | null> {
    try {
      return await exchange(request, this.#way);
    } catch (error) {
      if (!again || !(error instanceof AcmeError) || error.code !== 'CA_UNREACHABLE') throw error;
      this.note(`${error.message} Asking again.`);
      return null;
    }
  }

  #pause(answer: HttpAnswer, repeatable: boolean, attempt: number): number | null {
    const waitMs = attempt <= REPEATS ? afterAnswer(answer, repeatable, attempt) : null;
    if (waitMs !== null) this.note(`The CA answered ${answer.status}; asking again in ${Math.ceil(waitMs / 1000)} s.`);
    return waitMs;
  }

  async #wait(waitMs: number): Promise<void> {
    await sleep(waitMs, undefined, { signal: this.signal }).catch((error: unknown) => {
      this.signal.throwIfAborted();
      throw error;
    });
  }
}
