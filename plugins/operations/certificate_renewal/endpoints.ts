/** The endpoints that have to serve the certificate, looked at one by one. */
import type { ServedCertificate, WantedEndpoint } from '../../../server/certificates/contract.js';
import type { Chain } from './context.js';

export interface Sighting {
  /** `host:port` */
  name: string;
  seen: ServedCertificate | null;
  /** Why nothing was seen, one sentence. */
  failure: string | null;
}

async function lookAt(chain: Chain, wanted: WantedEndpoint, signal: AbortSignal): Promise<Sighting> {
  const { endpoint: name, host, port, servername } = wanted;
  const { names } = chain.settings;
  const rootsPem = chain.authority.issuedRootsPem;
  try {
    return { name, seen: await chain.desk.look({ host, port, servername, names, rootsPem, signal }), failure: null };
  } catch (error) {
    signal.throwIfAborted();
    return { name, seen: null, failure: (error as Error).message };
  }
}

export function lookAtAll(chain: Chain, signal: AbortSignal): Promise<Sighting[]> {
  const endpoints = chain.desk.endpoints(chain.context.connection);
  return Promise.all(endpoints.map((endpoint) => lookAt(chain, endpoint, signal)));
}
