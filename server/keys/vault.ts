/**
 * Seals secrets with AES-256-GCM. Each secret has a random key of its own, wrapped by a key that is not in the database:
 * `v1.<key id>.<wrapped key>.<ciphertext>`, each part nonce, data and tag as base64url. Key id and context are
 * authenticated: a value moved to another row, column or key does not open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SecretKey } from './secret-keys.js';

const VERSION = 'v1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export type VaultFault = 'malformed' | 'unknown_key' | 'not_authentic';

/** Why a sealed secret does not open. */
export class VaultError extends Error {
  override name = 'VaultError';
  readonly fault: VaultFault;

  constructor(fault: VaultFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

function encrypt(key: Buffer, plain: Buffer, aad: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(aad));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

// Base64 that differs only in unused bits decodes to the same bytes: refuse all but the one form that we write.
function bytesOf(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.length >= NONCE_BYTES + TAG_BYTES && bytes.toString('base64url') === part) return bytes;
  throw new VaultError('malformed', 'The sealed secret is damaged.');
}

function decrypt(key: Buffer, part: string, aad: string): Buffer {
  const bytes = bytesOf(part);
  const tagAt = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad)).setAuthTag(bytes.subarray(tagAt));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, tagAt)), decipher.final()]);
  } catch (error) {
    const message = 'The sealed secret was changed, or belongs to another place or key.';
    throw new VaultError('not_authentic', message, { cause: error });
  }
}

function split(sealed: string): { keyId: string; wrapped: string; body: string } {
  const [version, keyId, wrapped, body, ...rest] = sealed.split('.');
  if (version !== VERSION || !keyId || !wrapped || !body || rest.length > 0)
    throw new VaultError('malformed', 'The sealed secret is damaged.');
  return { keyId, wrapped, body };
}

const wrapAad = (keyId: string, context: string) => `${VERSION}|key|${keyId}|${context}`;
// Without the key's id: a rotation wraps the data key anew and leaves the body as it is.
const bodyAad = (context: string) => `${VERSION}|body|${context}`;

export class Vault {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #first: SecretKey;

  /** The first key seals, all open. */
  constructor(keys: SecretKey[]) {
    const [first] = keys;
    if (!first) throw new Error('Vault: expected at least one key, got none.');
    for (const { id, key } of keys)
      if (key.length !== KEY_BYTES) throw new Error(`Vault: expected key ${id} to have 32 bytes, got ${key.length}.`);
    this.#first = first;
    this.#keys = new Map(keys.map(({ id, key }) => [id, key]));
  }

  /** Seals for one place only; `context` names it: `connections|7|password`. */
  seal(plaintext: string, context: string): string {
    const { id, key } = this.#first;
    const dataKey = randomBytes(KEY_BYTES);
    const wrapped = encrypt(key, dataKey, wrapAad(id, context));
    const body = encrypt(dataKey, Buffer.from(plaintext, 'utf8'), bodyAad(context));
    dataKey.fill(0);
    return `${VERSION}.${id}.${wrapped}.${body}`;
  }

  /** The secret again; throws a VaultError where anything of it, its place or its key is not as it was sealed. */
  open(sealed: string, context: string): string {
    const { keyId, wrapped, body } = split(sealed);
    const key = this.#keys.get(keyId);
    if (!key)
      throw new VaultError('unknown_key', 'The secret was sealed under a key that SIGNALBOX_SECRET_KEY does not hold.');
    const dataKey = decrypt(key, wrapped, wrapAad(keyId, context));
    const plain = decrypt(dataKey, body, bodyAad(context));
    dataKey.fill(0);
    return plain.toString('utf8');
  }

  /** Whether the secret was sealed under another key than the one that seals now. */
  needsReseal(sealed: string): boolean {
    return split(sealed).keyId !== this.#first.id;
  }
}
