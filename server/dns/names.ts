/** Names as they are compared: in lower case, without the last dot. */
import { DnsError } from './errors.js';

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** What a question may hold; what a server names may be anything. */
export function isName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => LABEL.test(label));
}

export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Rejects what can't be asked for. */
export function askable(name: string): string {
  const plain = plainName(name);
  if (isName(plain)) return plain;
  throw new DnsError('DNS_ZONE_UNKNOWN', 'This is no name that the DNS could hold.', {
    hint: 'Write international names in their xn-- form.',
  });
}

/** `x.test` of `a.x.test`; null of a name with one label. */
export function parentOf(name: string): string | null {
  const dot = name.indexOf('.');
  return dot < 0 ? null : name.slice(dot + 1);
}

/** Whether a name is the zone's own or lies beneath it. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
