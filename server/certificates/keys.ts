/** The keys that we make for certificates. */
import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyKind } from './contract.js';

const generate = promisify(generateKeyPair);

const makers: Record<KeyKind, () => Promise<{ privateKey: KeyObject }>> = {
  'ecdsa-p256': () => generate('ec', { namedCurve: 'P-256' }),
  'ecdsa-p384': () => generate('ec', { namedCurve: 'P-384' }),
  'rsa-2048': () => generate('rsa', { modulusLength: 2048 }),
  'rsa-3072': () => generate('rsa', { modulusLength: 3072 }),
  'rsa-4096': () => generate('rsa', { modulusLength: 4096 }),
};

/** A new private key as PKCS #8 PEM, made off the event loop. */
export async function makeKey(kind: KeyKind): Promise<string> {
  const { privateKey } = await makers[kind]();
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}
