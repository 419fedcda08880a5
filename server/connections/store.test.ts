import { randomBytes } from 'node:crypto';
import Joi from 'joi';
import type { Knex } from 'knex';
import t from 'tap';
import { openDatabase } from '../../db/knexfile.js';
import { bothDatabases, seedConnections } from '../../tests/peers/databases.js';
import { assertReferences } from '../certificates/settings-references.js';
import type { GivenCertificate } from '../certificates/settings.js';
import { dailyCron } from '../certificates/settings-renewal.js';
import { Vault } from '../keys/vault.js';
import type { Json } from '../operations/contract.js';
import { PlatformRegistry } from '../platforms/registry.js';
import { acceptOfferedKey, meetHostKey, pinFirstHostKey, rememberOfferedKey } from './host-keys.js';
import { removeConnection } from './removal.js';
import { openCredentials } from './secrets.js';
import { changeConnection, createConnection, findConnection, listConnections, targetOf } from './store.js';

const onBoth = await bothDatabases(t);

const vault = new Vault([{ id: 'k1', key: randomBytes(32) }]);
const NOT_AUTHENTIC = { name: 'VaultError', message: /belongs to another place/ };
const first = { type: 'ssh-ed25519', fingerprint: 'SHA256:first' };
const second = { type: 'ssh-rsa', fingerprint: 'SHA256:second' };

const installSettings = Joi.object({ path: Joi.string().default('/etc/tls'), mode: Joi.number().default(600) });
const platforms = new PlatformRegistry();
platforms.add({
  ...{ name: 'linux', title: 'Linux', defaultPort: 22, defaultService: null },
  settings: Joi.object({ waitSeconds: Joi.number().default(5) }).unknown(),
  certificate: { keyBy: 'signalbox', ports: [443], restartService: null, settings: installSettings },
});

platforms.add({ name: 'plain', title: 'Plain', defaultPort: 22, defaultService: null });

async function ownerId(knex: Knex): Promise<number> {
  const owner = await knex<{ id: number }>('users').first('id');
  return owner?.id ?? 0;
}

const operation = (connectionId: number, id = randomBytes(8).toString('hex')) => ({
  id,
  connection_id: connectionId,
  operation_type: `probe_${id}`,
  status: 'pending',
  started_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
});

await onBoth('stores a connection and seals its secrets each for its own place', async (t, { knex }) => {
  await seedConnections(knex, 1);
  const given = {
    ...{ name: 'Web', platform: 'linux', hostname: 'web.example', port: 22, username: 'root' },
    ...{ services: ['nginx'], legacyAlgorithms: true, password: 'pw', passphrase: 'pp' },
    platformSettings: { servedPort: 8443, codes: [0, 3], check: null },
    certificate: null,
    ownerId: await ownerId(knex),
  };
  const stored = await createConnection(knex, vault, given);
  t.match(stored, { owner: 'owner', hasPassword: true, hasPrivateKey: false, legacyAlgorithms: true, hostKey: null });
  t.strictSame(await findConnection(knex, stored.id), stored);
  t.strictSame(await targetOf(knex, platforms, stored.id), {
    ...{ id: stored.id, name: 'Web', platform: 'linux', hostname: 'web.example', port: 22, username: 'root' },
    ...{ services: ['nginx'], hostKey: null, legacyAlgorithms: true },
    platformSettings: { ...given.platformSettings, waitSeconds: 5 },
    certificate: null,
  });
  t.strictSame(await openCredentials(knex, vault, stored.id), { password: 'pw', privateKey: null, passphrase: 'pp' });

  const changed = await changeConnection(knex, vault, stored.id, () => ({
    ...{ password: 'pw2', passphrase: null, services: [] },
  }));
  t.match(changed, { before: { services: ['nginx'] }, after: { services: [], name: 'Web', hasPassword: true } });
  t.match(await openCredentials(knex, vault, stored.id), { password: 'pw2', passphrase: null });

  const twin = await createConnection(knex, vault, { ...given, name: 'Twin' });
  const row = await knex('connections').where({ id: stored.id }).first('password_sealed');
  await knex('connections').where({ id: twin.id }).update(row);
  await t.rejects(openCredentials(knex, vault, twin.id), NOT_AUTHENTIC, 'moved to another row');
  await knex('connections')
    .where({ id: twin.id })
    .update({
      password_sealed: knex.ref('passphrase_sealed'),
    });
  await t.rejects(openCredentials(knex, vault, twin.id), NOT_AUTHENTIC, 'moved to another column');

  t.equal(await findConnection(knex, 999_999), null);
  t.equal(await targetOf(knex, platforms, 999_999), null);
  t.equal(await changeConnection(knex, vault, 999_999, () => ({ name: 'x' })), null);
});

await onBoth('decides on a change by what is stored, and keeps nothing of one that is refused', async (t, { knex }) => {
  const [id = 0] = await seedConnections(knex, 1);
  t.strictSame((await findConnection(knex, id))?.platformSettings, {}, 'an older row has none');
  const raise = ({ platformSettings: { count = 0 } }: { platformSettings: { count?: Json } }) => ({
    platformSettings: { count: Number(count) + 1 },
  });
  await Promise.all(Array.from({ length: 5 }, () => changeConnection(knex, vault, id, raise)));
  t.strictSame((await findConnection(knex, id))?.platformSettings, { count: 5 }, 'each saw the one before');
  const before = await findConnection(knex, id);
  const refuse = () => {
    throw new Error('not this one');
  };
  await t.rejects(changeConnection(knex, vault, id, refuse), { message: 'not this one' });
  t.strictSame(await findConnection(knex, id), before);
});

await onBoth('stores the certificate settings as they were given, and shows them completed', async (t, { knex }) => {
  const [id = 0] = await seedConnections(knex, 1);
  t.equal((await targetOf(knex, platforms, id))?.certificate, null, 'an older row has none');
  const given: GivenCertificate = {
    ...{ names: ['a.test'], authorityId: null, challenge: 'http-01', dnsCredentialId: null, key: 'rsa-2048' },
    ...{ reuseKey: true, profile: 'shortlived', preferredChain: null },
    install: { path: '/opt/tls' },
    renewal: { automatic: false, timeZone: 'Europe/Berlin' },
  };
  const stored = await changeConnection(knex, vault, id, () => ({ certificate: given }));
  t.strictSame(stored?.after.certificate, given);
  const whole = {
    ...given,
    endpoints: [{ host: null, port: 443, servername: null }],
    install: { path: '/opt/tls', mode: 600 },
    renewal: { ...given.renewal, cron: dailyCron(id) },
  };
  t.strictSame((await targetOf(knex, platforms, id))?.certificate, whole);
  await changeConnection(knex, vault, id, () => ({ name: 'Other' }));
  t.strictSame((await targetOf(knex, platforms, id))?.certificate, whole, 'it stays');

  const shown = async (certificate: string | null, platform = 'linux') => {
    await knex('connections').where({ id }).update({ certificate, platform });
    return (await targetOf(knex, platforms, id))?.certificate;
  };
  const sparse = { names: ['a.test'], install: { path: 7, gone: true } };
  t.match(await shown(JSON.stringify(sparse)), {
    ...{ authorityId: null, challenge: 'http-01', dnsCredentialId: null, key: 'ecdsa-p256', reuseKey: false },
    ...{ profile: null, preferredChain: null, endpoints: whole.endpoints, install: { path: '/etc/tls', mode: 600 } },
    renewal: { automatic: true, cron: dailyCron(id), timeZone: 'UTC' },
  });
  for (const unusable of ['{"names":', '[1]', 'null', '{}', '{"names":[]}', '{"names":"a.test"}', null])
    t.equal(await shown(unusable), null, String(unusable));
  t.match(await shown(JSON.stringify(sparse), 'removed'), {
    names: ['a.test'],
    endpoints: [],
    install: sparse.install,
  });
  t.equal(await shown(JSON.stringify(sparse), 'plain'), null, 'a platform that has no certificates any more');
});

await onBoth('refuses a CA and a DNS credential that are not there', async (t, { knex, settings }) => {
  const times = { created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' };
  const row = { name: 'Zone', provider: 'rfc2136', ...times };
  const [made] = await knex('dns_credentials').insert(row).returning<{ id: number }[]>('id');
  const dnsCredentialId = made?.id ?? 0;
  const check = (ids: { authorityId: number | null; dnsCredentialId: number | null }) =>
    knex.transaction((trx) => assertReferences(trx, ids));
  await check({ authorityId: null, dnsCredentialId });
  const refusal: unknown = await check({ authorityId: 77_777, dnsCredentialId: 77_777 }).catch(
    (error: unknown) => error,
  );
  t.match(refusal, {
    data: {
      code: 'VALIDATION_FAILED',
      members: { errors: [{ pointer: '/certificate/authorityId' }, { pointer: '/certificate/dnsCredentialId' }] },
    },
  });
  if (!settings.databaseUrl) return;
  const trx = await knex.transaction();
  await assertReferences(trx, { authorityId: null, dnsCredentialId });
  const taken = knex.transaction((other) =>
    other('dns_credentials').where({ id: dnsCredentialId }).forUpdate().noWait().first('id'),
  );
  await t.rejects(taken, { code: '55P03' }, 'nobody takes it away before the connection is stored');
  await trx.commit();
});

await onBoth('takes the settings away again when the schema goes back', async (t, { knex }) => {
  const [id = 0] = await seedConnections(knex, 1);
  const has = (column: string) => knex.schema.hasColumn('connections', column);
  const back = (name: string) => knex.migrate.down({ name });
  const later = ['0006_remembered', '0005_embed_tokens', '0004_several_nodes', '0003_certificates'];
  for (const name of later) await back(name);
  t.strictSame([await has('certificate'), await has('platform_settings')], [false, true]);
  await back('0002_platform_settings');
  t.notOk(await has('platform_settings'));
  await knex.migrate.latest();
  t.match(await findConnection(knex, id), { platformSettings: {}, certificate: null });
});

await onBoth('lists 2,000 visible connections by name', async (t, { knex }) => {
  const ids = await seedConnections(knex, 2000);
  const all = await listConnections(knex, { visible: new Set(ids) });
  t.strictSame(
    all.map(({ id }) => id),
    ids,
    'host-2 comes before host-10',
  );
  const [one] = await listConnections(knex, { visible: new Set(ids.slice(41, 42)) });
  t.equal(one?.name, 'host-42');
  t.strictSame(await listConnections(knex, { visible: new Set() }), []);
  t.equal((await listConnections(knex, { visible: 'all', q: 'HOST-199' })).length, 11);
  t.strictSame(await listConnections(knex, { visible: 'all', platform: 'vos' }), []);
});

await onBoth('pins the first of two host keys that come at once', async (t, { knex }) => {
  const [id = 0] = await seedConnections(knex, 1);
  const [a, b] = await Promise.all([pinFirstHostKey(knex, id, first), pinFirstHostKey(knex, id, second)]);
  t.strictSame(a, b, 'both hear of the same key');
  t.strictSame((await findConnection(knex, id))?.hostKey, a);
  await rememberOfferedKey(knex, id, a);
  t.equal((await findConnection(knex, id))?.offeredHostKey, null, 'the pinned key is no offer');

  const other = a.fingerprint === first.fingerprint ? second : first;
  t.strictSame(await meetHostKey(knex, id, other), a, 'the pinned key stays');
  t.match(await findConnection(knex, id), { hostKey: a, offeredHostKey: other });
  const answers = await Promise.all([
    acceptOfferedKey(knex, id, other.fingerprint),
    acceptOfferedKey(knex, id, other.fingerprint),
  ]);
  t.strictSame(answers.map((answer) => answer?.accepted).sort(), [false, true], 'an offer is accepted once');
  t.match(await findConnection(knex, id), { hostKey: other, offeredHostKey: null });
  t.equal(await acceptOfferedKey(knex, 999_999, first.fingerprint), null);
  await t.rejects(pinFirstHostKey(knex, 999_999, first), { message: 'Connection 999999 is gone.' });
});

await onBoth(
  'never removes a connection under a start that comes at the same moment',
  async (t, { knex, settings }) => {
    const other = openDatabase(settings);
    t.teardown(() => other.destroy());
    const ids = await seedConnections(knex, 40);
    for (const id of ids) {
      const insert = other('active_operations')
        .insert(operation(id))
        .then(
          () => 'started',
          (error: unknown) =>
            /FOREIGN KEY|violates foreign key/i.test(String(error)) ? 'refused' : Promise.reject(error as Error),
        );
      const [started, removal] = await Promise.all([insert, removeConnection(knex, id)]);
      const left = (await knex('active_operations').where({ connection_id: id })).length;
      t.equal(left, started === 'started' ? 1 : 0, 'a started operation is never lost');
      t.equal(removal.outcome, started === 'started' ? 'busy' : 'removed');
    }
    t.strictSame(await removeConnection(knex, 999_999), { outcome: 'missing' });
  },
);

await onBoth('waits for a start that is not committed yet', async (t, { knex, settings }) => {
  const [id = 0] = await seedConnections(knex, 1);
  const other = openDatabase(settings);
  t.teardown(() => other.destroy());
  const trx = await other.transaction();
  await trx('active_operations').insert(operation(id, 'op-1'));
  const removal = removeConnection(knex, id);
  if (settings.databaseUrl) {
    const waiting = () => other.raw(`select 1 from pg_locks where not granted`) as Promise<{ rows: unknown[] }>;
    while ((await waiting()).rows.length === 0);
  }
  await trx.commit();
  t.strictSame(await removal, { outcome: 'busy', operationId: 'op-1' });
  t.ok(await findConnection(knex, id));
});
