import type { Connection } from '../../../server/connections/contract.js';
import type { Json, JsonObject } from '../../../server/operations/contract.js';
import { type Setting, settingsFrom } from '../settings/setting.js';

export type Payload = JsonObject;

const secrets = ['password', 'privateKey', 'passphrase'];

/** What a filled-in form sends; a secret that was left empty is left as it is, and so are settings that it does not ask for. */
export function payloadOf(form: FormData, settings: readonly Setting[] = []): Payload {
  const text = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const payload: Payload = {
    name: text('name').trim(),
    platform: text('platform'),
    hostname: text('hostname').trim(),
    username: text('username').trim(),
    legacyAlgorithms: form.get('legacyAlgorithms') !== null,
  };
  if (text('port').trim()) payload['port'] = Number(text('port'));
  const services = form.get('services');
  if (typeof services === 'string') payload['services'] = linesOf(services);
  if (settings.length > 0) payload['platformSettings'] = settingsFrom(settings, form);
  for (const secret of secrets) if (text(secret)) payload[secret] = text(secret);
  return payload;
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same value, whatever the order of an object's keys. */
function same(one: Json | undefined, other: Json | undefined): boolean {
  if (!isObject(one) || !isObject(other)) return JSON.stringify(one) === JSON.stringify(other);
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => same(one[key], other[key]));
}

/** Of a payload, what differs from what is stored. */
export function changesOf(payload: Payload, stored: Connection): Payload {
  const known = stored as unknown as JsonObject;
  return Object.fromEntries(Object.entries(payload).filter(([name, value]) => !same(known[name], value)));
}
