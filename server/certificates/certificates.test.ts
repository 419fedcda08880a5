import { randomBytes, randomUUID } from 'node:crypto';
import t from 'tap';
import { openDatabase } from '../../db/knexfile.js';
import { AcmeFront } from '../../tests/peers/acme-front.js';
import { startPebble } from '../../tests/peers/pebble.js';
import { freePort } from '../../tests/peers/ports.js';
import { shapes } from '../documents/shapes/shapes.js';
import { shapeCheck } from '../documents/testing/strict.js';
import { targetOf } from '../../tests/peers/ssh-target.js';
import type { CertificateSettings, CertificateView, PlacedChallenge } from './contract.js';
import { endpointName, wantedEndpoints } from './endpoints.js';
import { certificateHouse, enterCa, issue, next, otherNode, serve } from './testing/certificate-desk.js';

const pebble = await startPebble({ alwaysValid: true });
t.teardown(() => pebble.stop());

const published = shapeCheck({ components: { schemas: shapes } });
const shapeProblem = (view: unknown) => published.problem({ $ref: '#/components/schemas/CertificateView' }, view);
const tokenOf = () => randomBytes(32).toString('base64url');
const WELL_KNOWN = '/.well-known/acme-challenge/';

t.test('answers an open http-01 challenge on every node, and nothing else', async (t) => {
  const house = await certificateHouse(t);
  const { knex, desk, server } = house;
  const { filename } = (knex.client as { connectionSettings: { filename: string } }).connectionSettings;
  const own = openDatabase({ databaseUrl: null, dataDir: filename.replace(/\/[^/]*$/, '') });
  t.teardown(() => own.destroy());
  const other = await otherNode(t, own, house);
  const note = (name: string, more: Partial<PlacedChallenge> = {}) =>
    desk.challenges.note({
      ...{ operationId: randomUUID(), connectionId: 1, certificateId: 1, kind: 'http-01', name, dnsCredentialId: null },
      ...{ value: `${name}.thumbprint`, ...more },
    });
  const [token, onHost, asRecord] = [tokenOf(), tokenOf(), tokenOf()];
  const placed = await note(token);
  await note(onHost, { kind: 'http-01-host' });
  await note(asRecord, { kind: 'dns-01' });

  for (const node of [server, other]) {
    const answer = await node.inject(`${WELL_KNOWN}${token}`);
    t.match(answer, { statusCode: 200, payload: `${token}.thumbprint` });
    t.match(answer.headers, { 'content-type': /^text\/plain/, 'cache-control': 'no-store' });
    t.equal((await node.inject({ method: 'HEAD', url: `${WELL_KNOWN}${token}` })).statusCode, 200);
  }
  await desk.challenges.removed(placed.id);
  const nothings = [token, onHost, asRecord, tokenOf(), token.toUpperCase()];
  for (const node of [server, other])
    for (const name of nothings) {
      const { statusCode, payload } = await node.inject(`${WELL_KNOWN}${name}`);
      t.equal(statusCode, 404);
      t.notMatch(payload, /thumbprint/);
    }

  let queries = 0;
  knex.on('query', () => (queries += 1));
  await note('..');
  const odd = [
    '',
    'short',
    '..',
    '%2e%2e',
    "' or 1=1 --",
    'x'.repeat(129),
    `${token}=`,
    `${token}/x`,
    '%00'.repeat(22),
  ];
  const before = queries;
  for (const name of odd) t.equal((await server.inject(`${WELL_KNOWN}${encodeURI(name)}`)).statusCode, 404, name);
  t.equal(queries, before, 'what is no token costs no query');
  t.equal((await server.inject(`${WELL_KNOWN}${tokenOf()}`)).statusCode, 404);
  t.equal(queries, before + 1, 'and an unknown one a single one');
  t.equal((await server.inject({ method: 'POST', url: `${WELL_KNOWN}${token}` })).statusCode, 404);
});

t.test('shows the certificate of a connection to whoever may see it', async (t) => {
  const house = await certificateHouse(t);
  const { ask, desk, knex } = house;
  const id = await house.connect({ names: ['web.example'] });
  await house.grant(id, 'vera', 'viewer');
  const path = `/connections/${id}/certificate`;
  const empty = await ask('mira', 'GET', path);
  t.equal(empty.status, 200);
  t.match(empty.body, { connectionId: id, settings: { names: ['web.example'] }, served: [], stored: [], next });

  const authority = await enterCa(house, pebble);
  const plan = { connectionId: id, authorityId: authority.id, names: ['web.example'], replaces: null };
  for (let count = 0; count < 22; count += 1)
    await desk.store.plan({ ...plan, operationId: randomUUID(), keyBy: 'signalbox' });
  const stored = await desk.store.ofConnection(id);
  await desk.store.change(stored[0]?.id ?? 0, { keyPem: 'canary-key', csrPem: 'canary-csr' });
  for (const name of ['admin', 'mira', 'vera']) {
    const { status, body, text } = await ask(name, 'GET', path);
    t.equal(status, 200, name);
    const view = body as unknown as CertificateView;
    t.strictSame(
      view.stored.map((one) => one.id),
      stored.slice(0, 20).map((one) => one.id),
      'the newest 20',
    );
    t.notMatch(text, /canary|key_sealed|csrPem|v1\./);
    t.equal(shapeProblem(body), null);
  }
  t.equal((await ask(null, 'GET', path)).status, 401);
  for (const suffix of ['', '/look', '/revoke']) {
    const [method, payload] = suffix === '' ? ['GET'] : ['POST', suffix === '/look' ? {} : { certificateId: 1 }];
    t.match(await ask('stranger', method ?? '', path + suffix, payload as object), { status: 404 }, suffix);
    t.match(await ask('admin', method ?? '', `/connections/999999/certificate${suffix}`, payload as object), {
      status: 404,
    });
  }
  t.match(await ask('vera', 'POST', `${path}/look`), { status: 403 });
  t.match(await ask('vera', 'POST', `${path}/revoke`, { certificateId: 1 }), { status: 403 });
  t.match(await ask('mira', 'POST', `${path}/revoke`, { certificateId: 1 }), {
    status: 403,
    body: { code: 'FORBIDDEN' },
  });

  await knex('connections').where({ id }).update({ certificate: null });
  t.match((await ask('mira', 'GET', path)).body, { settings: null, served: [] });
  t.match(await ask('mira', 'POST', `${path}/look`), { status: 200, body: { served: [] } });
});

t.test('looks at each endpoint now and keeps what it saw', async (t) => {
  const house = await certificateHouse(t);
  const { ask, knex, desk } = house;
  const authority = await enterCa(house, pebble);
  const [first, second] = [await house.connect({ names: [] }), await house.connect({ names: [] })];
  const { certificate, keyPem } = await issue(house, authority, first, ['web.example', '*.web.example']);
  const port = await serve(t, keyPem, certificate.chainPem ?? '');
  const closed = await freePort();
  const at = (number: number) => ({ host: null, port: number, servername: null });
  const settings = {
    ...{ names: ['web.example', 'mail.example'], authorityId: authority.id },
    endpoints: [at(closed), at(port)],
  };
  await knex('connections')
    .where({ id: first })
    .update({ certificate: JSON.stringify(settings) });
  const { status, body } = await ask('mira', 'POST', `/connections/${first}/certificate/look`);
  t.equal(status, 200);
  const { served } = body as unknown as CertificateView;
  t.match(served, [
    { endpoint: `127.0.0.1:${closed}`, certificate: null, failure: /refused.*\.$/ },
    {
      endpoint: `127.0.0.1:${port}`,
      failure: null,
      certificate: {
        ...{ serialNumber: certificate.serialNumber, trusted: true, missingNames: ['mail.example'] },
        ...{ endpoint: `127.0.0.1:${port}`, key: 'ECDSA P-256' },
      },
    },
  ]);
  const view = (await ask('mira', 'GET', `/connections/${first}/certificate`)).body as unknown as CertificateView;
  t.strictSame(view.served, served, 'it stays until the next look');
  t.equal(shapeProblem(view), null);
  t.type(shapeProblem({ ...view, keyPem: '' }), 'string');
  t.match((await ask('mira', 'GET', `/connections/${second}/certificate`)).body, { served: [] });

  const fewer = JSON.stringify({ ...settings, endpoints: [at(port)] });
  await knex('connections').where({ id: first }).update({ certificate: fewer });
  const after = (await ask('mira', 'GET', `/connections/${first}/certificate`)).body as unknown as CertificateView;
  t.strictSame(after.served, served.slice(1), 'an endpoint that is wanted no longer is left out');

  const { lookAtAll } = house.server.plugins['signalbox-certificates'];
  t.match(await lookAtAll(first, AbortSignal.timeout(20_000)), [{ failure: null }]);
  t.strictSame(await lookAtAll(999_999, AbortSignal.timeout(20_000)), []);
  const kept = await knex('served_certificates').select();
  await t.rejects(lookAtAll(first, AbortSignal.abort()), { name: 'AbortError' });
  t.strictSame(await knex('served_certificates').select(), kept, 'one that was called off keeps nothing');
  t.ok(await desk.ariId(certificate.chainPem ?? ''));
});

t.test('revokes a certificate at its CA, as an admin', async (t) => {
  const house = await certificateHouse(t);
  const { ask, desk, knex } = house;
  const front = await AcmeFront.start(pebble);
  t.teardown(() => front.stop());
  const authority = await enterCa(house, pebble, front.directoryUrl);
  const [id, other] = [await house.connect({ names: ['web.example'] }), await house.connect({ names: [] })];
  const { certificate, keyPem } = await issue(house, authority, id, ['web.example']);
  const path = `/connections/${id}/certificate/revoke`;
  const certificateId = certificate.id;
  const serial = certificate.serialNumber ?? '';
  t.equal(await pebble.revokedStatus(serial), 'Valid');
  t.match(await ask('admin', 'POST', `/connections/${other}/certificate/revoke`, { certificateId }), { status: 404 });
  t.match(await ask('admin', 'POST', path, { certificateId, reason: 'boredom' }), { status: 400 });
  t.strictSame(front.seen('revoke'), [], 'nothing was sent');

  const revoked = await ask('admin', 'POST', path, { certificateId, reason: 'keyCompromise' });
  t.match(revoked, { status: 200, body: { stored: [{ id: certificateId, status: 'revoked', serialNumber: serial }] } });
  t.equal(await pebble.revokedStatus(serial), 'Revoked');
  t.match(front.seen('revoke'), [{ payload: { reason: 1 } }]);
  t.match(await ask('admin', 'POST', path, { certificateId }), { status: 409, body: { code: 'CERTIFICATE_REVOKED' } });

  await knex('certificates').where({ id: certificateId }).update({ status: 'served' });
  t.match(
    await ask('admin', 'POST', path, { certificateId }),
    { status: 200 },
    'the CA had done it: an answer was lost',
  );
  t.equal((await desk.store.find(certificateId))?.status, 'revoked');

  const plan = { connectionId: id, authorityId: authority.id, operationId: randomUUID(), names: ['web.example'] };
  const planned = await desk.store.plan({ ...plan, keyBy: 'device', replaces: null });
  t.match(await ask('admin', 'POST', path, { certificateId: planned.id }), {
    ...{ status: 409, body: { code: 'CERTIFICATE_NOT_ISSUED' } },
  });
  const rows = await knex('audit_log').where({ action: 'certificate.revoke' }).orderBy('id');
  t.strictSame(
    rows.map(({ actor, target, outcome }) => `${actor} ${target} ${outcome}`),
    ['ok', 'refused', 'ok', 'refused'].map((outcome) => `admin connection:${id} ${outcome}`),
  );
  t.strictSame(JSON.parse(rows[0].detail), { certificateId, serialNumber: serial, reason: 'keyCompromise' });
  t.strictSame(JSON.parse(rows[3].detail).code, 'CERTIFICATE_NOT_ISSUED');
  const everything = JSON.stringify(rows) + revoked.text + house.lines.join();
  t.notOk(everything.includes(keyPem.split('\n')[1] ?? ''), 'and its key is nowhere');
});

t.test('says in the CA’s own words why it did not revoke', async (t) => {
  const house = await certificateHouse(t);
  const { ask, desk, knex } = house;
  const authority = await enterCa(house, pebble);
  const id = await house.connect({ names: ['web.example'] });
  const { certificate } = await issue(house, authority, id, ['web.example']);
  const revoke = () => ask('admin', 'POST', `/connections/${id}/certificate/revoke`, { certificateId: certificate.id });
  const ca = () => knex('certificate_authorities').where({ id: authority.id });
  const before = await ca().first();

  await ca().update({ terms_agreed_at: null });
  t.match(await revoke(), {
    status: 502,
    body: { code: 'CA_REFUSED', caCode: 'CA_TERMS_NOT_AGREED', detail: /terms/ },
  });
  await ca().update({
    terms_agreed_at: before.terms_agreed_at,
    directory_url: `https://127.0.0.1:${await freePort()}/`,
  });
  t.match(await revoke(), { status: 502, body: { caCode: 'CA_UNREACHABLE', hint: String } });

  await ca().update({ directory_url: before.directory_url, account_url: `${before.account_url}0` });
  t.match(await revoke(), { status: 502, body: { caCode: 'CA_ACCOUNT_GONE' } });
  t.match(await ca().first(), { account_url: null, account_key_sealed: null }, 'an account that is gone is forgotten');
  const answer = await revoke();
  t.match(answer, { status: 502, body: { code: 'CA_REFUSED' } }, 'another account did not order it');
  t.not(answer.body['caCode'], 'CA_ACCOUNT_GONE');
  t.ok((await ca().first()).account_url, 'though a new one was registered');
  t.equal((await desk.store.find(certificate.id))?.status, 'issued');
  t.equal(await pebble.revokedStatus(certificate.serialNumber ?? ''), 'Valid');
  const outcomes = await knex('audit_log').where({ action: 'certificate.revoke' }).pluck('outcome');
  t.strictSame(outcomes, ['failed', 'failed', 'failed', 'failed']);
});

t.test('fills the gaps of an endpoint', async (t) => {
  const wanted = (names: string[], hostname: string, host: string | null = null, servername: string | null = null) => {
    const certificate = { names, endpoints: [{ host, port: 8443, servername }] } as unknown as CertificateSettings;
    return wantedEndpoints(targetOf({ hostname, certificate }), [443])[0];
  };
  t.strictSame(wanted(['*.b.example', 'a.example'], 'host.example'), {
    ...{ endpoint: 'host.example:8443', host: 'host.example', port: 8443, servername: 'a.example' },
  });
  t.match(wanted(['a.example'], 'host.example', '::1', 'b.example'), {
    ...{ endpoint: '[::1]:8443', host: '::1', servername: 'b.example' },
  });
  t.match(wanted(['*.b.example'], 'host.b.example'), { servername: 'host.b.example' });
  t.match(wanted(['*.b.example'], '192.0.2.1'), { servername: 'www.b.example' });
  t.strictSame(
    wantedEndpoints(targetOf({ hostname: '192.0.2.1' }), [443]),
    [{ endpoint: '192.0.2.1:443', host: '192.0.2.1', port: 443, servername: '' }],
    'the ports of the platform where no certificate is wanted',
  );
  t.equal(endpointName('a.example', 443), 'a.example:443');
});

t.test('sweeps through its own door', async (t) => {
  const house = await certificateHouse(t);
  const { sweep } = house.server.plugins['signalbox-certificates'];
  const left = { operationId: randomUUID(), connectionId: 1, certificateId: 1, dnsCredentialId: 77 };
  await house.desk.challenges.note({ ...left, kind: 'dns-01', name: '_acme-challenge.web.example', value: 'x' });
  await house.desk.challenges.note({ ...left, kind: 'http-01', name: tokenOf(), value: 'y' });
  t.equal(await sweep(AbortSignal.timeout(20_000)), 1);
  const line = house.lines.map((text) => JSON.parse(text)).find(({ again }) => again !== undefined);
  t.match(line, {
    level: 'warn',
    connectionId: 1,
    kind: 'dns-01',
    again: 'never',
    name: '_acme-challenge.web.example',
  });
});
