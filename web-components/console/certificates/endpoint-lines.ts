/** Endpoints as an admin writes them, one a line: `[host:]port [name in the handshake]`. */
import type { Endpoint } from '../../../server/certificates/contract.js';
import type { JsonObject } from '../../../server/operations/contract.js';

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

function lineOf({ host, port, servername }: Endpoint): string {
  const where = host === null ? '' : `${host.includes(':') ? `[${host}]` : host}:`;
  return `${where}${port}${servername === null ? '' : ` ${servername}`}`;
}

/** What is no port is sent as it was written: the server says what is wrong with it. */
function endpointOf(line: string): JsonObject {
  const [where = '', servername = null] = line.split(/\s+/);
  const [, host, port = ''] = /^(?:(.*):)?([^:]*)$/.exec(where) ?? [];
  return {
    host: host?.replace(/^\[(.*)\]$/, '$1') || null,
    port: /^\d{1,5}$/.test(port) ? Number(port) : port,
    servername,
  };
}

export const endpointText = (endpoints: readonly Endpoint[]): string => endpoints.map(lineOf).join('\n');
export const endpointsFrom = (text: string): JsonObject[] => linesOf(text).map(endpointOf);
