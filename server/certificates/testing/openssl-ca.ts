/** Certificates by openssl, with any dates and extensions, below CAs of a test's own. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Test } from 'tap';
import { tempDir } from '../../../tests/peers/temp.js';

const run = promisify(execFile);

const CONFIG = `[ca]
default_ca=here
[here]
database=index
new_certs_dir=.
rand_serial=yes
default_md=sha256
unique_subject=no
policy=any
[any]
commonName=optional
[req]
distinguished_name=subject
[subject]
`;

export interface Wish {
  /** The common name. */
  name: string;
  /** Lines of an openssl extension section. */
  extensions?: string[];
  /** Days from now; by default from yesterday to in a week. */
  fromDay?: number;
  toDay?: number;
  /** Options of `openssl req -newkey`; by default P-256. */
  key?: string[];
}

export interface Made {
  pem: string;
  keyPem: string;
  /** Where both lie: with .pem and .key. */
  path: string;
}

export interface Ca {
  /** A CA, or whatever the extensions make of it, signed by `issuer`, or by itself. */
  make(wish: Wish, issuer?: Made): Promise<Made>;
  /** openssl, run among the files. */
  openssl(...args: string[]): Promise<string>;
}

export const asCa = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign', 'subjectKeyIdentifier=hash'];
export const asServer = (...names: string[]) => [
  'basicConstraints=critical,CA:FALSE',
  `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`,
];

const date = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d+/gu, '');

/** An empty folder of its own, removed at the end of `t`. */
export async function opensslCa(t: Test): Promise<Ca> {
  const directory = await tempDir('signalbox-ca-');
  t.teardown(() => directory.remove());
  await writeFile(join(directory.path, 'config'), CONFIG);
  await writeFile(join(directory.path, 'index'), '');
  let made = 0;
  const openssl = async (...args: string[]) => (await run('openssl', args, { cwd: directory.path })).stdout;
  const make: Ca['make'] = async ({ name, extensions = asCa, fromDay = -1, toDay = 7, key }, issuer) => {
    const path = join(directory.path, `made-${(made += 1)}`);
    const newKey = key ?? ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const request = ['-nodes', '-keyout', `${path}.key`, '-out', `${path}.csr`, '-subj', `/CN=${name}`];
    await openssl('req', '-config', 'config', '-newkey', ...newKey, ...request);
    await writeFile(`${path}.ext`, extensions.join('\n'));
    const signer = issuer
      ? ['-cert', `${issuer.path}.pem`, '-keyfile', `${issuer.path}.key`]
      : ['-selfsign', '-keyfile', `${path}.key`];
    const dates = ['-startdate', date(fromDay), '-enddate', date(toDay)];
    const files = ['-in', `${path}.csr`, '-out', `${path}.pem`, '-extfile', `${path}.ext`];
    await openssl('ca', '-batch', '-notext', '-config', 'config', ...signer, ...dates, ...files);
    const [pem, keyPem] = await Promise.all([readFile(`${path}.pem`, 'utf8'), readFile(`${path}.key`, 'utf8')]);
    return { pem, keyPem, path };
  };
  return { make, openssl };
}
