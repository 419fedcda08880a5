/** The certificate REST and the served port, as of one Cisco Tomcat. */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { tempDir } from '../../tests/peers/temp.js';
import { Appliance, type ApplianceOptions } from './appliance.js';
import { Cli } from './cli.fixture.js';
import { HandClock } from './hand-clock.js';

const run = promisify(execFile);
const openssl = async (args: string[]) => (await run('openssl', args)).stdout;
const BASE = '/platformcom/api/v1/certmgr/config';

interface Answer {
  status: number;
  realm: string | undefined;
  body: Record<string, unknown>;
  text: string;
}

type Call = (method: string, path: string, body?: unknown, auth?: string) => Promise<Answer>;

/** Calls the REST of an appliance as its own administrator; rejects where nobody listens. */
function caller(appliance: Appliance): Call {
  return (method, path, body, auth = `${appliance.username}:${appliance.password}`) =>
    new Promise((resolve, reject) => {
      const target = { host: '127.0.0.1', port: appliance.tlsPort, path: BASE + path, rejectUnauthorized: false };
      const asking = httpsRequest({ ...target, method, auth, agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => {
          const { statusCode = 0, headers } = response;
          const parsed = JSON.parse(text) as Record<string, unknown>;
          resolve({ status: statusCode, realm: headers['www-authenticate'], body: parsed, text });
        });
      });
      asking.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
}

/** The certificate that the port serves. */
async function served(appliance: Appliance, port = appliance.tlsPort): Promise<X509Certificate> {
  const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerX509Certificate() as X509Certificate;
  socket.destroy();
  return certificate;
}

interface Authority {
  pem: string;
  sign(csr: string, names?: string[]): Promise<string>;
}

/** A CA of its own; `names` go into the certificate instead of those that the request has. */
async function authority(t: Test, name: string): Promise<Authority> {
  const directory = await tempDir();
  t.teardown(() => directory.remove());
  const at = (file: string) => join(directory.path, file);
  const subject = ['-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:TRUE'];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...subject];
  const pem = await openssl([...made, '-days', '30', '-keyout', at('key')]);
  await writeFile(at('ca'), pem);
  return {
    pem,
    async sign(csr, names) {
      await writeFile(at('csr'), csr);
      await writeFile(at('names'), `subjectAltName=${(names ?? []).map((one) => `DNS:${one}`).join(',')}`);
      const extensions = names ? ['-extfile', at('names')] : ['-copy_extensions', 'copy'];
      const signing = ['x509', '-req', '-in', at('csr'), '-CA', at('ca'), '-CAkey', at('key'), '-days', '20'];
      return openssl([...signing, ...extensions]);
    },
  };
}

async function start(t: Test, options: ApplianceOptions = {}) {
  const clock = new HandClock();
  const appliance = await Appliance.start({ clock, ...options });
  t.teardown(() => appliance.stop());
  return { appliance, clock, call: caller(appliance) };
}

/** Restarts Cisco Tomcat, calls back while it is down, and answers when the port is served again. */
async function restart(
  { appliance, clock }: { appliance: Appliance; clock: HandClock },
  meanwhile: () => Promise<void>,
) {
  const cli = await Cli.open(appliance);
  await clock.turn(9);
  await cli.until('admin:');
  cli.type('utils service restart Cisco Tomcat\r');
  await cli.until('Service Manager is running');
  await meanwhile();
  const opened = once(appliance.events, 'serving');
  await clock.turn(305);
  await opened;
  return cli;
}

const wanted = {
  service: 'tomcat',
  distribution: 'this-server',
  commonName: 'cucm.example',
  altNames: ['alt.example'],
};
const upload = (...certificates: string[]) => ({ service: 'tomcat', certificates });
const UPLOAD = '/identity/certificates';

t.test('serves a new certificate after the restart, and not before', async (t) => {
  const lab = await start(t);
  const { appliance, call } = lab;
  const ca = await authority(t, 'Lab CA');
  const first = await served(appliance);
  const asked = await call('POST', '/csr', wanted);
  t.equal(asked.status, 200);
  const csr = String(asked.body['csr']);
  t.equal((await call('GET', '/csr?service=tomcat')).body['csr'], csr);
  const leaf = await ca.sign(csr);
  t.match(
    await call('POST', UPLOAD, upload(leaf)),
    { status: 400, body: { message: /trust store/ } },
    'without its CA',
  );
  const trust = { service: ['tomcat'], certificates: [ca.pem], description: 'the CA' };
  t.equal((await call('POST', '/trust/certificates', trust)).status, 201);
  t.equal((await call('POST', '/trust/certificates', trust)).status, 201, 'once more does no harm');
  t.equal(((await call('GET', '/trust/certificate?service=tomcat')).body['certificates'] as unknown[]).length, 1);
  t.equal((await call('POST', UPLOAD, upload(leaf))).status, 201);
  t.equal((await call('GET', '/identity/certificate?service=tomcat')).body['certificate'], leaf);
  t.equal((await served(appliance)).serialNumber, first.serialNumber, 'still the old one');
  t.match(await call('POST', UPLOAD, upload(leaf)), { status: 500 }, 'the CSR is used up');

  const cli = await restart(lab, async () => {
    await t.rejects(call('GET', '/snapshot/server'), { code: 'ECONNREFUSED' });
  });
  t.equal((await served(appliance)).serialNumber, new X509Certificate(leaf).serialNumber);
  t.match(await cli.run('show cert list own'), 'tomcat/tomcat.pem: Certificate Signed by Lab CA\r\n');
  appliance.reset();
  await once(appliance.events, 'serving');
  t.equal((await served(appliance)).serialNumber, first.serialNumber, 'until the reset');
});

t.test('lets nobody in without the right password', async (t) => {
  const { call } = await start(t);
  for (const auth of ['administrator:wrong', ':', 'root:root']) {
    const answer = await call('GET', '/snapshot/server', undefined, auth);
    t.match(answer, { status: 401, realm: 'Basic realm="CMPlatform Realm"' });
  }
});

t.test('takes the certificate of the current request only', async (t) => {
  const { call } = await start(t);
  const ca = await authority(t, 'Lab CA');
  await call('POST', '/trust/certificates', { service: ['tomcat'], certificates: [ca.pem] });
  t.match(await call('GET', '/csr?service=tomcat'), { status: 404 });
  const stale = await ca.sign(String((await call('POST', '/csr', wanted)).body['csr']));
  const current = String((await call('POST', '/csr', wanted)).body['csr']);
  t.match(await call('POST', UPLOAD, upload(stale)), {
    status: 500,
    body: { message: /does not match the current CSR/ },
  });
  const other = await ca.sign(current, ['cucm.example']);
  t.match(await call('POST', UPLOAD, upload(other)), {
    status: 400,
    body: { message: 'CSR SAN and Certificate SAN does not match' },
  });
  const stranger = await authority(t, 'Another CA');
  t.equal((await call('POST', UPLOAD, upload(await stranger.sign(current), stranger.pem))).status, 400);
  t.equal((await call('POST', UPLOAD, upload(await ca.sign(current), ca.pem))).status, 201, 'leaf and chain');
  t.equal((await call('DELETE', '/csr?service=tomcat')).status, 200);
});

t.test('keeps its key to itself', async (t) => {
  const { appliance, call } = await start(t);
  const said = [await call('POST', '/csr', wanted), await call('GET', '/csr?service=tomcat')];
  for (const path of ['/snapshot/server', '/options', '/identity/certificate?service=tomcat'])
    said.push(await call('GET', path));
  t.match(said[2]?.body, {
    server: String,
    trackingId: String,
    identities: [{ service: 'tomcat', certificate: /^-----BEGIN CERTIFICATE/, csr: /^-----BEGIN CERTIFICATE REQUEST/ }],
    trusts: [{ service: 'tomcat', certificate_data: [] }],
    revokedCertificates: [],
  });
  for (const { status, text } of said) {
    t.equal(status, 200);
    t.notMatch(text, /PRIVATE/);
  }
  t.notMatch(JSON.stringify(appliance), /PRIVATE/);
});

t.test('refuses what it cannot read', async (t) => {
  const { call } = await start(t);
  const refused: [string, string, unknown, number][] = [
    ['GET', '/nothing', undefined, 404],
    ['GET', '/csr?service=CallManager', undefined, 400],
    ['POST', '/csr', [], 400],
    ['POST', '/csr', { ...wanted, service: 'ipsec' }, 400],
    ['POST', '/csr', { ...wanted, distribution: 'multi-server' }, 400],
    ['POST', '/csr', { ...wanted, commonName: 'a/O=b' }, 400],
    ['POST', '/csr', { ...wanted, altNames: ['a,DNS:b'] }, 400],
    ['POST', '/csr', { ...wanted, altNames: 'a.example' }, 400],
    ['POST', '/csr', { ...wanted, keyType: 'ec' }, 400],
    ['POST', '/csr', { ...wanted, keyLength: 512 }, 400],
    ['POST', '/csr', { ...wanted, hashAlgorithm: 'md5' }, 400],
    ['POST', UPLOAD, upload('no PEM'), 400],
    ['POST', UPLOAD, { service: 'tomcat', certificates: [] }, 400],
    ['POST', UPLOAD, { service: 'CallManager', certificates: [] }, 400],
    ['POST', '/trust/certificates', { service: 'tomcat', certificates: [] }, 400],
    ['POST', '/csr', { filling: 'x'.repeat(2 ** 20) }, 413],
  ];
  for (const [method, path, body, status] of refused)
    t.match(await call(method, path, body), { status, body: { message: String } }, `${method} ${path}`);
});

t.test('is called as it was told, and adds names to requests where it was told', async (t) => {
  const named = await start(t, { hostname: 'cucm7.example', csrNames: ['example', 'cucm.example'] });
  const { appliance, call } = named;
  t.equal(appliance.hostname, 'cucm7.example');
  t.equal((await served(appliance)).subjectAltName, 'DNS:cucm7.example');
  t.equal((await served(appliance)).fingerprint256, appliance.storedFingerprint);
  t.equal((await call('GET', '/snapshot/server')).body['server'], 'cucm7.example');
  const leaf = await (await authority(t, 'Lab CA')).sign(String((await call('POST', '/csr', wanted)).body['csr']));
  t.equal(new X509Certificate(leaf).subjectAltName, 'DNS:cucm.example, DNS:alt.example, DNS:example');
});

t.test('serves two ports, which close and open together', async (t) => {
  const lab = await start(t);
  const { appliance } = lab;
  const { tlsPort, httpsPort } = appliance;
  t.not(tlsPort, httpsPort);
  const both = async () =>
    Promise.all([tlsPort, httpsPort].map(async (port) => (await served(appliance, port)).serialNumber));
  const [first, second] = await both();
  t.equal(first, second);
  const told: boolean[] = [];
  appliance.events.on('serving', (open) => told.push(open));
  await restart(lab, async () => {
    t.equal(appliance.servingSince(), null);
    for (const port of [tlsPort, httpsPort]) await t.rejects(served(appliance, port), { code: 'ECONNREFUSED' });
  });
  t.same(await both(), [first, second]);
  t.same(told, [false, true]);
  t.type(appliance.servingSince(), 'number');
});

t.test('counts what it was given', async (t) => {
  const { appliance, call } = await start(t);
  const ca = await authority(t, 'Lab CA');
  const csr = String((await call('POST', '/csr', wanted)).body['csr']);
  const leaf = await ca.sign(csr);
  await call('POST', UPLOAD, upload(leaf));
  await call('POST', '/trust/certificates', { service: ['tomcat'], certificates: [ca.pem] });
  await call('POST', UPLOAD, upload(leaf));
  await call('GET', '/options', undefined, 'administrator:wrong');
  t.match(appliance, { csrs: 1, trusts: 1, uploads: 2, installs: 1 });
  t.equal(appliance.storedFingerprint, new X509Certificate(leaf).fingerprint256);
  t.same(appliance.calls, ['POST /csr', `POST ${UPLOAD}`, 'POST /trust/certificates', `POST ${UPLOAD}`]);
  appliance.reset();
  t.match(appliance, { csrs: 0, trusts: 0, uploads: 0, installs: 0, calls: [] });
});

t.test('goes wrong where it is told to', async (t) => {
  const { appliance, call } = await start(t);
  const { faults } = appliance;
  faults.rest_read_only = true;
  t.match(await call('POST', '/csr', wanted), { status: 403 });
  t.match(await call('GET', '/options'), { status: 200 });
  faults.rest_read_only = false;
  faults.rest_lost_request = true;
  await t.rejects(call('POST', '/csr', wanted), { code: 'ECONNRESET' });
  t.match(appliance, { csrs: 0, faults: { rest_lost_request: false } });
  faults.rest_lost_answer = true;
  await t.rejects(call('POST', '/csr', wanted), { code: 'ECONNRESET' });
  t.match(appliance, { csrs: 1, faults: { rest_lost_answer: false } });
  const csr = (await call('GET', '/csr?service=tomcat')).body['csr'];
  const ca = await authority(t, 'Lab CA');
  const before = appliance.storedFingerprint;
  faults.rest_forgets = true;
  t.match(await call('POST', UPLOAD, upload(await ca.sign(String(csr)))), { status: 201 });
  t.match(appliance, { installs: 0, storedFingerprint: before });
  const target = { host: '127.0.0.1', port: appliance.tlsPort, path: `${BASE}/options`, rejectUnauthorized: false };
  faults.rest_unavailable = true;
  const [answer] = (await once(httpsRequest({ ...target, agent: false }).end(), 'response')) as [IncomingMessage];
  t.equal(answer.resume().statusCode, 503);
  faults.rest_unavailable = false;
  faults.rest_silent = true;
  const asking = httpsRequest({ ...target, agent: false, timeout: 50 });
  asking.on('response', () => t.fail('It is not silent.')).end();
  await once(asking, 'timeout');
  asking.on('error', () => undefined).destroy();
});

t.test('survives a restart in the middle of a call', async (t) => {
  const lab = await start(t);
  const { port, auth } = { port: lab.appliance.tlsPort, auth: `administrator:${lab.appliance.password}` };
  const options = { host: '127.0.0.1', port, auth, method: 'POST', path: `${BASE}/csr`, rejectUnauthorized: false };
  const half = httpsRequest({ ...options, agent: false, headers: { 'content-length': 100 } });
  const broken = once(half, 'error').catch((error: unknown) => [error]);
  half.write('{"service":');
  await once(half, 'socket').then(([socket]) => once(socket, 'secureConnect'));
  await restart(lab, async () => {
    t.match(await broken, [{ code: 'ECONNRESET' }]);
  });
  t.equal((await lab.call('GET', '/options')).status, 200);
});
