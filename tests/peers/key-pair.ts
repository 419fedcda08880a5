/** A key with a certificate for a name of the tests, and something that looks like its chain; made by openssl. */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempDir } from './temp.js';

const run = promisify(execFile);

export interface Pair {
  keyPem: string;
  leafPem: string;
  chainPems: string[];
  serialNumber: string;
}

async function selfSigned(dir: string, name: string): Promise<{ keyPem: string; pem: string }> {
  const [key, certificate] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  const about = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', '30'];
  await run('openssl', ['req', '-x509', ...curve, ...about, '-keyout', key, '-out', certificate]);
  return { keyPem: await readFile(key, 'utf8'), pem: await readFile(certificate, 'utf8') };
}

export async function makePair(name = 'web.example'): Promise<Pair> {
  const dir = await tempDir();
  try {
    const { keyPem, pem } = await selfSigned(dir.path, name);
    const chain = await selfSigned(dir.path, 'ca.example');
    return { keyPem, leafPem: pem, chainPems: [chain.pem], serialNumber: new X509Certificate(pem).serialNumber };
  } finally {
    await dir.remove();
  }
}
