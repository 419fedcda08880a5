/** A TLS handshake that wants nothing but the certificates: no client data is sent, and nothing is read. */
import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { reachPort } from '../ssh/port-probe.js';
import { plainLine } from '../ssh/text.js';
import type { Reached } from '../ssh/tcp.js';
import type { LookOptions } from './contract.js';

export type TimedLook = LookOptions & { timeoutMs: number };

export interface Shown {
  /** Leaf first, in the order in which they were sent. */
  sent: X509Certificate[];
  /** What OpenSSL has against the chain; null where it validates to the wanted roots. */
  verdict: string | null;
}

type Version = 'TLSv1.2' | 'TLSv1.3';

interface TlsError extends Error {
  code?: string;
  reason?: string;
}

const MAX_SENT = 20;
const NOT_TLS = /wrong.version|packet.length|http.request|bad.record.type/iu;

/** Every certificate as sent. It can be asked once: Node hands over what OpenSSL holds, and it is gone then. */
function sentBy(secure: TLSSocket): X509Certificate[] {
  const sent: X509Certificate[] = [];
  let certificate = secure.getPeerX509Certificate();
  while (certificate && sent.length < MAX_SENT) {
    sent.push(certificate);
    certificate = certificate.issuerCertificate;
  }
  return sent;
}

function tlsOptions(options: TimedLook, socket: Socket, maxVersion: Version): ConnectionOptions {
  return {
    socket,
    maxVersion,
    // Who wants to see a bad certificate must not refuse it; whether it is one is told from `authorized`.
    rejectUnauthorized: false,
    // The names are compared by us, with all that are wanted and not with the one of the handshake.
    checkServerIdentity: () => undefined,
    ...(isIP(options.servername) ? {} : { servername: options.servername }),
    // An intermediate CA may be among the roots.
    ...(options.rootsPem === null ? {} : { ca: options.rootsPem, allowPartialTrustChain: true }),
  };
}

/** Takes leave properly, so that nobody's log calls it a failed handshake; what was shown stays shown whatever comes then. */
function handshake(options: ConnectionOptions, limit: AbortSignal): Promise<Shown> {
  return new Promise((resolve, reject) => {
    let shown: Shown | null = null;
    const secure = connect(options);
    const end = (error?: Error) => (shown ? resolve(shown) : reject(error ?? new Error('The handshake did not end.')));
    const abort = () => secure.destroy(limit.reason as Error);
    limit.addEventListener('abort', abort, { once: true });
    secure.on('close', () => limit.removeEventListener('abort', abort));
    secure.on('error', end);
    secure.once('secureConnect', () => {
      const { authorized, authorizationError } = secure;
      shown = { sent: sentBy(secure), verdict: authorized ? null : String(authorizationError) };
      secure.end(end);
    });
    if (limit.aborted) abort();
  });
}

/** How far the handshake came, in one sentence. */
function failureOf(error: TlsError, address: string, { port, timeoutMs }: TimedLook): string {
  const took = `${address} took the connection on port ${port}`;
  if (error.name === 'TimeoutError') return `${took} and ended no TLS handshake within ${timeoutMs / 1000} s.`;
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return `${took} and closed it during the TLS handshake.`;
  if (NOT_TLS.test(`${error.code} ${error.reason}`)) return `${took} and answers with something other than TLS.`;
  return `${took} and the TLS handshake failed: ${plainLine(error.reason ?? error.message)}.`;
}

/** The server answered, or hung up, in a way that an older protocol version may mend. */
const mayMend = ({ name, code, reason }: TlsError) => name !== 'TimeoutError' && !NOT_TLS.test(`${code} ${reason}`);

async function reach(options: TimedLook, limit: AbortSignal): Promise<Reached> {
  try {
    return await reachPort(options.host, options.port, { signal: limit, timeoutMs: options.timeoutMs });
  } catch (cause) {
    options.signal.throwIfAborted();
    // Its sentence says it all; its code and its hint are about SSH.
    throw new Error(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function attempt(options: TimedLook, limit: AbortSignal, versions: Version[]): Promise<Shown> {
  const [maxVersion = 'TLSv1.2', ...older] = versions;
  const { socket, address } = await reach(options, limit);
  try {
    return await handshake(tlsOptions(options, socket, maxVersion), limit);
  } catch (error) {
    options.signal.throwIfAborted();
    const failure = new Error(failureOf(error as TlsError, address, options), { cause: error });
    if (older.length === 0 || !mayMend(error as TlsError)) throw failure;
    return await attempt(options, limit, older);
  } finally {
    socket.destroy();
  }
}

/**
 * What the endpoint shows; where it breaks off over TLS 1.3, by TLS 1.2. Rejects with an Error whose sentence says how far
 * it came, or with the reason of the caller's signal.
 */
export function shownBy(options: TimedLook): Promise<Shown> {
  const limit = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  return attempt(options, limit, ['TLSv1.3', 'TLSv1.2']);
}
