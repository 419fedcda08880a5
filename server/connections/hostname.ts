/** What may stand where a machine is named: it goes to a resolver and into messages, so the check is strict. */
import { isIP } from 'node:net';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The name in lower case, or null where it is neither a DNS name nor an IPv4 or IPv6 literal. */
export function hostname(text: string): string | null {
  const name = text.toLowerCase();
  if (isIP(name)) return name;
  const labels = name.split('.');
  // A name that ends in digits alone is a mistyped IPv4 address, which some resolvers would take for another one.
  const isName = name.length <= 253 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
  return isName ? name : null;
}
