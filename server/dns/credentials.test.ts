/** DNS credentials: what the databases keep of them, who may use their routes, and what never comes out again. */
import { randomBytes } from 'node:crypto';
import Joi from 'joi';
import t, { type Test } from 'tap';
import { openDatabase } from '../../db/knexfile.js';
import { bothDatabases, seedConnections } from '../../tests/peers/databases.js';
import { makeAudit } from '../audit/audit.js';
import type { AuditRow } from '../audit/row.js';
import { assertReferences } from '../certificates/settings-references.js';
import { frontDesk, type Answer, type FrontDesk } from '../connections/testing/front-desk.js';
import { shapes } from '../documents/shapes/shapes.js';
import { shapeCheck } from '../documents/testing/strict.js';
import { Vault } from '../keys/vault.js';
import type { JsonObject } from '../operations/contract.js';
import type { CheckedDnsProvider, DnsProvider } from './contract.js';
import { dnsCredentials } from './credential-plugin.js';
import {
  changeCredential,
  createCredential,
  findCredential,
  listCredentials,
  openCredential,
  removeCredential,
} from './credential-store.js';
import { DnsError } from './errors.js';
import { DnsRegistry } from './registry.js';

const onBoth = await bothDatabases(t);

const PATH = '/dns-credentials';
const check = shapeCheck({ components: { schemas: shapes } });
const vault = new Vault([{ id: 'k1', key: randomBytes(32) }]);
const split = { shown: { server: '192.0.2.1' }, secrets: { token: 'the-token' } };

type Check = CheckedDnsProvider['check'];

/** A provider as a plugin brings one; what it does in a check is the test's own. */
function scripted(name: string, run: Check = () => Promise.resolve(), more: Partial<DnsProvider> = {}): DnsProvider {
  return {
    name,
    title: name,
    settings: Joi.object({
      server: Joi.string()
        .pattern(/^[a-z0-9.]+$/)
        .required()
        .description('Where it is.'),
      ttl: Joi.number().integer().min(1).default(60).description('How long.'),
      token: Joi.string().min(4).required().description('The secret.'),
      spare: Joi.string().allow('', null).default(null).description('Another secret.'),
    }),
    secrets: ['token', 'spare'],
    place: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    check: run,
    ...more,
  };
}

function registryOf(...providers: DnsProvider[]): DnsRegistry {
  const registry = new DnsRegistry();
  for (const provider of providers) registry.add(provider);
  return registry;
}

await onBoth('seals the secrets of a credential together, each for its own row', async (t, { knex }) => {
  const providers = registryOf(scripted('one'));
  const stored = await createCredential(knex, vault, { name: 'Zone', provider: 'one', split });
  const id = stored?.id ?? 0;
  t.match(stored, { name: 'Zone', provider: 'one', settings: split.shown, storedSecrets: ['token'] });
  t.equal(await createCredential(knex, vault, { name: 'Zone', provider: 'one', split }), null, 'the name is taken');
  t.notMatch(JSON.stringify(await knex('dns_credentials').select('*')), 'the-token');

  const opened = await openCredential(knex, vault, providers, id);
  t.strictSame(
    [opened.name, opened.provider.name, opened.settings],
    ['Zone', 'one', { server: '192.0.2.1', ttl: 60, token: 'the-token', spare: null }],
  );
  const twin = await createCredential(knex, vault, { name: 'Twin', provider: 'one', split });
  const row = await knex('dns_credentials').where({ id }).first('secrets_sealed');
  await knex('dns_credentials')
    .where({ id: twin?.id ?? 0 })
    .update(row);
  const moved = openCredential(knex, vault, providers, twin?.id ?? 0);
  await t.rejects(moved, { code: 'OP_CREDENTIALS_SEALED', cause: { name: 'VaultError' } }, 'moved to another row');
  t.same(
    (await listCredentials(knex)).map(({ name }) => name),
    ['Twin', 'Zone'],
  );

  await t.rejects(openCredential(knex, vault, providers, 999_999), { code: 'DNS_CREDENTIAL_UNKNOWN' });
  await t.rejects(openCredential(knex, vault, registryOf(), id), { code: 'DNS_PROVIDER_UNKNOWN', message: / one\.$/ });
  const stricter = scripted('one', undefined, {
    secrets: [],
    settings: Joi.object({ zone: Joi.string().required().description('The zone.') }),
  });
  const unfit = openCredential(knex, vault, registryOf(stricter), id);
  await t.rejects(unfit, { code: 'DNS_CREDENTIAL_UNFIT', message: 'Zone no longer fits its provider.' });
});

await onBoth(
  'decides on a change by what is stored, and keeps nothing of one that is refused',
  async (t, { knex, settings }) => {
    const other = openDatabase(settings);
    t.teardown(() => other.destroy());
    const id = (await createCredential(knex, vault, { name: 'Zone', provider: 'one', split }))?.id ?? 0;
    const count = (node: typeof knex) =>
      changeCredential(node, vault, id, ({ settings: { ttl = 0 } }) => ({
        split: { ...split, shown: { ttl: Number(ttl) + 1 } },
      }));
    await Promise.all([knex, other, knex, other, knex].map(count));
    t.strictSame((await findCredential(knex, id))?.settings, { ttl: 5 }, 'each saw the one before');
    const before = await findCredential(knex, id);
    const refuse = () => {
      throw new Error('not this one');
    };
    await t.rejects(changeCredential(knex, vault, id, refuse), { message: 'not this one' });
    t.strictSame(await findCredential(knex, id), before);
    t.equal(await changeCredential(knex, vault, 999_999, () => ({ name: 'x' })), null);
    await knex('dns_credentials').where({ id }).update({ settings: 'not JSON' });
    t.match(await findCredential(knex, id), { settings: {}, storedSecrets: [], name: 'Zone' });
  },
);

await onBoth('never removes a credential that a connection begins to refer to', async (t, { knex, settings }) => {
  const other = openDatabase(settings);
  t.teardown(() => other.destroy());
  const [connectionId = 0] = await seedConnections(knex, 1);
  const refer = (id: number) =>
    other.transaction(async (trx) => {
      await trx('connections').where({ id: connectionId }).update({ certificate: null });
      await assertReferences(trx, { authorityId: null, dnsCredentialId: id });
      const certificate = JSON.stringify({ dnsCredentialId: id });
      await trx('connections').where({ id: connectionId }).update({ certificate });
    });
  for (let round = 0; round < 15; round += 1) {
    const id = (await createCredential(knex, vault, { name: `Zone ${round}`, provider: 'one', split }))?.id ?? 0;
    const referring = refer(id).then(
      () => true,
      () => false,
    );
    const [referred, removal] = await Promise.all([referring, removeCredential(knex, id)]);
    t.equal(removal, referred ? 'in_use' : 'removed', `round ${round}`);
  }
  t.equal(await removeCredential(knex, 999_999), 'missing');
});

interface Office extends FrontDesk {
  admin(method: string, url: string, payload?: object): Promise<Answer>;
  /** What the two providers were asked to check. */
  asked: { name: string; settings: JsonObject }[];
  /** What they do then. */
  during: Check;
}

async function office(t: Test): Promise<Office> {
  const desk = await frontDesk(t);
  const { knex, vault: ownVault, directory, server } = desk;
  const state: Pick<Office, 'asked' | 'during'> = { asked: [], during: () => Promise.resolve() };
  const run: Check = (run, name) => {
    state.asked.push({ name, settings: run.settings });
    return state.during(run, name);
  };
  const providers = registryOf(scripted('one', run), scripted('two', run, { followsCname: false }));
  const view = { target: (name: string) => Promise.resolve(`target.of.${name}`) };
  const options = { knex, vault: ownVault, access: directory, audit: makeAudit(knex), providers, view };
  await server.register({ plugin: dnsCredentials, options: { ...options, checkTimeoutMs: 200 } });
  return Object.assign(state, desk, {
    admin: (method: string, url: string, payload?: object) => desk.ask('admin', method, url, payload),
  });
}

const idOf = ({ body }: Answer) => Number(body['id']);
const add = (desk: Office, more: object = {}) =>
  desk.admin('POST', PATH, {
    ...{ name: 'Zone', provider: 'one', settings: { server: 'ns.example', token: 'first-token' } },
    ...more,
  });
const opened = async (desk: Office, path: string) => {
  await desk.admin('POST', `${path}/check`, { name: 'a.example' });
  return desk.asked.at(-1)?.settings;
};

t.test('lets only admins in', async (t) => {
  const desk = await office(t);
  const path = `${PATH}/${idOf(await add(desk))}`;
  const doors: [string, string, object?][] = [
    ['GET', PATH],
    ['POST', PATH, { name: 'x', provider: 'one', settings: {} }],
    ['GET', path],
    ['PATCH', path, { name: 'x' }],
    ['DELETE', path],
    ['POST', `${path}/check`, { name: 'a.example' }],
    ['GET', `${PATH}/999`],
  ];
  for (const [method, url, payload] of doors) {
    for (const username of ['vera', 'mira'])
      t.match(await desk.ask(username, method, url, payload), { status: 403, body: { code: 'FORBIDDEN' } });
    t.match(await desk.ask(null, method, url, payload), { status: 401 });
  }
  t.same(desk.asked, []);
  t.match((await desk.admin('GET', path)).body, { name: 'Zone' });
});

t.test('adds a credential, shows it without its secrets, changes it and removes it', async (t) => {
  const desk = await office(t);
  const created = await add(desk);
  t.equal(created.status, 201);
  const path = `${PATH}/${idOf(created)}`;
  t.equal(created.headers['location'], path);
  const { id: _, createdAt, updatedAt, ...rest } = created.body;
  t.strictSame(rest, {
    ...{ name: 'Zone', provider: 'one', settings: { server: 'ns.example', ttl: 60 } },
    ...{ storedSecrets: ['token'], usedBy: 0 },
  });
  for (const at of [createdAt, updatedAt]) t.match(at, /^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/);
  t.strictSame((await desk.admin('GET', path)).body, created.body);
  t.strictSame((await desk.admin('GET', PATH)).body, { dnsCredentials: [created.body] });
  t.equal(check.problem(shapes.DnsCredential, created.body), null);

  const renamed = await desk.admin('PATCH', path, { name: 'Other' });
  t.match(renamed.body, { name: 'Other', settings: { server: 'ns.example', ttl: 60 }, storedSecrets: ['token'] });
  const changed = await desk.admin('PATCH', path, { settings: { server: 'b.example', spare: 'spare-token' } });
  t.match(changed.body, { settings: { server: 'b.example', ttl: 60 }, storedSecrets: ['spare', 'token'] });
  t.strictSame(await opened(desk, path), { server: 'b.example', ttl: 60, token: 'first-token', spare: 'spare-token' });
  const again = await desk.admin('PATCH', path, {
    settings: { server: 'b.example', token: 'next-token', spare: null },
  });
  t.match(again.body, { storedSecrets: ['token'] });
  t.strictSame(await opened(desk, path), { server: 'b.example', ttl: 60, token: 'next-token', spare: null });

  t.match(await desk.admin('PATCH', path, { provider: 'two' }), { status: 400 }, 'another one takes no old settings');
  const moved = { provider: 'two', settings: { server: 'b.example' } };
  t.match(await desk.admin('PATCH', path, moved), {
    ...{ status: 400, body: { errors: [{ pointer: '/settings/token', message: 'token is required' }] } },
  });
  const whole = { provider: 'two', settings: { server: 'c.example', token: 'third-token' } };
  t.match((await desk.admin('PATCH', path, whole)).body, { provider: 'two', storedSecrets: ['token'] });

  const connection = await desk.admin('POST', '/connections', {
    ...{ name: 'web', platform: 'linux', hostname: 'web.example', username: 'root' },
  });
  const refer = (dnsCredentialId: number | null) =>
    desk
      .knex('connections')
      .where({ id: idOf(connection) })
      .update({ certificate: JSON.stringify({ dnsCredentialId }) });
  await refer(idOf(created));
  t.equal((await desk.admin('GET', path)).body['usedBy'], 1);
  t.match(await desk.admin('DELETE', path), { status: 409, body: { code: 'DNS_CREDENTIAL_IN_USE' } });
  await refer(null);
  t.equal((await desk.admin('DELETE', path)).status, 204);
  for (const [method, url, payload] of [
    ['GET', path],
    ['PATCH', path, { name: 'x' }],
    ['DELETE', path],
    ['POST', `${path}/check`, { name: 'a.example' }],
  ] as const)
    t.match(await desk.admin(method, url, payload), { status: 404, body: { code: 'NOT_FOUND' } });
});

t.test('refuses what the provider does not know, by the setting’s name and never by its value', async (t) => {
  const desk = await office(t);
  const CANARY = 'canary-91c2';
  const path = `${PATH}/${idOf(await add(desk))}`;
  const before = await desk.admin('GET', path);
  const good = { server: 'ns.example', token: 'first-token' };
  const cases: [string, object][] = [
    ['/settings/colour', { settings: { ...good, colour: CANARY } }],
    ['/settings/server', { settings: { ...good, server: `${CANARY} ` } }],
    ['/settings/token', { settings: { ...good, token: [CANARY] } }],
    ['/settings/ttl', { settings: { ...good, ttl: CANARY } }],
    ['/settings/server', { settings: {} }],
    ['/settings', { settings: CANARY }],
    ['/name', { name: `${CANARY}\u0007` }],
    ['/secrets', { secrets: CANARY }],
  ];
  for (const [pointer, payload] of cases)
    for (const answer of [await add(desk, { name: 'New', ...payload }), await desk.admin('PATCH', path, payload)]) {
      t.match(answer, { status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ pointer }] } }, pointer);
      t.notMatch(answer.text, CANARY, `${pointer} does not come back`);
    }
  for (const answer of [await add(desk, { provider: 'none' }), await desk.admin('PATCH', path, { provider: 'none' })])
    t.match(answer, { status: 422, body: { code: 'DNS_PROVIDER_UNKNOWN', hint: /GET \/dns-providers/ } });
  t.match(await add(desk), { status: 409, body: { code: 'DNS_CREDENTIAL_NAME_TAKEN' } });
  await add(desk, { name: 'Second' });
  t.match(await desk.admin('PATCH', path, { name: 'Second' }), {
    status: 409,
    body: { code: 'DNS_CREDENTIAL_NAME_TAKEN' },
  });
  t.match(await desk.admin('PATCH', path, {}), { status: 400 });
  t.same((await desk.admin('GET', path)).body, before.body, 'and nothing of it was kept');
});

t.test('checks whether the challenge of a name could be set', async (t) => {
  const desk = await office(t);
  const one = `${PATH}/${idOf(await add(desk))}`;
  const two = `${PATH}/${idOf(await add(desk, { name: 'Two', provider: 'two' }))}`;
  const ask = (path: string, name: string) => desk.admin('POST', `${path}/check`, { name });
  const answer = await ask(one, '*.Example.ORG');
  t.match(answer, { status: 200, body: { ok: true } });
  t.equal(check.problem(shapes.DnsCheck, answer.body), null);
  t.equal(desk.asked.at(-1)?.name, 'target.of._acme-challenge.example.org', 'where its CNAMEs lead');
  await ask(two, 'example.org');
  t.equal(desk.asked.at(-1)?.name, '_acme-challenge.example.org', 'its own name where the provider wants that');
  for (const name of ['', '192.0.2.1', 'a b', 'a..example', '-a.example'])
    t.match(await ask(one, name), { status: 400, body: { errors: [{ pointer: '/name' }] } });

  const failing: [Check, object][] = [
    [
      () => Promise.reject(new DnsError('DNS_REFUSED', 'It said no.', { hint: 'Ask it.' })),
      { code: 'DNS_REFUSED', detail: 'It said no.', hint: 'Ask it.' },
    ],
    [
      () => Promise.reject(Object.assign(new Error('No zone.'), { code: 'DNS_ZONE_UNKNOWN', hint: 'Look.' })),
      { code: 'DNS_ZONE_UNKNOWN', detail: 'No zone.', hint: 'Look.' },
    ],
    [
      ({ settings }) =>
        Promise.reject(
          new DnsError('DNS_FAILED', `It hates ${btoa(String(settings['token'])).replace(/=+$/, '')}\u001b[2J.`),
        ),
      { code: 'DNS_FAILED', detail: 'It hates •••.' },
    ],
    [
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
      { code: 'DNS_UNREACHABLE', detail: 'The DNS did not answer within the time limit.' },
    ],
  ];
  for (const [during, body] of failing) {
    desk.during = during;
    t.match(await ask(one, 'a.example'), { status: 422, body });
  }
  desk.during = () => Promise.reject(new TypeError('a defect'));
  const broken = await ask(one, 'a.example');
  t.equal(broken.status, 500, 'a defect is no failure of the DNS');
  t.notMatch(broken.text, 'a defect');

  await desk.knex('dns_credentials').update({ secrets_sealed: vault.seal('{}', 'elsewhere') });
  t.match(await ask(one, 'a.example'), { status: 422, body: { code: 'OP_CREDENTIALS_SEALED', hint: /enter/ } });
  const kept = await desk.admin('PATCH', one, { settings: { server: 'ns.example' } });
  t.match(kept, { status: 422, body: { code: 'OP_CREDENTIALS_SEALED' } });
  const anew = await desk.admin('PATCH', one, { settings: { server: 'ns.example', token: 'new-token' } });
  t.equal(anew.status, 200, 'but it can be entered again');
  const rows = await desk.knex<AuditRow>('audit_log').where('action', 'dns_credential.check').orderBy('id');
  t.match(
    rows.map(({ outcome, detail }) => [outcome, JSON.parse(detail ?? '{}')]),
    [
      ['ok', { name: 'example.org' }],
      ['ok', { name: 'example.org' }],
      ...failing.map(([, { code }]: [Check, { code?: string }]) => ['failed', { name: 'a.example', code }]),
      ['failed', { code: 'OP_CREDENTIALS_SEALED' }],
    ],
  );
});

t.test('writes down who changed what, and lets no secret out', async (t) => {
  const desk = await office(t);
  const [secret, other] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const created = await add(desk, { settings: { server: 'ns.example', token: secret } });
  const path = `${PATH}/${idOf(created)}`;
  const texts = [
    created.text,
    (await desk.admin('PATCH', path, { settings: { server: 'b.example', spare: other } })).text,
  ];
  t.match(await opened(desk, path), { token: secret, spare: other }, 'the secrets were really in use');
  for (const url of [PATH, path, '/audit']) texts.push((await desk.admin('GET', url)).text);
  texts.push((await add(desk, { name: 'x', settings: { server: 1, token: secret } })).text);
  await desk.admin('DELETE', path);
  const rows = await desk.knex<AuditRow>('audit_log').where('action', 'like', 'dns_credential%').orderBy('id');
  t.match(
    rows.map(({ action, actor, target, outcome, detail }) => [action, actor, target, outcome, detail]),
    [
      ['create', { name: 'Zone', provider: 'one', settings: ['server', 'token'] }],
      ['update', { name: 'Zone', changed: ['settings'], settings: ['server', 'spare'] }],
      ['check', { name: 'a.example' }],
      ['delete', { name: 'Zone' }],
    ].map(([verb, detail]) => [
      ...[`dns_credential.${String(verb)}`, 'admin', `dns_credential:${idOf(created)}`, 'ok', JSON.stringify(detail)],
    ]),
  );
  const stored = JSON.stringify(await desk.knex('audit_log').select('*'));
  const all = [...texts, stored, ...desk.lines].join('\n');
  t.ok(all.length > 2000);
  for (const canary of [secret, other]) t.notOk(all.includes(canary));
});
