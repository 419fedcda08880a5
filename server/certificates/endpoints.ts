/** Where a connection's certificate is looked at: its endpoints with the gaps of the settings filled. */
import { isIP } from 'node:net';
import type { ConnectionTarget } from '../connections/contract.js';
import type { CertificateSettings, CertificateView, WantedEndpoint } from './contract.js';

export const endpointName = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The name in the handshake where the settings give none. */
function usualServername({ names }: CertificateSettings, hostname: string): string {
  const plain = names.find((name) => !name.startsWith('*.'));
  if (plain !== undefined) return plain;
  // Wildcards only: the machine's own name, or one that they cover.
  return isIP(hostname) === 0 ? hostname : (names[0] ?? '').replace('*', 'www');
}

/** Where nobody has said what is wanted: the ports of the platform, so that its certificate is watched all the same. */
function usualEndpoints(hostname: string, ports: number[]): WantedEndpoint[] {
  const servername = isIP(hostname) === 0 ? hostname : '';
  return ports.map((port) => ({ endpoint: endpointName(hostname, port), host: hostname, port, servername }));
}

/** `ports`: those of the platform. */
export function wantedEndpoints({ hostname, certificate }: ConnectionTarget, ports: number[]): WantedEndpoint[] {
  if (certificate === null) return usualEndpoints(hostname, ports);
  return certificate.endpoints.map(({ host: given, port, servername }) => {
    const host = given ?? hostname;
    return {
      ...{ endpoint: endpointName(host, port), host, port },
      servername: servername ?? usualServername(certificate, hostname),
    };
  });
}

type Look = CertificateView['served'][number];

/** In the order of the settings; what was seen at an endpoint that is wanted no longer is left out. */
export function wantedLooks(target: ConnectionTarget, ports: number[], looks: readonly Look[]): Look[] {
  const wanted = new Set(wantedEndpoints(target, ports).map(({ endpoint }) => endpoint));
  return [...wanted].flatMap((endpoint) => looks.filter((look) => look.endpoint === endpoint));
}
