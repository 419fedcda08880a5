/** The files of a BIND: named.conf, the zones, and the parents that delegate them. */
import { randomBytes } from 'node:crypto';

export interface TsigKey {
  name: string;
  algorithm: 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512';
  /** base64 */
  secret: string;
}

export interface BindZone {
  name: string;
  /** Lines of the zone file; names are relative to the zone: `host A 127.0.0.1`, `_acme-challenge CNAME x.other.test.`. */
  records?: string[];
  /** Further name servers in the zone and its delegation, with their addresses (IPv4, IPv6, or none). */
  servers?: { name: string; addresses: string[] }[];
}

export interface Delegation {
  name: string;
  /** Where its name server is, on port 53. */
  address: string;
}

export interface Ground {
  /** Of the server that holds everything: where the world finds it, on port 53. */
  address: string;
  /** Where it really listens, on 127.0.0.1. */
  port: number;
  secondary: string | null;
  zones: BindZone[];
  elsewhere: Delegation[];
}

export function makeKey(name: string, algorithm: TsigKey['algorithm']): TsigKey {
  return { name, algorithm, secret: randomBytes(64).toString('base64') };
}

const keyBlock = ({ name, algorithm, secret }: TsigKey) =>
  `key "${name}" { algorithm ${algorithm}; secret "${secret}"; };`;

const optionsOf = (port: number) =>
  `options {
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  pid-file none;
  session-keyfile none;
  managed-keys-directory ".";
  recursion yes;
  empty-zones-enable no;
  dnssec-validation no;
  qname-minimization off;
  notify no;
  check-names primary ignore;
  check-names secondary ignore;
  allow-query { any; };
  allow-recursion { any; };
  allow-transfer { any; };
  allow-notify { any; };
  max-cache-ttl 1;
  max-ncache-ttl 1;
};
controls {};`;

/** A and AAAA of one name. */
const addressLines = (name: string, addresses: string[]) =>
  addresses.map((address) => `${name} ${address.includes(':') ? 'AAAA' : 'A'} ${address}`);

/** The name servers of a zone with their addresses, as they stand in the zone and in its parent. */
function serverLines(zone: BindZone, { address, secondary }: Ground): string[] {
  const servers = [
    { name: `ns1.${zone.name}`, addresses: [address] },
    ...(secondary ? [{ name: `ns2.${zone.name}`, addresses: [secondary] }] : []),
    ...(zone.servers ?? []),
  ];
  return servers.flatMap(({ name, addresses }) => [
    `${zone.name}. NS ${name}.`,
    ...addressLines(`${name}.`, addresses),
  ]);
}

const isBelow = (name: string, zone: string) => zone === '' || name.endsWith(`.${zone}`);

/** The zones and the parents that nobody asked for: the root and each top-level domain. */
function allZones({ zones, elsewhere }: Ground): BindZone[] {
  const names = [...zones, ...elsewhere].map(({ name }) => name);
  const tops = [...new Set(names.filter((name) => name.includes('.')).map((name) => name.split('.').at(-1) ?? ''))];
  const missing = ['', ...tops].filter((name) => !names.includes(name));
  return [...zones, ...missing.map((name) => ({ name }))];
}

function delegations(zone: BindZone, zones: BindZone[], ground: Ground): string[] {
  const children = [...zones, ...ground.elsewhere].filter(({ name }) => name !== zone.name && isBelow(name, zone.name));
  const own = children.filter(
    ({ name }) => !zones.some((other) => other !== zone && isBelow(other.name, zone.name) && isBelow(name, other.name)),
  );
  return own.flatMap((child) =>
    'address' in child
      ? [`${child.name}. NS ns1.${child.name}.`, `ns1.${child.name}. A ${child.address}`]
      : serverLines(child, ground),
  );
}

const fileOf = (name: string) => `${name || 'root'}.zone`;

function zoneText(zone: BindZone, zones: BindZone[], ground: Ground): string {
  const apex = zone.name === '' ? ['. NS ns1.', `ns1. A ${ground.address}`] : serverLines(zone, ground);
  return [
    `$ORIGIN ${zone.name}.`,
    '$TTL 60',
    // A secondary that is not notified looks again after an hour: in a test, never.
    `@ SOA ns1 hostmaster 1 3600 3600 86400 60`,
    ...apex,
    ...delegations(zone, zones, ground),
    ...(zone.records ?? []),
    '',
  ].join('\n');
}

/** The files of the server that holds everything; `writers` may write TXT records. */
export function primaryFiles(ground: Ground, keys: TsigKey[], writers: TsigKey[]): Record<string, string> {
  const zones = allZones(ground);
  const grants = writers.map(({ name }) => `grant ${name} zonesub TXT;`).join(' ');
  const asked = (zone: BindZone) => ground.zones.includes(zone);
  const blocks = zones.map(
    (zone) =>
      `zone "${zone.name || '.'}" { type primary; file "${fileOf(zone.name)}"; ${asked(zone) ? `update-policy { ${grants} };` : ''} };`,
  );
  return {
    'named.conf': [...keys.map(keyBlock), optionsOf(ground.port), ...blocks, ''].join('\n'),
    ...Object.fromEntries(zones.map((zone) => [fileOf(zone.name), zoneText(zone, zones, ground)])),
  };
}

/** The files of the second server, which takes the zones from the first one. */
export function secondaryFiles(port: number, ground: Ground): Record<string, string> {
  const blocks = ground.zones.map(
    ({ name }) =>
      `zone "${name}" { type secondary; primaries { 127.0.0.1 port ${ground.port}; }; file "${name}.copy"; };`,
  );
  return { 'named.conf': [optionsOf(port), ...blocks, ''].join('\n') };
}
