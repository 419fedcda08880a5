/** The endpoints that have to serve the certificate, looked at one by one. */
import { isIP } from 'node:net';
import type { Endpoint, ServedCertificate } from '../../../server/certificates/contract.js';
import type { Chain } from './context.js';

export interface Sighting {
  /** `host:port` */
  name: string;
  seen: ServedCertificate | null;
  /** Why nothing was seen, one sentence. */
  failure: string | null;
}

/** The name in the handshake: the first one that is no wildcard; else one that a wildcard covers. */
function servername({ settings }: Chain, { servername }: Endpoint, host: string): string {
  const plain = settings.names.find((name) => !name.startsWith('*.'));
  const covered = isIP(host) ? settings.names[0]?.replace('*', 'www') : host;
  return servername ?? plain ?? covered ?? host;
}

export async function lookAt(chain: Chain, endpoint: Endpoint, signal: AbortSignal): Promise<Sighting> {
  const { desk, context, settings, authority } = chain;
  const host = endpoint.host ?? context.connection.hostname;
  const name = `${host}:${endpoint.port}`;
  const wanted = { names: settings.names, rootsPem: authority.issuedRootsPem, signal };
  try {
    const where = { host, port: endpoint.port, servername: servername(chain, endpoint, host) };
    return { name, seen: await desk.look({ ...where, ...wanted }), failure: null };
  } catch (error) {
    signal.throwIfAborted();
    return { name, seen: null, failure: (error as Error).message };
  }
}

export function lookAtAll(chain: Chain, signal: AbortSignal): Promise<Sighting[]> {
  return Promise.all(chain.settings.endpoints.map((endpoint) => lookAt(chain, endpoint, signal)));
}
