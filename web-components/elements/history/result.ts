/** An operation's result as facts, whatever its type reports: words from the keys, values as text. */
import type { Json } from '../../../server/operations/contract.js';
import type { Operation } from '../../client/contract.js';
import { msg } from '../../localisation/door.js';

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
  if (typeof value === 'boolean') return value ? msg('yes') : msg('no');
  if (!isObject(value)) return String(value);
  const parts = Object.entries(value).filter(([, part]) => part !== null);
  return parts.map(([key, part]) => `${wordsOf(key)}: ${valueOf(part)}`).join('\n');
}

const isThere = (value: Json | undefined): value is Json =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

/** Lines are given as one text, or one by one. */
const isOutput = (value: Json): value is string | string[] =>
  Array.isArray(value)
    ? value.every((line) => typeof line === 'string')
    : typeof value === 'string' && /\n/.test(value);

const textOf = (value: string | string[]): string => (Array.isArray(value) ? value.join('\n') : value);

/** What a failure keeps in `result.detail`: the output's tail, the journal's, the last states. */
function detailOf({ result }: Operation): [key: string, value: Json][] {
  const detail = result?.['detail'];
  if (!isThere(detail)) return [];
  const pieces: [string, Json][] = isObject(detail) ? Object.entries(detail) : [['detail', detail]];
  return pieces.filter(([, value]) => isThere(value));
}

/** The pieces of output among the details, as the machine wrote them. */
export function outputsOf(operation: Operation): Fact[] {
  return detailOf(operation).flatMap(([key, value]) =>
    isOutput(value) ? [{ name: wordsOf(key), value: textOf(value) }] : [],
  );
}

/** Everything else that the type reported, in its order, without the steps and without what is empty. */
export function factsOf(operation: Operation): Fact[] {
  const reported = Object.entries(operation.result ?? {}).filter(([key]) => key !== 'steps' && key !== 'detail');
  const details = detailOf(operation).filter(([, value]) => !isOutput(value));
  return [...reported, ...details].flatMap(([key, value]) =>
    isThere(value) ? [{ name: wordsOf(key), value: valueOf(value) }] : [],
  );
}
