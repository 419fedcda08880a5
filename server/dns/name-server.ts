/** The address of a name server, as `dns.getServers()` and the settings write it. */
import { isIP, isIPv4, isIPv6 } from 'node:net';

export interface NameServer {
  address: string;
  port: number;
}

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1`, `[2001:db8::1]:5353`; null where it is none of these. */
export function nameServer(text: string): NameServer | null {
  if (isIP(text)) return { address: text, port: 53 };
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? '';
  const fits = bracketed === undefined ? isIPv4(address) : isIPv6(address);
  const port = Number(digits);
  return fits && port >= 1 && port <= 65_535 ? { address, port } : null;
}

export function shownServer({ address, port }: NameServer): string {
  if (port === 53) return address;
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}
