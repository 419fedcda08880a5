/** Passwords as scrypt hashes in the PHC form `$scrypt$ln=15,r=8,p=1$salt$hash`, so that the cost can rise later. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';

export const PASSWORD_LENGTH = { min: 12, max: 256 } as const;

interface Cost {
  ln: number;
  r: number;
  p: number;
}

const COST: Cost = { ln: 15, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

function hashOf(password: string, salt: Buffer, bytes: number, { ln, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** ln;
  // NFKC: the same password typed on another keyboard can arrive as other code points. scrypt needs 128·N·r bytes.
  return derive(password.normalize('NFKC'), salt, bytes, { N, r, p, maxmem: 128 * N * r * 2 });
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

function phc(salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** Hashes with a new salt; runs in the thread pool for some 0.1 s and takes 32 MiB. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return phc(salt, await hashOf(password, salt, HASH_BYTES, COST));
}

/** Whether the password is the hashed one, by the cost that the hash itself names; takes the same time either way. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, ln, r, p, salt, hash] = PHC.exec(stored) ?? [];
  if (!salt || !hash) throw new Error('password_hash: expected the form $scrypt$ln=…,r=…,p=…$salt$hash.');
  const expected = Buffer.from(hash, 'base64');
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const actual = await hashOf(password, Buffer.from(salt, 'base64'), expected.length, cost);
  return timingSafeEqual(actual, expected);
}

/** A hash that no password has: verified for an unknown user, so that he takes as long as a known one. */
export function unknowableHash(): string {
  return phc(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
}
