/** What a call of the certificate REST may say, checked before it goes anywhere. */
import { X509Certificate } from 'node:crypto';
import { CertmgrError } from './certmgr-error.js';
import type { CertificateNames } from './openssl.js';

export type Fields = Record<string, unknown>;

const NAME = /^(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/u;
const KEY_LENGTHS = [2048, 3072, 4096];
const HASHES: readonly CertificateNames['hash'][] = ['sha256', 'sha384', 'sha512'];
const MOST_NAMES = 100;

/** The members of a JSON object. */
export function parseFields(json: string): Fields {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  } catch (cause) {
    throw new CertmgrError(400, 'The body is not JSON', { cause });
  }
  throw new CertmgrError(400, 'The body is not an object');
}

/** What a CSR is asked for; the common name is always among its DNS names. */
export function csrRequest(fields: Fields, service: string): { names: CertificateNames; keyBits: number } {
  const {
    distribution,
    commonName,
    altNames = [],
    keyType = 'rsa',
    keyLength = 2048,
    hashAlgorithm = 'sha256',
  } = fields;
  if (fields['service'] !== service) throw new CertmgrError(400, 'Unknown service');
  if (distribution !== 'this-server') throw new CertmgrError(400, 'The distribution must be this-server');
  if (keyType !== 'rsa') throw new CertmgrError(400, 'The key type must be rsa');
  const hash = oneOf(HASHES, hashAlgorithm, 'hash algorithm');
  const keyBits = oneOf(KEY_LENGTHS, Number(keyLength), 'key length');
  const name = hostName(commonName);
  if (!Array.isArray(altNames) || altNames.length > MOST_NAMES)
    throw new CertmgrError(400, 'altNames must be a list of names');
  const all = new Set([name, ...altNames.map(hostName)]);
  return { names: { commonName: name, altNames: [...all], hash }, keyBits };
}

/** The certificates of an upload, in their order. */
export function certificatesOf(fields: Fields): X509Certificate[] {
  const certificates: unknown = fields['certificates'];
  if (!Array.isArray(certificates) || certificates.length === 0)
    throw new CertmgrError(400, 'certificates must be a list of PEM texts');
  return certificates.map((pem: unknown) => {
    try {
      return new X509Certificate(String(pem));
    } catch (cause) {
      throw new CertmgrError(400, 'A certificate cannot be read', { cause });
    }
  });
}

function oneOf<T>(choices: readonly T[], value: unknown, what: string): T {
  const choice = choices.find((one) => one === value);
  if (choice === undefined) throw new CertmgrError(400, `The ${what} must be one of ${choices.join(', ')}`);
  return choice;
}

function hostName(value: unknown): string {
  if (typeof value === 'string' && value.length <= 253 && NAME.test(value)) return value;
  throw new CertmgrError(400, 'A name is not a host name');
}
