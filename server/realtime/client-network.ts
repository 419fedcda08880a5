/** Sockets are counted by where they come from: an IPv4 address, or the /64 that an IPv6 subscriber gets as a whole. */

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const NETWORK_GROUPS = 4;
const ALL_GROUPS = 8;

export function clientNetwork(address: string): string {
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const gap = Array.from({ length: Math.max(0, ALL_GROUPS - left.length - right.length) }, () => '0');
  return [...left, ...gap, ...right].slice(0, NETWORK_GROUPS).join(':');
}
