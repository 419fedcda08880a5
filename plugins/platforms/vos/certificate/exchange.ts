/** One call and its answer over a connection that is believed already. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { AnswerError, LinkError } from './trouble.js';

/** A trust store of some hundred certificates, listed once for each service, stays well below. */
const MAX_BYTES = 8 << 20;

export interface Call {
  method: 'GET' | 'POST';
  path: string;
  body?: object;
}

/** An answer as it came; a redirect is an answer like another and is not followed. */
export interface Answer {
  status: number;
  text: string;
}

export interface ExchangeOptions {
  host: string;
  port: number;
  authorization: string;
  signal: AbortSignal;
  timeoutMs: number;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new AnswerError('The appliance answered with more than anybody could use.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf(authorization: string, json: string | null): Record<string, string> {
  const always = { authorization, accept: 'application/json' };
  if (json === null) return always;
  return { ...always, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(json)) };
}

async function converse(secure: TLSSocket, call: Call, options: ExchangeOptions, limit: AbortSignal): Promise<Answer> {
  const { host, port, authorization } = options;
  const json = call.body === undefined ? null : JSON.stringify(call.body);
  const asking = request({
    createConnection: () => secure,
    ...{ host, port, method: call.method, path: call.path, signal: limit },
    headers: headersOf(authorization, json),
  });
  // A second error may follow the one that ended the call.
  asking.on('error', () => undefined);
  asking.end(json ?? undefined);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, text: await textOf(response) };
}

/** Throws a `LinkError`, an `AnswerError`, or the reason of the caller's signal; the connection is used up in any case. */
export async function exchange(secure: TLSSocket, call: Call, options: ExchangeOptions): Promise<Answer> {
  const { host, signal, timeoutMs } = options;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    return await converse(secure, call, options, limit);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof AnswerError) throw cause;
    const what = `${call.method} ${call.path}`;
    if (limit.aborted) throw new LinkError('silent', `${host} did not answer ${what} in time.`, { cause });
    throw new LinkError('lost', `The connection to ${host} was lost before the answer to ${what}.`, { cause });
  } finally {
    secure.destroy();
  }
}
