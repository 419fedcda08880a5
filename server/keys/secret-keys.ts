/** The keys that seal credentials and sign tokens, as text in a setting or in a file. */
import { createHash, randomBytes } from 'node:crypto';
import { expected, listOf, SettingMistake } from '../settings/values.js';

export interface SecretKey {
  id: string;
  key: Buffer;
}

const KEY_BYTES = 32;
const JWT_SECRET_BYTES = 32;

function keyBytes(value: string): Buffer {
  const hex = /^[0-9a-fA-F]{64}$/.test(value);
  const base64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(value);
  if (hex || base64) return Buffer.from(value, hex ? 'hex' : 'base64');
  throw expected(`${KEY_BYTES} random bytes as base64 or hex`);
}

// A key without an id is named after itself, so that secrets sealed under another one are told apart.
function idOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

function oneKey(value: string): SecretKey {
  const colon = value.indexOf(':');
  const key = keyBytes(value.slice(colon + 1).trim());
  const id = colon < 0 ? idOf(key) : value.slice(0, colon).trim();
  if (/^[A-Za-z0-9_-]{1,32}$/.test(id)) return { id, key };
  throw new SettingMistake("expected a key's id to be 1 to 32 letters, digits, - or _");
}

/** One key, or several of the form `id:key` separated by commas: the first seals, all open. */
export function secretKeys(value: string): SecretKey[] {
  const keys = listOf(oneKey)(value);
  if (keys.length === 0) throw expected(`${KEY_BYTES} random bytes as base64 or hex`);
  if (new Set(keys.map(({ id }) => id)).size < keys.length)
    throw new SettingMistake('expected each key to have an id of its own');
  return keys;
}

/** The text's own bytes are the secret, so that a portal's secret can be given as it is. */
export function jwtSecret(value: string): Buffer {
  const secret = Buffer.from(value, 'utf8');
  if (secret.length >= JWT_SECRET_BYTES) return secret;
  throw expected(`at least ${JWT_SECRET_BYTES} bytes, got ${secret.length}`);
}

/** A fresh key as `secretKeys` takes it. */
export const makeSecretKey = (): string => randomBytes(KEY_BYTES).toString('base64');

/** A fresh secret as `jwtSecret` takes it. */
export const makeJwtSecret = (): string => randomBytes(48).toString('base64url');
