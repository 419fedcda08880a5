/** An operation's result as facts, whatever its type reports: words from the keys, values as text. */
import type { Json } from '../../../server/operations/contract.js';
import type { Operation } from '../../client/contract.js';

export interface Fact {
  name: string;
  value: string;
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `hostKey` and `host_key` read “Host key”. */
export function wordsOf(key: string): string {
  const words = key
    .replaceAll('_', ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function valueOf(value: Json): string {
  if (Array.isArray(value)) return value.map(valueOf).join(', ');
  if (!isObject(value)) return String(value);
  const parts = Object.entries(value).filter(([, part]) => part !== null);
  return parts.map(([key, part]) => `${wordsOf(key)}: ${valueOf(part)}`).join('\n');
}

/** Everything that the type reported, in its order, without the steps and without what is empty. */
export function factsOf({ result }: Operation): Fact[] {
  return Object.entries(result ?? {})
    .filter(([key, value]) => key !== 'steps' && value !== undefined && value !== null && value !== '')
    .map(([key, value]) => ({ name: wordsOf(key), value: valueOf(value as Json) }));
}
