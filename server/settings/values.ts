/** How the text of a setting becomes a value, and what a mistake in it is called. */
import { isIP } from 'node:net';
import { nameServer } from '../dns/name-server.js';

/** One mistake in one setting: the end of a sentence that begins with the setting's name. */
export class SettingMistake extends Error {
  override name = 'SettingMistake';
}

/** `expected a whole number, got 'abc'`; leave `got` out where the value is a secret. */
export function expected(what: string, got?: string): SettingMistake {
  return new SettingMistake(`expected ${what}${got === undefined ? '' : `, got '${got}'`}`);
}

export const text = (value: string): string => value;

export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
    if (number >= least && number <= most) return number;
    throw expected(`a whole number from ${least} to ${most}`, value);
  };
}

export function oneOf<T extends string>(...words: T[]): (value: string) => T {
  return (value) => {
    const word = words.find((each) => each === value);
    if (word !== undefined) return word;
    throw expected(`one of ${words.join(', ')}`, value);
  };
}

/** Comma-separated values; empty ones are left out. */
export function listOf<T>(parse: (value: string) => T): (value: string) => T[] {
  return (value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(parse);
}

/** An origin in the one form that browsers send: `https://name[:port]`, in lower case, without a path. */
export function origin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  const bare = url && !url.username && !url.password && url.pathname === '/' && !url.search && !url.hash;
  if (bare && (url.protocol === 'https:' || url.protocol === 'http:')) return url.origin;
  throw expected('an address such as https://signalbox.example.com, without a path', value);
}

/** An IP address, or a range of them with its prefix length. */
export function addressRange(value: string): string {
  const [address = '', prefix, ...rest] = value.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const fits = prefix === undefined ? bits > 0 : /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
  if (fits && rest.length === 0) return value;
  throw expected('IP addresses or ranges such as 10.0.0.0/8', value);
}

/** The address of a name server, with its port where it is not 53. */
export function nameServerAddress(value: string): string {
  if (nameServer(value)) return value;
  throw expected('addresses such as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53', value);
}

/** An address to listen on: a name or an IP address. */
export function listenHost(value: string): string {
  if (isIP(value) || /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(value)) return value;
  throw expected('a host name or an IP address', value);
}

// An address of a database may hold its password, so neither it nor a part of it is repeated.
export function databaseUrl(value: string): string {
  const protocol = URL.canParse(value) ? new URL(value).protocol : '';
  if (protocol === 'postgres:' || protocol === 'postgresql:') return value;
  throw expected('an address that begins with postgres:// (leave it unset for the SQLite file in the data directory)');
}

/** A secret of a bounded length in characters; it is never repeated. */
export function secretText(least: number, most: number): (value: string) => string {
  return (value) => {
    if (value.length >= least && value.length <= most) return value;
    throw expected(`${least} to ${most} characters, got ${value.length}`);
  };
}
