/**
 * A TLS connection to the appliance's own interface, handed out only once the shown certificate is believed: until then
 * nothing is sent over it, above all no password.
 */
import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, rootCertificates, type TLSSocket } from 'node:tls';
import { SshError } from '../../../../server/ssh/errors.js';
import { reachPort } from '../../../../server/ssh/port-probe.js';
import { plainLine } from '../../../../server/ssh/text.js';
import { LinkError, UntrustedError } from './trouble.js';

export interface Trust {
  /** SHA-256, upper case: certificates that are believed as they are. */
  fingerprints: ReadonlySet<string>;
  /** Roots beside the public ones. */
  rootsPem: string | null;
}

export interface LinkOptions {
  host: string;
  port: number;
  trust: Trust;
  signal: AbortSignal;
  /** For the connection and for the handshake, each. */
  timeoutMs: number;
}

/** Why the shown certificate is not believed, as the end of a sentence; null where it is. */
function doubt(secure: TLSSocket, shown: X509Certificate, { host, trust }: LinkOptions): string | null {
  if (trust.fingerprints.has(shown.fingerprint256)) return null;
  // A code such as DEPTH_ZERO_SELF_SIGNED_CERT, whatever the type says.
  if (!secure.authorized) return `it leads to no trusted root (${plainLine(String(secure.authorizationError))})`;
  // The socket's own legacy object can come without its alternative names once the certificate was asked for (Node 20).
  return checkServerIdentity(host, shown.toLegacyObject()) === undefined ? null : `it is not made out to ${host}`;
}

function believe(secure: TLSSocket, options: LinkOptions): void {
  const shown = secure.getPeerX509Certificate();
  if (!shown) throw new LinkError('unreachable', `${options.host} shows no certificate on port ${options.port}.`);
  const why = doubt(secure, shown, options);
  if (why !== null)
    throw new UntrustedError(shown.fingerprint256, plainLine(shown.subject.replaceAll('\n', ', ')), why);
}

function handshake(socket: Socket, options: LinkOptions, limit: AbortSignal): Promise<TLSSocket> {
  const { host, trust } = options;
  return new Promise((resolve, reject) => {
    const secure = connect({
      socket,
      // The judgement is ours, in `believe`, because a pinned certificate need not lead to any root.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(isIP(host) ? {} : { servername: host }),
      ...(trust.rootsPem === null ? {} : { ca: [...rootCertificates, trust.rootsPem] }),
    });
    const abort = () => secure.destroy(limit.reason as Error);
    limit.addEventListener('abort', abort, { once: true });
    const settled = () => limit.removeEventListener('abort', abort);
    secure.on('error', reject);
    secure.once('close', () => {
      settled();
      reject(new LinkError('refused', `${host} closed the connection during the TLS handshake.`));
    });
    secure.once('secureConnect', () => {
      settled();
      try {
        believe(secure, options);
        resolve(secure);
      } catch (error) {
        secure.destroy();
        reject(error as Error);
      }
    });
    if (limit.aborted) abort();
  });
}

/** Only a refusal passes by itself: that is how a port looks while Tomcat restarts. */
function failedToReach(cause: unknown): unknown {
  if (!(cause instanceof SshError)) return cause;
  return new LinkError(cause.code === 'SSH_REFUSED' ? 'refused' : 'unreachable', cause.message, { cause });
}

function failedHandshake(cause: unknown, { host, port }: LinkOptions, limit: AbortSignal): unknown {
  if (cause instanceof LinkError || cause instanceof UntrustedError) return cause;
  if (limit.aborted)
    return new LinkError('unreachable', `${host} ended no TLS handshake on port ${port} in time.`, { cause });
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (['ECONNRESET', 'EPIPE'].includes(code))
    return new LinkError('refused', `${host} broke the connection off during the TLS handshake.`, { cause });
  return new LinkError('unreachable', `What answers on port ${port} of ${host} ends no TLS handshake (${code}).`, {
    cause,
  });
}

/** Throws an `UntrustedError`, a `LinkError`, or the reason of the caller's signal; whoever asks destroys the socket. */
export async function openLink(options: LinkOptions): Promise<TLSSocket> {
  const { host, port, signal, timeoutMs } = options;
  const { socket } = await reachPort(host, port, { signal, timeoutMs }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw failedToReach(cause);
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    return await handshake(socket, options, limit);
  } catch (cause) {
    socket.destroy();
    signal.throwIfAborted();
    throw failedHandshake(cause, options, limit);
  }
}
