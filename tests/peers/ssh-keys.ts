/** Key pairs made by ssh-keygen, as people make theirs. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempDir } from './temp.js';

const run = promisify(execFile);

export type KeyType = 'ed25519' | 'rsa' | 'ecdsa';

export interface KeyOptions {
  type: KeyType;
  passphrase?: string;
  /** PEM is the old form (PKCS#1, SEC 1). Default: OpenSSH's own. */
  format?: 'OpenSSH' | 'PEM' | 'PKCS8';
}

export interface KeyPair {
  privateKey: string;
  publicKey: string;
  /** As `ssh-keygen -l` shows it: `SHA256:…`. */
  fingerprint: string;
}

/** Makes a key at `path` and `path`.pub. */
export async function generateKeyFile(path: string, options: KeyOptions): Promise<KeyPair> {
  const { type, passphrase = '', format } = options;
  const form = format === undefined || format === 'OpenSSH' ? [] : ['-m', format];
  const bits = type === 'rsa' ? ['-b', '2048'] : [];
  await run('ssh-keygen', ['-q', '-t', type, ...bits, ...form, '-a', '1', '-N', passphrase, '-C', 'test', '-f', path]);
  const { stdout } = await run('ssh-keygen', ['-l', '-E', 'sha256', '-f', `${path}.pub`]);
  const fingerprint = stdout.split(' ')[1] ?? '';
  const [privateKey, publicKey] = await Promise.all([readFile(path, 'utf8'), readFile(`${path}.pub`, 'utf8')]);
  return { privateKey, publicKey, fingerprint };
}

/** Makes a key and leaves no file. */
export async function generateKey(options: KeyOptions): Promise<KeyPair> {
  const dir = await tempDir();
  try {
    return await generateKeyFile(join(dir.path, 'key'), options);
  } finally {
    await dir.remove();
  }
}
