/** A CA's directory (RFC 8555 §7.1.1), read with care. */
import type { AcmeMeta } from './contract.js';
import { AcmeError } from './errors.js';
import { judged } from './steps.js';
import type { Wire } from './wire.js';

const NEEDED = ['newNonce', 'newAccount', 'newOrder'] as const;

export interface Directory {
  meta: AcmeMeta;
  /** The base of its renewal information (RFC 9773 §4.1); null where it has none. */
  renewalInfoUrl: string | null;
}

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The JSON of an answer; whatever else it is, it is not ACME. */
export function jsonOf(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch (cause) {
    throw new AcmeError('CA_NOT_ACME', undefined, { cause });
  }
}

export function readDirectory(text: string): Directory {
  const fields = jsonOf(text);
  if (!NEEDED.every((name) => textOf(fields[name]))) throw new AcmeError('CA_NOT_ACME');
  const meta = fieldsOf(fields['meta']);
  const renewalInfoUrl = textOf(fields['renewalInfo']);
  return {
    renewalInfoUrl,
    meta: {
      termsOfService: textOf(meta['termsOfService']),
      externalAccountRequired: meta['externalAccountRequired'] === true,
      profiles: Object.keys(fieldsOf(meta['profiles'])),
      renewalInfo: renewalInfoUrl !== null,
    },
  };
}

/** A GET that nobody signs; rejects with an AcmeError where the CA refuses. */
export async function get(wire: Wire, url: string) {
  const headers = { Accept: 'application/json', 'User-Agent': 'Signalbox' };
  const answer = await wire.send({ method: 'GET', url, headers, body: null }, true);
  judged(answer);
  return answer;
}

/** Any refusal that is not the CA's own fault means that there is no directory there. */
export async function fetchDirectory(wire: Wire, url: string): Promise<Directory> {
  try {
    return readDirectory((await get(wire, url)).body);
  } catch (cause) {
    if (!(cause instanceof AcmeError) || !['CA_NOT_FOUND', 'CA_REFUSED'].includes(cause.code)) throw cause;
    throw new AcmeError('CA_NOT_ACME', undefined, { cause });
  }
}
