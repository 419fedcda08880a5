/** RSA keys of 2048 bits; the first ones of a process are made once, since each costs a good part of a second. */
import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

export async function makeRsaKey(bits = 2048): Promise<KeyObject> {
  const { privateKey } = await generate('rsa', { modulusLength: bits });
  return privateKey;
}

/** PKCS#1, the one PEM form of RSA keys that both ssh2 and openssl read. */
export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs1', format: 'pem' }).toString();
}

/** Does the work at the first call and answers with the same from then on. */
export function once<T>(work: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: work() }).value;
}

/** Every appliance of a process starts with this host key; `changeHostKey` gives it one of its own. */
export const factoryHostKey = once(() => makeRsaKey());
