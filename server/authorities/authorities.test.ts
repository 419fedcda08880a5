/** The routes of CAs: who may use them, what they take, what they say, and what they never say. */
import { randomBytes } from 'node:crypto';
import t, { type Test } from 'tap';
import type { AuditRow } from '../audit/row.js';
import { makeAudit } from '../audit/audit.js';
import { startPebble } from '../../tests/peers/pebble.js';
import { reachAuthority } from '../acme/authority.js';
import { frontDesk, type Answer, type FrontDesk } from '../connections/testing/front-desk.js';
import { shapes } from '../documents/shapes/shapes.js';
import { shapeCheck } from '../documents/testing/strict.js';
import { accountOf, forgetAccount } from './accounts.js';
import type { CertificateAuthority } from './contract.js';
import { authorities } from './plugin.js';
import { rootPem } from './testing/root.js';
import { scriptedCa, type ScriptedCa } from './testing/scripted-ca.js';

const check = shapeCheck({ components: { schemas: shapes } });
const PATH = '/certificate-authorities';
const OWN = { name: 'Own', directoryUrl: 'https://ca.example/directory' };

interface Office extends FrontDesk {
  ca: ScriptedCa;
  admin(method: string, url: string, payload?: object): Promise<Answer>;
}

async function office(t: Test): Promise<Office> {
  const desk = await frontDesk(t);
  const { knex, vault, directory, server } = desk;
  const ca = scriptedCa();
  const options = { knex, vault, access: directory, audit: makeAudit(knex), reach: ca.reach, termsTimeoutMs: 50 };
  await server.register({ plugin: authorities, options });
  return { ...desk, ca, admin: (method, url, payload) => desk.ask('admin', method, url, payload) };
}

const idOf = ({ body }: Answer) => Number(body['id']);
const listOf = async (desk: Office) =>
  (await desk.admin('GET', PATH)).body['certificateAuthorities'] as CertificateAuthority[];
const auditOf = (desk: Office) =>
  desk.knex<AuditRow>('audit_log').where('action', 'like', 'certificate%').orderBy('id');

t.test('lets only admins in', async (t) => {
  const desk = await office(t);
  const doors: [string, string, object?][] = [
    ['GET', PATH],
    ['POST', PATH, OWN],
    ['GET', `${PATH}/1`],
    ['PATCH', `${PATH}/1`, { name: 'x' }],
    ['DELETE', `${PATH}/1`],
    ['GET', `${PATH}/999`],
  ];
  for (const [method, url, payload] of doors) {
    for (const username of ['vera', 'mira'])
      t.match(await desk.ask(username, method, url, payload), { status: 403, body: { code: 'FORBIDDEN' } });
    t.match(await desk.ask(null, method, url, payload), { status: 401 });
  }
  t.same(await auditOf(desk), []);
  t.equal((await listOf(desk)).length, 2, 'nothing was changed');
});

t.test('adds a CA, shows it, changes it and removes it', async (t) => {
  const desk = await office(t);
  const root = await rootPem();
  const created = await desk.admin('POST', PATH, {
    ...{ ...OWN, directoryRootsPem: `# the root\r\n${root}`, contactEmails: ['ops@example.org'], termsAgreed: true },
    ...{ eabKeyId: 'kid-1', eabHmacKey: 'aG1hYy1jYW5hcnktMTIzNA' },
  });
  t.equal(created.status, 201);
  const path = `${PATH}/${idOf(created)}`;
  t.equal(created.headers['location'], path);
  const { id: _, createdAt, updatedAt, termsAgreedAt, ...rest } = created.body;
  t.strictSame(rest, {
    ...{ ...OWN, directoryRootsPem: root, issuedRootsPem: null, contactEmails: ['ops@example.org'] },
    ...{ eabKeyId: 'kid-1', hasEabHmacKey: true, termsAgreedBy: 'admin' },
    ...{ isDefault: false, builtIn: false, accountUrl: null },
  });
  for (const at of [createdAt, updatedAt, termsAgreedAt]) t.match(at, /^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/);

  desk.ca.meta = { termsOfService: 'https://ca.example/terms' };
  const seen = await desk.admin('GET', path);
  t.strictSame(seen.body, { ...created.body, termsOfService: 'https://ca.example/terms' });
  t.strictSame(desk.ca.directories.at(-1), { url: OWN.directoryUrl, rootsPem: root });
  const changed = await desk.admin('PATCH', path, {
    name: 'Ours',
    isDefault: true,
    issuedRootsPem: root,
    directoryRootsPem: null,
  });
  t.match(changed.body, { name: 'Ours', isDefault: true, issuedRootsPem: root, directoryRootsPem: null });
  t.same(
    (await listOf(desk)).map(({ name, isDefault }) => [name, isDefault]),
    [
      ['Ours', true],
      ['Let’s Encrypt', false],
      ['Let’s Encrypt (staging)', false],
    ],
  );
  t.equal(check.problem(shapes.CertificateAuthorities, (await desk.admin('GET', PATH)).body), null);
  for (const answer of [created, seen, changed]) t.equal(check.problem(shapes.CertificateAuthority, answer.body), null);

  t.match(await desk.admin('DELETE', path), { status: 409, body: { code: 'AUTHORITY_IS_DEFAULT' } });
  const [staging] = (await listOf(desk)).filter(({ name }) => name.includes('staging'));
  await desk.admin('PATCH', `${PATH}/${staging?.id}`, { isDefault: true });
  t.equal((await desk.admin('DELETE', path)).status, 204);
  for (const [method, payload] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as const)
    t.match(await desk.admin(method, path, payload), { status: 404, body: { code: 'NOT_FOUND' } });
});

t.test('keeps what is built in, in use, or has the name already', async (t) => {
  const desk = await office(t);
  const [staging] = await listOf(desk);
  const builtIn = `${PATH}/${staging?.id}`;
  t.match(await desk.admin('DELETE', builtIn), { status: 409, body: { code: 'AUTHORITY_BUILT_IN' } });
  t.match(await desk.admin('PATCH', builtIn, { directoryUrl: OWN.directoryUrl }), {
    ...{ status: 409, body: { code: 'AUTHORITY_BUILT_IN', detail: 'A built-in CA keeps its directory.' } },
  });
  const same = { directoryUrl: staging?.directoryUrl, termsAgreed: true };
  t.match(await desk.admin('PATCH', builtIn, same), { status: 200, body: { termsAgreedBy: 'admin' } });

  const own = await desk.admin('POST', PATH, OWN);
  t.match(await desk.admin('POST', PATH, OWN), { status: 409, body: { code: 'AUTHORITY_NAME_TAKEN' } });
  t.match(await desk.admin('PATCH', builtIn, { name: 'Own' }), { status: 409, body: { code: 'AUTHORITY_NAME_TAKEN' } });
  t.equal((await desk.admin('PATCH', `${PATH}/${idOf(own)}`, { name: 'Own' })).status, 200, 'it may keep its own name');
  const connection = await desk.admin('POST', '/connections', {
    ...{ name: 'web', platform: 'linux', hostname: 'web.example', username: 'root' },
  });
  const certificate = JSON.stringify({ authorityId: idOf(own) });
  await desk
    .knex('connections')
    .where({ id: idOf(connection) })
    .update({ certificate });
  t.match(await desk.admin('DELETE', `${PATH}/${idOf(own)}`), { status: 409, body: { code: 'AUTHORITY_IN_USE' } });
  const refused = (await auditOf(desk)).filter(({ outcome }) => outcome === 'refused');
  t.same(
    refused.map(({ action, detail }) => [action, (JSON.parse(detail ?? '{}') as { code: string }).code]),
    [
      ['certificate_authority.delete', 'AUTHORITY_BUILT_IN'],
      ['certificate_authority.delete', 'AUTHORITY_IN_USE'],
    ],
  );
});

t.test('refuses what is not of the form, by the field’s name and never by its value', async (t) => {
  const desk = await office(t);
  const CANARY = 'canary-8d1f';
  const root = await rootPem();
  const key = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(CANARY).toString('base64')}\n-----END PRIVATE KEY-----\n`;
  const cases: [string, object][] = [
    ['/name', { name: '' }],
    ['/name', { name: `${CANARY}\u202e` }],
    ['/directoryUrl', { directoryUrl: `http://${CANARY}.example/` }],
    ['/directoryUrl', { directoryUrl: `https://user:${CANARY}@ca.example/` }],
    ['/directoryUrl', { directoryUrl: `https://ca.example/#${CANARY}` }],
    ['/directoryUrl', { directoryUrl: CANARY }],
    ['/directoryRootsPem', { directoryRootsPem: CANARY }],
    ['/directoryRootsPem', { directoryRootsPem: root + key }],
    ['/directoryRootsPem', { directoryRootsPem: root.repeat(21) }],
    ['/issuedRootsPem', { issuedRootsPem: key }],
    ['/issuedRootsPem', { issuedRootsPem: root.replace(/^MII.{8}/m, 'MIIAAAAAAAA') }],
    ['/issuedRootsPem', { issuedRootsPem: `${root}${' '.repeat(33_000)}` }],
    ['/contactEmails/0', { contactEmails: [CANARY] }],
    ['/contactEmails/0', { contactEmails: [`a?bcc=${CANARY}@example.org`] }],
    ['/contactEmails/1', { contactEmails: [`${CANARY}@example.org`, `${CANARY}@example.org`] }],
    ['/eabHmacKey', { eabKeyId: 'kid', eabHmacKey: `${CANARY} with spaces` }],
    ['/eabHmacKey', { eabKeyId: CANARY }],
    ['/eabKeyId', { eabHmacKey: `${CANARY}-${CANARY}` }],
    ['/termsAgreed', { termsAgreed: CANARY }],
    ['/isDefault', { isDefault: false }],
    ['/accountUrl', { accountUrl: CANARY }],
  ];
  const own = `${PATH}/${idOf(await desk.admin('POST', PATH, OWN))}`;
  const before = await desk.admin('GET', own);
  for (const [pointer, payload] of cases) {
    for (const answer of [
      await desk.admin('POST', PATH, { ...OWN, name: 'New', ...payload }),
      await desk.admin('PATCH', own, payload),
    ]) {
      t.match(answer, { status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ pointer }] } }, pointer);
      t.notMatch(answer.text, CANARY, `${pointer} does not come back`);
    }
  }
  for (const payload of [{ name: 'New' }, { directoryUrl: OWN.directoryUrl }, {}])
    t.match(await desk.admin('POST', PATH, payload), { status: 400 });
  t.match(await desk.admin('PATCH', own, {}), { status: 400 });
  t.match(await desk.admin('GET', `${PATH}/0`), { status: 400 });
  t.same((await desk.admin('GET', own)).body, before.body, 'and nothing of it was kept');
  t.equal((await listOf(desk)).length, 3);
});

t.test('takes an external account binding as a whole', async (t) => {
  const desk = await office(t);
  const path = `${PATH}/${idOf(await desk.admin('POST', PATH, OWN))}`;
  const binding = { eabKeyId: 'kid-1', eabHmacKey: 'aG1hYy1jYW5hcnktMTIzNA' };
  t.match((await desk.admin('PATCH', path, binding)).body, { eabKeyId: 'kid-1', hasEabHmacKey: true });
  t.match((await desk.admin('PATCH', path, { eabKeyId: 'kid-2' })).body, { eabKeyId: 'kid-2', hasEabHmacKey: true });
  t.match(await desk.admin('PATCH', path, { eabHmacKey: null }), {
    ...{ status: 400, body: { detail: 'eabHmacKey must be there beside eabKeyId, or both must be null.' } },
  });
  t.match(await desk.admin('PATCH', path, { eabKeyId: null }), { status: 400 });
  const none = { eabKeyId: null, eabHmacKey: null };
  t.match((await desk.admin('PATCH', path, none)).body, { eabKeyId: null, hasEabHmacKey: false });
});

t.test('answers without the terms where the CA does not say them, and never with an unsafe link', async (t) => {
  const desk = await office(t);
  const [staging] = await listOf(desk);
  const terms = async (termsOfService: string | null) => {
    desk.ca.meta = { termsOfService };
    return (await desk.admin('GET', `${PATH}/${staging?.id}`)).body['termsOfService'];
  };
  t.equal(await terms('https://letsencrypt.org/terms'), 'https://letsencrypt.org/terms');
  t.equal(await terms(null), null);
  for (const unsafe of ['javascript:alert(1)', 'data:text/html,x', 'no link', `https://x.example/${'a'.repeat(2048)}`])
    t.equal(await terms(unsafe), null, unsafe.slice(0, 20));

  Object.defineProperty(desk.ca, 'meta', {
    get: () => {
      throw new Error('The CA is not there.');
    },
  });
  const answer = await desk.admin('GET', `${PATH}/${staging?.id}`);
  t.match(answer, { status: 200, body: { termsOfService: null, name: staging?.name } });
  t.match(desk.lines.join(''), /The CA is not there/, 'but the log says why');
});

t.test('writes down who changed what, and lets no secret out', async (t) => {
  const desk = await office(t);
  const secret = `hmac-${randomBytes(16).toString('hex')}`;
  const other = `hmac-${randomBytes(16).toString('hex')}`;
  const created = await desk.admin('POST', PATH, { ...OWN, eabKeyId: 'kid', eabHmacKey: secret, termsAgreed: true });
  const path = `${PATH}/${idOf(created)}`;
  await accountOf(desk.knex, desk.vault, desk.ca.reach, { id: idOf(created) }, { signal: AbortSignal.timeout(10_000) });
  const texts = [created.text];
  texts.push((await desk.admin('PATCH', path, { eabHmacKey: other })).text);
  for (const url of [PATH, path, '/audit']) texts.push((await desk.admin('GET', url)).text);
  texts.push((await desk.admin('PATCH', path, { eabHmacKey: [other] })).text);
  await desk.admin('DELETE', path);
  const rows = await auditOf(desk);
  t.match(rows, [
    {
      action: 'certificate_authority.create',
      actor: 'admin',
      target: `certificate_authority:${idOf(created)}`,
      outcome: 'ok',
    },
    { action: 'certificate_authority.update', outcome: 'ok' },
    { action: 'certificate_authority.delete', outcome: 'ok' },
  ]);
  t.same(JSON.parse(rows[1]?.detail ?? ''), { name: 'Own', changed: ['eabHmacKey'] });
  const registered = desk.ca.registrations[0];
  t.equal(registered?.externalAccount?.hmacKey, secret, 'the secret was really in use');
  const keyLine = registered?.accountKeyPem.split('\n')[1] ?? 'no key';
  const all = [...texts, JSON.stringify(rows), ...desk.lines].join('\n');
  t.ok(all.length > 2000);
  for (const canary of [secret, other, keyLine]) t.notOk(all.includes(canary));
  const stored = JSON.stringify(await desk.knex('certificate_authorities').select('*'));
  for (const canary of [secret, other, keyLine]) t.notOk(stored.includes(canary), 'nor does the database hold it');
});

t.test('has one account at a real CA, bound to the external one, and another one where that is gone', async (t) => {
  const hmac = randomBytes(32).toString('base64url');
  const pebble = await startPebble({ eab: { 'kid-1': hmac } });
  t.teardown(() => pebble.stop());
  const desk = await office(t);
  const { knex, vault } = desk;
  const created = await desk.admin('POST', PATH, {
    ...{ name: 'Pebble', directoryUrl: pebble.directoryUrl, directoryRootsPem: pebble.rootPem, termsAgreed: true },
    ...{ contactEmails: ['ops@example.org'], eabKeyId: 'kid-1', eabHmacKey: randomBytes(32).toString('base64url') },
  });
  t.equal(created.status, 201);
  const [path, authority] = [`${PATH}/${idOf(created)}`, { id: idOf(created) }];
  const account = () => accountOf(knex, vault, reachAuthority, authority, { signal: AbortSignal.timeout(30_000) });
  await t.rejects(account(), { code: 'CA_EAB_REFUSED' }, 'with a wrong HMAC key');
  t.equal((await desk.admin('PATCH', path, { eabHmacKey: hmac })).status, 200);
  const accounts = await Promise.all([account(), account(), account()]);
  t.equal(new Set(accounts.map(({ url }) => url)).size, 1);
  const order = { names: ['a.example'], profile: null, replaces: null };
  t.match(await (await account()).newOrder(order), { status: 'pending', names: ['a.example'] });

  const gone = `${accounts[0]?.url}0000`;
  await knex('certificate_authorities').where(authority).update({ account_url: gone });
  await t.rejects((await account()).newOrder(order), { code: 'CA_ACCOUNT_GONE' });
  await forgetAccount(knex, authority, gone);
  const next = await account();
  t.match(await next.newOrder(order), { status: 'pending' });
  t.equal((await desk.admin('GET', path)).body['accountUrl'], next.url);
});
