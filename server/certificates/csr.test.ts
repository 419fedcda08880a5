import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { tempDir } from '../../tests/peers/temp.js';
import type { KeyKind } from './contract.js';
import { csrNames, makeCsr } from './csr.js';
import { makeKey } from './keys.js';

const directory = await tempDir('signalbox-csr-');
t.teardown(() => directory.remove());
const at = (name: string) => join(directory.path, name);
const run = promisify(execFile);
const openssl = async (...args: string[]) => {
  const { stdout, stderr } = await run('openssl', args, { cwd: directory.path });
  return stdout + stderr;
};

t.test('makes a key of each kind, and a request that openssl verifies', async (t) => {
  const kinds: [kind: KeyKind, details: object, text: RegExp][] = [
    ['ecdsa-p256', { namedCurve: 'prime256v1' }, /NIST CURVE: P-256[\s\S]*Signature Algorithm: ecdsa-with-SHA256/],
    ['ecdsa-p384', { namedCurve: 'secp384r1' }, /NIST CURVE: P-384[\s\S]*Signature Algorithm: ecdsa-with-SHA384/],
    ['rsa-2048', { modulusLength: 2048 }, /\(2048 bit\)[\s\S]*Signature Algorithm: sha256WithRSAEncryption/],
    ['rsa-3072', { modulusLength: 3072 }, /\(3072 bit\)[\s\S]*Signature Algorithm: sha256WithRSAEncryption/],
    ['rsa-4096', { modulusLength: 4096 }, /\(4096 bit\)[\s\S]*Signature Algorithm: sha256WithRSAEncryption/],
  ];
  const keys = await Promise.all(kinds.map(([kind]) => makeKey(kind)));
  for (const [index, [kind, details, text]] of kinds.entries()) {
    const key = keys[index] ?? '';
    t.match(key, /^-----BEGIN PRIVATE KEY-----\n/, kind);
    t.match(createPrivateKey(key).asymmetricKeyDetails, details, kind);
    const csr = await makeCsr(key, ['www.csr.test', '*.csr.test', 'csr.test']);
    t.match(csr, /^-----BEGIN CERTIFICATE REQUEST-----\n[\s\S]+-----END CERTIFICATE REQUEST-----\n$/, kind);
    t.notMatch(csr, /PRIVATE/);
    await writeFile(at('csr.pem'), csr);
    const shown = await openssl('req', '-verify', '-noout', '-text', '-in', 'csr.pem');
    t.match(shown, /self-signature verify OK/, kind);
    t.match(shown, /Subject: CN = www\.csr\.test\n/, kind);
    t.match(shown, /DNS:www\.csr\.test, DNS:\*\.csr\.test, DNS:csr\.test\n/, kind);
    t.match(shown, text, kind);
    t.strictSame(await csrNames(csr), ['*.csr.test', 'csr.test', 'www.csr.test']);
  }
});

t.test('makes requests whose certificate belongs to the key', async (t) => {
  const key = await makeKey('ecdsa-p256');
  await writeFile(at('key.pem'), key);
  await writeFile(at('csr.pem'), await makeCsr(key, ['a.test']));
  await openssl('x509', '-req', '-in', 'csr.pem', '-signkey', 'key.pem', '-out', 'made.pem');
  const made = new X509Certificate(await readFile(at('made.pem')));
  t.ok(made.checkPrivateKey(createPrivateKey(key)));
  t.not(await makeKey('ecdsa-p256'), key, 'each key is a new one');
});

t.test('leaves the common name out where the first name is too long for it', async (t) => {
  const long = `${'a'.repeat(60)}.test`;
  for (const [name, subject] of [
    [long, /Subject: *\n/],
    [long.slice(1), new RegExp(`Subject: CN = ${long.slice(1)}\n`)],
  ] as const) {
    const csr = await makeCsr(await makeKey('ecdsa-p256'), [name, 'b.test']);
    await writeFile(at('csr.pem'), csr);
    t.match(await openssl('req', '-verify', '-noout', '-text', '-in', 'csr.pem'), subject);
    t.strictSame(await csrNames(csr), [name, 'b.test'].sort());
  }
});

t.test('reads the names of a request that a device made', async (t) => {
  const request = async (subject: string, ...options: string[]) => {
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'device.key'];
    await openssl('req', ...key, '-subj', subject, '-out', 'device.csr', ...options);
    return csrNames(await readFile(at('device.csr'), 'utf8'));
  };
  const names = ['-addext', 'subjectAltName=DNS:B.test,DNS:a.test,IP:127.0.0.1,email:x@y.test,DNS:cucm1.test'];
  t.strictSame(await request('/C=DE/O=Example/CN=CUCM1.test', ...names), ['a.test', 'b.test', 'cucm1.test']);
  t.strictSame(await request('/CN=only.test'), ['only.test']);
  t.strictSame(await request('/CN=Some device', '-addext', 'subjectAltName=DNS:a.test'), ['a.test']);
  t.strictSame(await request('/O=Example'), []);
  await t.rejects(csrNames('no request'), { message: /cannot be read as one\.$/ });
  await t.rejects(csrNames(await readFile(at('made.pem'), 'utf8')), { message: /cannot be read as one\.$/ });
});
