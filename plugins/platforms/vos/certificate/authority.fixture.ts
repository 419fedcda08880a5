/** A CA for tests: a root, an intermediate below it, and certificates that the intermediate signs. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Test } from 'tap';
import { tempDir } from '../../../../tests/peers/temp.js';

const run = promisify(execFile);
const openssl = async (args: string[]) => (await run('openssl', args)).stdout;
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export interface Authority {
  rootPem: string;
  intermediatePem: string;
  /** A leaf for the key of a request; `names` go into it instead of those that the request has. */
  sign(csrPem: string, names?: string[]): Promise<string>;
  /** A key and a certificate for these names. */
  issue(names: string[]): Promise<{ key: string; cert: string }>;
}

const sanOf = (names: string[]) => `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`;

export async function authority(t: Pick<Test, 'teardown'>, name: string): Promise<Authority> {
  const directory = await tempDir();
  t.teardown(() => directory.remove());
  const at = (file: string) => join(directory.path, file);
  const ca = ['-addext', 'basicConstraints=critical,CA:TRUE', '-days', '30'];
  const root = ['req', '-x509', ...KEY, '-subj', `/CN=${name} Root`, ...ca, '-keyout', at('root.key')];
  const rootPem = await openssl([...root, '-out', at('root.pem')]).then(() => openssl(['x509', '-in', at('root.pem')]));
  const below = ['-CA', at('root.pem'), '-CAkey', at('root.key'), '-keyout', at('ca.key'), '-out', at('ca.pem')];
  await openssl(['req', '-x509', ...KEY, '-subj', `/CN=${name} Intermediate`, ...ca, ...below]);
  const intermediatePem = await openssl(['x509', '-in', at('ca.pem')]);

  const sign: Authority['sign'] = async (csrPem, names) => {
    await writeFile(at('leaf.csr'), csrPem);
    await writeFile(at('leaf.ext'), sanOf(names ?? []));
    const extensions = names ? ['-extfile', at('leaf.ext')] : ['-copy_extensions', 'copy'];
    const by = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-days', '20'];
    return openssl(['x509', '-req', '-in', at('leaf.csr'), ...by, ...extensions]);
  };
  const issue: Authority['issue'] = async (names) => {
    const files = ['-keyout', at('own.key'), '-out', at('own.csr')];
    await openssl(['req', '-new', ...KEY, '-subj', `/CN=${names[0]}`, ...files]);
    const leaf = await sign(await openssl(['req', '-in', at('own.csr')]), names);
    return { key: await openssl(['pkey', '-in', at('own.key')]), cert: `${leaf}${intermediatePem}` };
  };
  return { rootPem, intermediatePem, sign, issue };
}
