/** The DNS names that a certificate can be asked for. */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { hostname } from '../connections/hostname.js';

const isAscii = (text: string) => /^[\x21-\x7e]*$/.test(text);

/**
 * A DNS name in lower case and in the form that DNS knows (`xn--…`), or null where it is none. An address is none: the
 * challenges prove names alone.
 */
export function dnsName(text: string): string | null {
  const lower = text.toLowerCase();
  const ascii = domainToASCII(lower);
  // What the URL rules would mend in ASCII (percent signs, slashes, hexadecimal addresses) was never meant as a name.
  if (isAscii(lower) && ascii !== lower) return null;
  const name = hostname(ascii);
  return name === null || isIP(name) ? null : name;
}

export const isWildcard = (name: string) => name.startsWith('*.');

/** As `dnsName`, with one leading `*.` let through. */
export function certificateName(text: string): string | null {
  if (!isWildcard(text)) return dnsName(text);
  const name = dnsName(text.slice(2));
  return name !== null && name.length <= 251 ? `*.${name}` : null;
}
