/** The whole way of a certificate onto the simulated appliance, over real TLS, and each way in which it can end badly. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import type { ApplianceOptions } from '../../../../lab/vos/appliance.js';
import { Cli } from '../../../../lab/vos/cli.fixture.js';
import { probeTls } from '../../../../server/ssh/tls-probe.js';
import { startLab, type Lab } from '../lab.fixture.js';
import { authority, type Authority } from './authority.fixture.js';
import { certificate } from './certificate.js';
import { settings, settingsOf } from './settings.js';
import { certificateRun, installRun, worldOf, type RunOptions } from './run.fixture.js';
import type { CertmgrTiming } from './timing.js';

const ca = await authority(t, 'Lab');
const vos = certificate(worldOf());
const signal = new AbortController().signal;
const NAMES = ['cucm.example', 'cucm-admin.example'];

type More = Partial<RunOptions>;

/** An appliance whose own TLS is pinned, and runs against it. */
async function start(t: Test, options: ApplianceOptions = {}) {
  const lab = await startLab(t, options);
  const { appliance, target: connection } = lab;
  const { password, storedFingerprint: tlsFingerprint, httpsPort: certmgrPort } = appliance;
  const install = { certmgrPort, tlsFingerprint, tlsRootsPem: null };
  const runWith = (more: More = {}) => certificateRun({ connection, password, install, ...more });
  const csr = (names = NAMES) => vos.makeCsr(runWith().run, { names, rsaBits: null });
  return { ...lab, install, runWith, csr };
}

type Start = Awaited<ReturnType<typeof start>>;

const issuedBy = ({ intermediatePem, rootPem }: Authority, leafPem: string) => ({
  leafPem,
  chainPems: [intermediatePem],
  rootPems: [rootPem],
});

/** A signed certificate for a fresh request of the appliance. */
const issue = async ({ csr }: Start, names?: string[]) => issuedBy(ca, await ca.sign(await csr(), names));

async function restartTomcat({ appliance }: Pick<Lab, 'appliance'>): Promise<void> {
  const cli = await Cli.ready(appliance);
  await cli.run('utils service restart Cisco Tomcat');
  if (appliance.servingSince() === null) await once(appliance.events, 'serving');
}

const namesOf = (pem: string) => new X509Certificate(pem).subjectAltName;

t.test('installs what was signed for the key inside, and Tomcat serves it after its restart', async (t) => {
  const lab = await start(t);
  const { appliance, runWith } = lab;
  const first = appliance.storedFingerprint;
  const issued = await issue(lab);
  t.equal(namesOf(issued.leafPem), 'DNS:cucm.example, DNS:cucm-admin.example');
  const { serialNumber, fingerprint256 } = new X509Certificate(issued.leafPem);
  const { run, messages } = runWith();
  const report = await vos.installCertificate(installRun(run, issued));
  t.match(report, {
    summary: /^127\.0\.0\.1 holds the certificate and now trusts CN=Lab Root and CN=Lab Intermediate; Cisco Tomcat /,
    detail: { how: 'stored', serialNumber, fingerprint256, trusted: ['CN=Lab Root', 'CN=Lab Intermediate'] },
  });
  t.same(messages, [
    'The appliance is told to trust CN=Lab Root',
    'The appliance is told to trust CN=Lab Intermediate',
    'The appliance is given the certificate',
  ]);
  t.same(appliance.calls, [
    'POST /csr',
    'GET /identity/certificate',
    'GET /trust/certificate',
    'POST /trust/certificates',
    'POST /trust/certificates',
    'POST /identity/certificates',
    'GET /identity/certificate',
  ]);
  t.match(appliance, { csrs: 1, trusts: 2, uploads: 1, installs: 1, storedFingerprint: fingerprint256 });
  const served = async (port: number) => (await probeTls('127.0.0.1', port, { signal })).fingerprint256;
  const ports = [appliance.httpsPort, appliance.tlsPort];
  t.same(await Promise.all(ports.map(served)), [first, first], 'still the old one, on both ports');
  await restartTomcat(lab);
  t.same(await Promise.all(ports.map(served)), [fingerprint256, fingerprint256]);

  const again = await vos.installCertificate(installRun(runWith().run, issued));
  t.match(again, { summary: /held the certificate already/, detail: { how: 'already held', trusted: [] } });
  t.match(appliance, { trusts: 2, uploads: 1 }, 'nothing is uploaded twice');
  const line = await vos.checkInstall(runWith({ knownFingerprints: [fingerprint256.toLowerCase()] }).run);
  t.match(
    line,
    /^lab-vos\.example lets administrator read its certificates and holds CN=cucm\.example, valid until 20/,
  );
});

t.test('uploads only the CA certificates that are not trusted yet, and no root that signed nothing here', async (t) => {
  const lab = await start(t);
  const { appliance, runWith } = lab;
  await vos.installCertificate(installRun(runWith().run, await issue(lab)));
  const stranger = await authority(t, 'Stranger');
  const next = await issue(lab);
  next.rootPems.push(`${stranger.rootPem}${stranger.intermediatePem}`);
  next.chainPems.push(ca.rootPem);
  const report = await vos.installCertificate(installRun(runWith().run, next));
  t.match(report, { summary: /holds the certificate; Cisco Tomcat/, detail: { trusted: [] } });
  t.match(appliance, { trusts: 2, uploads: 2, installs: 2 });
});

t.test('answers with the request as the appliance made it, other names included', async (t) => {
  const lab = await start(t, { csrNames: ['example', 'node.example'], hostname: 'node.example' });
  const { csr, runWith } = lab;
  t.match(await csr(), /^-----BEGIN CERTIFICATE REQUEST-----\n[^]+\n-----END CERTIFICATE REQUEST-----\n$/);
  const issued = await issue(lab);
  t.equal(namesOf(issued.leafPem), 'DNS:cucm.example, DNS:cucm-admin.example, DNS:example, DNS:node.example');
  const short = issuedBy(ca, await ca.sign(await csr(), NAMES));
  await t.rejects(vos.installCertificate(installRun(runWith().run, short)), {
    code: 'INSTALL_NAMES_DIFFER',
    message: '127.0.0.1 did not take the certificate (400: CSR SAN and Certificate SAN does not match).',
  });
  t.match(await vos.checkInstall(runWith().run), /^node\.example lets administrator read/);
});

t.test('makes a key of the length that was wished', async (t) => {
  const { runWith, appliance } = await start(t);
  for (const rsaBits of [2048, 3072] as const) {
    const leaf = new X509Certificate(await ca.sign(await vos.makeCsr(runWith().run, { names: NAMES, rsaBits })));
    t.equal(leaf.publicKey.asymmetricKeyDetails?.modulusLength, rsaBits);
  }
  t.equal(appliance.csrs, 2);
});

t.test('waits while Tomcat restarts and its port is closed', async (t) => {
  const lab = await start(t);
  const { appliance, runWith } = lab;
  const issued = await issue(lab);
  const closed = once(appliance.events, 'serving');
  const restarted = restartTomcat(lab);
  t.same(await closed, [false]);
  const { run, messages, log } = runWith();
  t.match(await vos.installCertificate(installRun(run, issued)), { detail: { how: 'stored' } });
  t.ok(messages.includes('The certificate interface does not answer yet'));
  t.ok(log.some((line) => /^127\.0\.0\.1 refused the connection on port \d+\. Trying again\.$/.test(line)));
  await restarted;
  t.equal(appliance.uploads, 1);
});

t.test('looks, where the answer of an upload is lost, instead of uploading again', async (t) => {
  const lab = await start(t);
  const { appliance, runWith } = lab;
  const lost: string[] = [];
  const onMessage = (text: string) => {
    if (text.endsWith('answer yet')) return;
    lost.push(text);
    appliance.faults.rest_lost_answer = true;
  };
  const { run, log } = runWith({ onMessage });
  t.match(await vos.installCertificate(installRun(run, await issue(lab))), { detail: { how: 'stored' } });
  t.equal(lost.length, 3, 'of both CA certificates and of the certificate');
  t.match(appliance, { trusts: 2, uploads: 1, installs: 1 });
  t.notOk(
    log.some((line) => /^POST/.test(line)),
    'no change was ever answered',
  );
});

t.test('sends a call again that was cut before it was carried out', async (t) => {
  const lab = await start(t);
  const { appliance, runWith } = lab;
  appliance.faults.rest_lost_request = true;
  const issued = await issue(lab);
  t.equal(appliance.csrs, 1);
  appliance.faults.rest_lost_answer = true;
  const replaced = await issue(lab);
  t.equal(appliance.csrs, 3, 'a request that nobody has seen is replaced by the next one');
  await t.rejects(vos.installCertificate(installRun(runWith().run, issued)), { code: 'INSTALL_STALE_CSR' });
  appliance.faults.rest_lost_request = true;
  t.match(await vos.installCertificate(installRun(runWith().run, replaced)), { detail: { how: 'stored' } });
  t.equal(appliance.installs, 1);
});

interface Failing {
  what: string;
  fault?: 'rest_read_only' | 'rest_silent' | 'rest_unavailable' | 'rest_forgets';
  more?: More;
  parts?: Partial<CertmgrTiming>;
  issued?: { chainPems: string[]; rootPems: string[] };
  code: string;
  message: RegExp;
}

const failing: Failing[] = [
  {
    what: 'a wrong password',
    more: { password: 'wrong' },
    code: 'INSTALL_NOT_PERMITTED',
    message: /^127\.0\.0\.1 refused the login \(401: Unauthorized\)\.$/,
  },
  { what: 'no password', more: { password: null }, code: 'INSTALL_SETTINGS_MISSING', message: /password only/ },
  {
    what: 'an account that may only read',
    fault: 'rest_read_only',
    code: 'INSTALL_NOT_PERMITTED',
    message: /did not take the CA certificate: the account may not do this \(403: Forbidden\)\.$/,
  },
  {
    what: 'no CA',
    issued: { chainPems: [], rootPems: [] },
    code: 'INSTALL_CA_MISSING',
    message: /\(400: The CA certificate is not in the trust store\)\.$/,
  },
  {
    what: 'a port that stays closed',
    more: { install: { certmgrPort: 1 } },
    parts: { patienceMs: 30 },
    code: 'INSTALL_UNREACHABLE',
    message: /^127\.0\.0\.1 refused the connection on port 1\.$/,
  },
  {
    what: 'an interface that is silent',
    fault: 'rest_silent',
    parts: { readTimeoutMs: 100 },
    code: 'INSTALL_UNREACHABLE',
    message: /^127\.0\.0\.1 did not answer GET \/platformcom\S+ in time\.$/,
  },
  {
    what: 'a proxy that says 503 for too long',
    fault: 'rest_unavailable',
    parts: { patienceMs: 30 },
    code: 'INSTALL_UNREACHABLE',
    message: /^127\.0\.0\.1 answered GET \/identity\/certificate\?service=tomcat with 503\.$/,
  },
  {
    what: 'an upload that is forgotten',
    fault: 'rest_forgets',
    code: 'INSTALL_FAILED',
    message: /took the certificate, but still holds another one\.$/,
  },
];

t.test('ends with the code that fits, and can be tried again', async (t) => {
  const lab = await start(t);
  const { appliance, runWith } = lab;
  const signed = await issue(lab);
  for (const { what, fault, more, parts, issued, code, message } of failing) {
    if (fault) appliance.faults[fault] = true;
    const attempt = installRun(runWith(more).run, { ...signed, ...issued });
    await t.rejects(certificate(worldOf(parts)).installCertificate(attempt), { code, message }, what);
    if (fault) appliance.faults[fault] = false;
  }
  t.equal(appliance.installs, 0);
  t.match(await vos.installCertificate(installRun(runWith().run, signed)), { detail: { how: 'stored' } });
  t.equal(appliance.installs, 1);
});

t.test('asks once where the password is refused, since appliances lock accounts', async (t) => {
  const { runWith, appliance } = await start(t);
  const { run, log } = runWith({ password: 'wrong' });
  const attempts: (() => Promise<unknown>)[] = [
    () => vos.makeCsr(run, { names: NAMES, rsaBits: null }),
    () => vos.checkInstall(run),
    () => vos.installCertificate(installRun(run, issuedBy(ca, ca.intermediatePem))),
  ];
  for (const attempt of attempts) await t.rejects(attempt(), { code: 'INSTALL_NOT_PERMITTED' });
  t.same(log, ['POST /csr: 401', 'GET /snapshot/server: 401', 'GET /identity/certificate?service=tomcat: 401']);
  t.same(appliance.calls, []);
});

t.test('finds out after a silence that the upload had been carried out', async (t) => {
  const lab = await start(t);
  const { appliance, runWith } = lab;
  const issued = await issue(lab);
  const hurried = certificate(worldOf({ writeTimeoutMs: 100, readTimeoutMs: 100 }));
  const silent = runWith({ onMessage: (text) => (appliance.faults.rest_silent = text.endsWith('the certificate')) });
  await t.rejects(hurried.installCertificate(installRun(silent.run, issued)), { code: 'INSTALL_UNREACHABLE' });
  appliance.faults.rest_silent = false;
  t.match(await vos.installCertificate(installRun(runWith().run, issued)), { detail: { how: 'stored', trusted: [] } });
  t.match(appliance, { trusts: 2, installs: 1 });
});

t.test('ends at once when the operation does', async (t) => {
  const { runWith, appliance } = await start(t);
  appliance.faults.rest_silent = true;
  const controller = new AbortController();
  const { run } = runWith({ signal: controller.signal });
  const checked = vos.checkInstall(run);
  const reason = new Error('Cancelled.');
  setImmediate(() => controller.abort(reason));
  await t.rejects(checked, reason);
  appliance.faults.rest_silent = false;
  appliance.faults.already_stopped = true;
  const waiting = new AbortController();
  const patient = runWith({ signal: waiting.signal, onMessage: () => waiting.abort(reason) });
  await t.rejects(vos.makeCsr(patient.run, { names: NAMES, rsaBits: null }), reason);
});

t.test('describes its settings, with a default for each', (t) => {
  t.match(vos.certificate, { keyBy: 'device', ports: [443, 8443], restartService: 'Cisco Tomcat', settings });
  t.same(settingsOf({ install: {} }), { certmgrPort: 443, tlsFingerprint: null, tlsRootsPem: null });
  const fingerprint = new X509Certificate(ca.rootPem).fingerprint256;
  for (const right of [{ tlsFingerprint: fingerprint }, { tlsRootsPem: ca.rootPem }, { certmgrPort: 8443 }])
    t.equal(settings.validate(right).error, undefined);
  const wrong: [object, RegExp][] = [
    [{ certmgrPort: 0 }, /certmgrPort/],
    [{ tlsFingerprint: fingerprint.slice(3) }, /must be a SHA-256 fingerprint/],
    [{ tlsFingerprint: 'SHA256:abc' }, /must be a SHA-256 fingerprint/],
    [{ tlsRootsPem: 'roots' }, /one or more certificates in PEM form/],
    [{ tlsRootsPem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, /certificates in PEM form/],
    [{ tlsRootsPem: `${ca.rootPem}-----BEGIN PRIVATE KEY-----` }, /certificates in PEM form/],
    [{ verify: false }, /verify/],
  ];
  for (const [value, message] of wrong) t.match(settings.validate(value).error?.message, message);
  const described = settings.describe()['keys'] as Record<string, { flags: { description?: string } }>;
  for (const [key, { flags }] of Object.entries(described)) t.match(flags.description, /\.$/, key);
  t.end();
});
