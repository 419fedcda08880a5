/** Where a portal's public keys come from, and which of them may verify with which algorithm. */
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { HapiJwt } from '@hapi/jwt';
import type { PortalIssuer } from '../settings/config.js';

export type Algorithm = HapiJwt.SupportedAlgorithm;

/** What a token says of its key, unverified. */
export interface KeyHint {
  alg: Algorithm;
  kid?: string | undefined;
}

/** Finds the keys that may verify a token; throws a TokenRefusal `keys_unreachable` where they can't be had. */
export type KeySource = (hint: KeyHint) => Promise<KeyObject[]>;

/** The algorithms that a portal may use: those with a key pair. */
export const PORTAL_ALGORITHMS: readonly Algorithm[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];

const SHORTEST_RSA_BITS = 2048;
const CURVES: Readonly<Record<string, string>> = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' };

/** Whether a key is of the algorithm's kind and strong enough. */
export function suits(key: KeyObject, alg: Algorithm): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (key.type !== 'public') return false;
  if (alg === 'EdDSA') return type === 'ed25519' || type === 'ed448';
  if (alg.startsWith('ES')) return type === 'ec' && details?.namedCurve === CURVES[alg];
  const rsa = type === 'rsa' || (type === 'rsa-pss' && alg.startsWith('PS'));
  return rsa && (details?.modulusLength ?? 0) >= SHORTEST_RSA_BITS;
}

/** The one key of the settings; a setting that could never verify anything is refused at boot. */
export function pemKey(portal: PortalIssuer, pem: string): KeySource {
  // createPublicKey takes a private key too, and then it would stand in the settings for everybody to sign with.
  if (pem.includes('PRIVATE KEY'))
    throw new Error(`JWT issuer ${portal.name}: expected publicKey to be a public key, got a private one.`);
  const key = createPublicKey(pem);
  if (!PORTAL_ALGORITHMS.some((alg) => portal.algorithms.includes(alg) && suits(key, alg)))
    throw new Error(
      `JWT issuer ${portal.name}: expected publicKey to suit ${portal.algorithms.join(', ')}, got ${String(key.asymmetricKeyType)}.`,
    );
  return async () => [key];
}
