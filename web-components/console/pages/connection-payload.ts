import type { Connection } from '../../../server/connections/contract.js';

export type Payload = Record<string, string | number | boolean | null>;

const secrets = ['password', 'privateKey', 'passphrase'];

/** What a filled-in form sends; a secret that was left empty is left as it is. */
export function payloadOf(form: FormData): Payload {
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
  for (const secret of secrets) if (text(secret)) payload[secret] = text(secret);
  return payload;
}

/** Of a payload, what differs from what is stored. */
export function changesOf(payload: Payload, stored: Connection): Payload {
  const known = stored as unknown as Record<string, unknown>;
  return Object.fromEntries(Object.entries(payload).filter(([name, value]) => known[name] !== value));
}
