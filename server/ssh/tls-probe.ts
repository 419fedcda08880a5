/** A TLS handshake with a served port, and the certificate that it shows. Nothing else is sent or read. */
import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { SshError } from './errors.js';
import { reachPort, type ProbeOptions } from './port-probe.js';
import { plainLine } from './text.js';

export interface ShownCertificate {
  /** One line: `CN=cucm1.example.org, O=Example`. */
  subject: string;
  serialNumber: string;
  /** SHA-256 of the certificate: upper-case hexadecimal pairs joined by colons. */
  fingerprint256: string;
  /** UTC, ISO 8601. */
  notAfter: string;
  /** `TLSv1.3`, … */
  protocol: string;
}

function shown(socket: TLSSocket): ShownCertificate {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) throw new Error('The host shows no certificate.');
  return {
    subject: plainLine(certificate.subject.replaceAll('\n', ', ')),
    serialNumber: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    notAfter: new Date(certificate.validTo).toISOString(),
    protocol: socket.getProtocol() ?? 'unknown',
  };
}

/** Who merely wants to see the certificate must not refuse a bad one; no secret travels over this connection. */
function handshake(socket: Socket, host: string, limit: AbortSignal): Promise<ShownCertificate> {
  return new Promise((resolve, reject) => {
    const name = isIP(host) ? {} : { servername: host };
    const secure = connect({ socket, rejectUnauthorized: false, ...name });
    const abort = () => secure.destroy(limit.reason as Error);
    limit.addEventListener('abort', abort, { once: true });
    secure.on('close', () => limit.removeEventListener('abort', abort));
    secure.on('error', reject);
    secure.once('secureConnect', () => {
      try {
        resolve(shown(secure));
      } catch (error) {
        reject(error as Error);
      } finally {
        secure.destroy();
      }
    });
    if (limit.aborted) abort();
  });
}

/**
 * Throws an `SshError` whose sentence says how far it came, or the reason of the caller's signal.
 * Default time-out: 5,000 ms each for the connection and for the handshake.
 */
export async function probeTls(host: string, port: number, options: ProbeOptions): Promise<ShownCertificate> {
  const { socket, address } = await reachPort(host, port, options);
  const limit = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs ?? 5_000)]);
  try {
    return await handshake(socket, host, limit);
  } catch (cause) {
    options.signal.throwIfAborted();
    throw new SshError(
      'SSH_UNREACHABLE',
      `${address} took the connection on port ${port} but ended no TLS handshake.`,
      {
        cause,
        hint: 'See whether the service is still starting, and whether this port is served by TLS.',
      },
    );
  } finally {
    socket.destroy();
  }
}
