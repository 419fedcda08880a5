/** Who is believed, what is sent to whom, and what becomes of answers that no appliance of the lab gives. */
import { X509Certificate } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import t, { type Test } from 'tap';
import { startTcp } from '../../../../tests/peers/tcp-server.js';
import { targetOf } from '../../../../tests/peers/ssh-target.js';
import type { JsonObject } from '../../../../server/operations/contract.js';
import { authority } from './authority.fixture.js';
import { certificate } from './certificate.js';
import { impostor, type Behaviour } from './impostor.fixture.js';
import { certificateRun, installRun, worldOf, type RunOptions } from './run.fixture.js';

const PASSWORD = 'the password of the appliance';
const ca = await authority(t, 'Lab');
const local = await ca.issue(['localhost']);
const other = await ca.issue(['other.test']);
const vos = certificate(worldOf());
const fingerprintOf = ({ cert }: { cert: string }) => new X509Certificate(cert).fingerprint256;

const json = (response: ServerResponse, body: unknown, status = 200) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const snapshot: Behaviour = (_heard, response) => json(response, { server: 'node', identities: [] });

async function meet(t: Test, identity = local, behave = snapshot) {
  const peer = await impostor(t, identity, behave);
  const runWith = (install: JsonObject = {}, more: Partial<RunOptions> = {}) => {
    const connection = targetOf({ platform: 'vos', hostname: 'localhost', username: 'administrator' });
    return certificateRun({
      ...{ connection, password: PASSWORD },
      install: { certmgrPort: peer.port, ...install },
      ...more,
    }).run;
  };
  return { peer, runWith };
}

const WELCOME = 'node lets administrator read its certificates.';

t.test('believes a certificate that is pinned, known to be the machine’s own, or verified', async (t) => {
  const pinned = await meet(t, other);
  t.equal(await vos.checkInstall(pinned.runWith({ tlsFingerprint: fingerprintOf(other) })), WELCOME);
  t.equal(await vos.checkInstall(pinned.runWith({ tlsFingerprint: fingerprintOf(other).toLowerCase() })), WELCOME);
  const known = pinned.runWith({}, { knownFingerprints: ['00', fingerprintOf(other)] });
  t.equal(await vos.checkInstall(known), WELCOME);
  const verified = await meet(t);
  t.equal(await vos.checkInstall(verified.runWith({ tlsRootsPem: ca.rootPem })), WELCOME);
  const basic = `Basic ${Buffer.from(`administrator:${PASSWORD}`).toString('base64')}`;
  const call = 'GET /platformcom/api/v1/certmgr/config/snapshot/server';
  t.same(verified.peer.heard, [{ call, authorization: basic, body: '' }]);
});

t.test('sends nothing to a machine that is not believed, and names the fingerprint that it shows', async (t) => {
  const cases: [what: string, identity: typeof local, install: JsonObject, why: RegExp][] = [
    ['no root', local, {}, /: it leads to no trusted root \([A-Z_]+\)\. No password was sent\. Its SHA-256/],
    ['another name', other, { tlsRootsPem: ca.rootPem }, /: it is not made out to localhost\. No password was sent\./],
    ['another pin', local, { tlsFingerprint: fingerprintOf(other) }, /neither pinned nor verified/],
    ['both', other, { tlsFingerprint: fingerprintOf(local), tlsRootsPem: ca.rootPem }, /neither pinned nor verified/],
  ];
  for (const [what, identity, install, message] of cases) {
    const { peer, runWith } = await meet(t, identity);
    const fingerprint256 = fingerprintOf(identity);
    const refused = { code: 'INSTALL_TLS_UNTRUSTED', message, detail: { fingerprint256, subject: /^CN=/ } };
    await t.rejects(vos.checkInstall(runWith(install)), refused, what);
    await t.rejects(vos.makeCsr(runWith(install), { names: ['a.test'], rsaBits: null }), {
      message: new RegExp(`${fingerprint256}\\.$`),
    });
    await peer.quiet();
    t.same(peer.heard, [], `${what}: no call came`);
    t.equal(peer.connections, 2, `${what}: asked once each`);
  }
});

t.test('asks for the names and the key that were wished', async (t) => {
  const long = `${'a'.repeat(60)}.long.test`;
  const { peer, runWith } = await meet(t, local, (_heard, response) => json(response, { csr: 'none' }));
  const run = runWith({ tlsRootsPem: ca.rootPem });
  for (const wish of [
    { names: ['a.test'], rsaBits: null },
    { names: [long, 'a.test', 'b.test'], rsaBits: 4096 as const },
    { names: [long], rsaBits: null },
  ])
    await t.rejects(vos.makeCsr(run, wish), {
      code: 'INSTALL_FAILED',
      message: /answered without a certificate request/,
    });
  const always = { service: 'tomcat', distribution: 'this-server', hashAlgorithm: 'sha256' };
  t.same(
    peer.heard.map(({ call, body }) => [call, JSON.parse(body)]),
    [
      { ...always, commonName: 'a.test' },
      { ...always, commonName: 'a.test', altNames: [long, 'b.test'], keyType: 'rsa', keyLength: 4096 },
      { ...always, commonName: long },
    ].map((body) => ['POST /platformcom/api/v1/certmgr/config/csr', body]),
  );
});

t.test('shows what the machine says in its own words, and follows no redirect', async (t) => {
  const cases: [answer: (response: ServerResponse) => void, message: string | RegExp][] = [
    [(response) => response.writeHead(302, { location: 'https://elsewhere.test/' }).end(), /a redirect \(302\), which/],
    [(response) => response.end('<html>Welcome</html>'), 'localhost answered with something else than JSON.'],
    [(response) => json(response, { error: 'No\nrow' }, 500), 'localhost did not tell its certificates (500: No row).'],
    [(response) => json(response, { messages: ['a.', { message: 'b' }] }, 400), /certificates \(400: a\. b\)\.$/],
    [(response) => json(response, null, 418), /certificates \(418\)\.$/],
    [
      (response) => response.writeHead(500).end('<style>b {}</style><h1>HTTP Status 500</h1><p>Internal</p>'),
      /\(500: HTTP Status 500 Internal\)\.$/,
    ],
    [
      (response) => json(response, { message: 'Not Found' }, 404),
      'localhost has no such certificate interface, which came with release 14 (404: Not Found).',
    ],
    [(response) => response.end('x'.repeat(9 << 20)), 'The appliance answered with more than anybody could use.'],
  ];
  let answer: (response: ServerResponse) => void = () => undefined;
  const { peer, runWith } = await meet(t, local, (_heard, response) => answer(response));
  for (const [next, message] of cases) {
    answer = next;
    await t.rejects(vos.checkInstall(runWith({ tlsRootsPem: ca.rootPem })), { code: 'INSTALL_FAILED', message });
  }
  t.equal(peer.heard.length, cases.length);
  await peer.quiet();
});

/** An appliance that answers an upload as told; `csr` is what it holds as its pending request. */
const refusing = (answer: (response: ServerResponse) => void, csr: unknown, conflict = false): Behaviour => {
  const { cert } = other;
  return ({ call }, response) => {
    if (call.endsWith('/identity/certificates')) return answer(response);
    if (call.includes('/trust/certificates')) return json(response, { message: 'Exists' }, conflict ? 409 : 201);
    if (call.includes('/trust/certificate?')) return json(response, []);
    if (call.includes('/csr?')) return json(response, { csr }, csr === null ? 404 : 200);
    json(response, { certificate: cert });
  };
};

t.test('tells a stale request from other failures by the request itself', async (t) => {
  const leafPem = local.cert.slice(0, local.cert.indexOf('-----END') + 26);
  const spki = new X509Certificate(leafPem).publicKey.export({ type: 'spki', format: 'der' });
  const csrOf = (der: Buffer) =>
    `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
  const ours = csrOf(Buffer.concat([Buffer.from('head'), spki, Buffer.from('tail')]));
  const broken = (response: ServerResponse) => json(response, { message: 'It broke' }, 500);
  const cases: [csr: unknown, code: string, message: RegExp][] = [
    [ours, 'INSTALL_FAILED', /did not take the certificate \(500: It broke\)/],
    [csrOf(Buffer.from('another')), 'INSTALL_STALE_CSR', /no longer holds the request .* \(500: It broke\)/],
    [null, 'INSTALL_STALE_CSR', /no longer holds the request/],
  ];
  for (const [csr, code, message] of cases) {
    const { runWith } = await meet(t, local, refusing(broken, csr, csr === null));
    const run = installRun(runWith({ tlsRootsPem: ca.rootPem }), {
      ...{ leafPem, chainPems: [ca.intermediatePem], rootPems: [ca.rootPem] },
    });
    await t.rejects(vos.installCertificate(run), { code, message });
  }
});

t.test('gives up after three uploads whose answers were lost', async (t) => {
  const cut = (response: ServerResponse) => void response.socket?.destroy();
  const { peer, runWith } = await meet(t, local, refusing(cut, null));
  const issued = { leafPem: local.cert, chainPems: [ca.intermediatePem], rootPems: [] };
  await t.rejects(vos.installCertificate(installRun(runWith({ tlsRootsPem: ca.rootPem }), issued)), {
    code: 'INSTALL_UNREACHABLE',
    message: /^The connection to localhost was lost before the answer to POST \S+\/identity\/certificates\.$/,
  });
  const uploads = peer.heard.filter(({ call }) => call.endsWith('/identity/certificates'));
  t.equal(uploads.length, 3);
  const { certificates } = JSON.parse(uploads[0]?.body ?? '') as { certificates: string[] };
  t.equal(certificates.length, 2, 'leaf and intermediate');
});

t.test('says how far it came where no TLS can be had', async (t) => {
  const { runWith } = await meet(t);
  const silent = await startTcp(() => undefined);
  const plain = await startTcp((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const closing = await startTcp((socket) => void socket.destroy());
  for (const server of [silent, plain, closing]) t.teardown(() => server.stop());
  const hurried = certificate(worldOf({ connectTimeoutMs: 200 }));
  const cases: [certmgrPort: number, message: RegExp][] = [
    [silent.port, /^localhost ended no TLS handshake on port \d+ in time\.$/],
    [plain.port, /^What answers on port \d+ of localhost ends no TLS handshake \(\w+\)\.$/],
    [closing.port, /^localhost (?:broke|closed) the connection/],
  ];
  for (const [certmgrPort, message] of cases)
    await t.rejects(hurried.checkInstall(runWith({ certmgrPort })), { code: 'INSTALL_UNREACHABLE', message });
  const nowhere = targetOf({ hostname: 'nowhere.invalid' });
  await t.rejects(vos.checkInstall(runWith({}, { connection: nowhere })), {
    code: 'INSTALL_UNREACHABLE',
    message: /nowhere\.invalid/,
  });
});
