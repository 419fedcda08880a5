/** One HTTPS request and its whole answer, within a time limit and under the caller's signal. Follows no redirect. */
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest, type Agent } from 'node:https';
import { AcmeError } from './errors.js';

const MAX_ANSWER_BYTES = 1024 * 1024;

export interface HttpRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** Null: none. */
  body: string | null;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Way {
  agent: Agent;
  signal: AbortSignal;
  timeoutMs: number;
}

const UNTRUSTED =
  /^CERT_|_CERT|^ERR_TLS_CERT|^UNABLE_TO_|^(HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED)$/u;
const NOT_HTTPS = /^(HPE_|ERR_SSL|EPROTO$|ERR_TLS_)/u;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection',
  ENOTFOUND: 'has no address in DNS',
  EAI_AGAIN: 'could not be looked up in DNS',
  ECONNRESET: 'cut the connection',
  EPIPE: 'cut the connection',
};

/** What Node.js reports, with our code; the cause is kept. */
function networkFailure(url: string, cause: unknown): AcmeError {
  const { host } = new URL(url);
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (UNTRUSTED.test(code))
    return new AcmeError('CA_TLS_UNTRUSTED', `The TLS certificate of ${host} is not trusted: ${message}.`, { cause });
  if (NOT_HTTPS.test(code)) return new AcmeError('CA_NOT_ACME', `${host} does not speak HTTPS.`, { cause });
  return new AcmeError('CA_UNREACHABLE', `${host} ${REASONS[code] ?? `cannot be reached (${code})`}.`, { cause });
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new AcmeError('CA_NOT_ACME', 'The CA’s answer is larger than 1 MiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const all = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]);
  return Object.fromEntries(all) as Record<string, string>;
}

function send({ method, url, headers, body }: HttpRequest, agent: Agent, signal: AbortSignal): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(url, { method, headers, agent, signal }, (answer) => {
      bodyOf(answer).then(
        (text) => resolve({ status: answer.statusCode ?? 0, headers: headersOf(answer), body: text }),
        reject,
      );
    });
    // It stays for what comes after the answer's head, too.
    asked.on('error', reject);
    asked.end(body ?? undefined);
  });
}

/** Rejects with an AcmeError, or with the reason of the caller's signal. The limit is for all of it, the body included. */
export async function exchange(request: HttpRequest, { agent, signal, timeoutMs }: Way): Promise<HttpAnswer> {
  signal.throwIfAborted();
  if (new URL(request.url).protocol !== 'https:')
    throw new AcmeError('CA_NOT_ACME', 'The CA names an address that does not begin with https://.');
  const limit = new AbortController();
  const expire = () => limit.abort(new AcmeError('CA_TIMEOUT'));
  const follow = () => limit.abort(signal.reason);
  const timer = setTimeout(expire, timeoutMs);
  signal.addEventListener('abort', follow, { once: true });
  try {
    return await send(request, agent, limit.signal);
  } catch (error) {
    limit.signal.throwIfAborted();
    throw error instanceof AcmeError ? error : networkFailure(request.url, error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', follow);
  }
}
