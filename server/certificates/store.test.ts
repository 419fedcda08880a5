import { randomBytes, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import t from 'tap';
import { openDatabase } from '../../db/knexfile.js';
import { bothDatabases, seedConnections } from '../../tests/peers/databases.js';
import { ensureBuiltIns } from '../authorities/built-in.js';
import { AuthorityError } from '../authorities/codes.js';
import type { DnsRun, TxtRecord } from '../dns/contract.js';
import { Vault } from '../keys/vault.js';
import { challengeStore } from './challenges.js';
import type { CertificateStatus, PlacedChallenge, ServedCertificate } from './contract.js';
import { keepLooks, keepSeen, lastLooks } from './seen.js';
import { certificateStore, listCertificates } from './store.js';
import { sweepChallenges, type SweepFailure, type SweepParts } from './sweep.js';

const onBoth = await bothDatabases(t);
const vault = new Vault([{ id: 'k1', key: randomBytes(32) }]);
const KEY = '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n';

/** A house with connections and a CA, and what plans certificates there. */
async function prepared(knex: Knex, connections = 1) {
  const ids = await seedConnections(knex, connections);
  await ensureBuiltIns(knex);
  const authority = await knex<{ id: number }>('certificate_authorities').first('id');
  const store = certificateStore(knex, vault);
  const plan = (connectionId = ids[0] ?? 0, keyBy: 'device' | 'signalbox' = 'signalbox') =>
    store.plan({
      ...{ connectionId, keyBy, authorityId: authority?.id ?? 0, operationId: randomUUID() },
      ...{ names: ['web.example', '*.web.example'], replaces: null },
    });
  /** One that came this far; served ones supersede nothing here. */
  const at = async (status: CertificateStatus, connectionId?: number) => {
    const { id } = await plan(connectionId);
    await knex('certificates').where({ id }).update({ status });
    return id;
  };
  return { ids, store, plan, at };
}

async function operation(knex: Knex, connectionId: number, status: string, id = randomUUID()): Promise<string> {
  const stamp = '2026-01-01T00:00:00.000Z';
  await knex('active_operations').insert({
    ...{ id, connection_id: connectionId, operation_type: `probe_${id}`, status },
    ...{ started_at: stamp, updated_at: stamp },
  });
  return id;
}

await onBoth('keeps a certificate from its plan to its end, and its key sealed', async (t, { knex }) => {
  const { ids, store, plan } = await prepared(knex);
  const planned = await plan();
  t.match(planned, {
    connectionId: ids[0],
    status: 'planned',
    names: ['web.example', '*.web.example'],
    orderUrl: null,
  });
  t.equal(await store.openKey(planned.id), null, 'no key yet');
  const order = { orderUrl: 'https://ca.example/order/1', csrPem: 'CSR' };
  await store.change(planned.id, { keyPem: KEY, ...order });
  const changed = await store.change(planned.id, { status: 'finalizing' });
  t.match(changed, { ...order, status: 'finalizing', chainPem: null });
  const issued = { chainPem: 'CHAIN', serialNumber: 'AB', notBefore: '2026-01-01', notAfter: '2026-04-01' };
  t.match(await store.change(planned.id, { status: 'issued', ...issued }), { ...order, ...issued, status: 'issued' });
  t.equal((await store.change(planned.id, { orderUrl: null })).orderUrl, null, 'null takes away');
  t.strictSame(await store.find(planned.id), (await store.ofConnection(ids[0] ?? 0))[0]);

  t.equal(await store.openKey(planned.id), KEY);
  const row = JSON.stringify(await knex('certificates').where({ id: planned.id }).first());
  t.match(row, /"key_sealed":"v1\./);
  t.notMatch(row, /canary/);
  t.notMatch(JSON.stringify(await store.find(planned.id)), /canary|v1\./, 'nor does it come out with the rest');

  const twin = await plan();
  await knex('certificates')
    .where({ id: twin.id })
    .update(await knex('certificates').where({ id: planned.id }).first('key_sealed'));
  await t.rejects(store.openKey(twin.id), { name: 'VaultError' }, 'moved to another row');
  t.equal(await store.find(999_999), null);
  await t.rejects(store.change(999_999, { status: 'issued' }), { message: 'Certificate 999999 is gone.' });
  await t.rejects(store.openKey(999_999), { message: 'Certificate 999999 is gone.' });
});

await onBoth('never takes another key once the CA may have the request', async (t, { knex }) => {
  const { store, plan } = await prepared(knex);
  const { id } = await plan();
  await store.change(id, { keyPem: KEY, status: 'finalizing' });
  await t.rejects(store.change(id, { keyPem: 'other', orderUrl: 'u' }), /expected a key while it is planned/);
  t.equal(await store.openKey(id), KEY);
  t.equal((await store.find(id))?.orderUrl, null, 'and nothing of that change is kept');
  const own = await plan(undefined, 'device');
  await t.rejects(store.change(own.id, { keyPem: KEY }), /expected the device to keep its key/);
  t.equal(await store.openKey(own.id), null);
});

await onBoth('moves a status along and never back', async (t, { knex }) => {
  const { store, at } = await prepared(knex);
  const statuses: CertificateStatus[] = [
    ...(['planned', 'finalizing', 'issued', 'installed', 'served', 'superseded', 'abandoned', 'revoked'] as const),
  ];
  const found: string[] = [];
  for (const from of statuses)
    for (const to of statuses) {
      const id = await at(from);
      const done = await store.change(id, { status: to }).then(
        () => true,
        (error: Error) => !error.message.startsWith(`certificate ${id}: expected `),
      );
      t.equal((await store.find(id))?.status, done ? to : from);
      if (done && from !== to) found.push(`${from} ${to}`);
    }
  t.strictSame(found, [
    ...['planned finalizing', 'planned abandoned', 'finalizing issued', 'finalizing abandoned'],
    ...['issued installed', 'issued served', 'issued superseded', 'issued revoked'],
    ...['installed served', 'installed superseded', 'installed revoked'],
    ...['served superseded', 'served revoked', 'superseded revoked'],
  ]);
});

await onBoth('supersedes what was served before, and nothing else', async (t, { knex, settings }) => {
  const { ids, store, at } = await prepared(knex, 2);
  const [one = 0, two = 0] = ids;
  const before: CertificateStatus[] = ['served', 'installed', 'issued', 'finalizing', 'abandoned', 'revoked'];
  const earlier: number[] = [];
  for (const status of before) earlier.push(await at(status));
  const elsewhere = await at('served', two);
  const now = await at('installed');
  const later = await at('installed');
  t.equal((await store.change(now, { status: 'served' })).status, 'served');
  const after = await Promise.all(earlier.map(async (id) => (await store.find(id))?.status));
  t.strictSame(after, ['superseded', 'superseded', 'issued', 'finalizing', 'abandoned', 'revoked']);
  t.equal((await store.find(elsewhere))?.status, 'served', 'of another connection');
  t.equal((await store.find(later))?.status, 'installed', 'a later one');

  const node = openDatabase(settings);
  t.teardown(() => node.destroy());
  const other = certificateStore(node, vault);
  for (let round = 0; round < 20; round += 1) {
    const [a, b] = [await at('issued'), await at('issued')];
    await Promise.all([store.change(a, { status: 'served' }), other.change(b, { status: 'served' })]);
    const all = (await store.ofConnection(one)).filter(({ status }) => status === 'served');
    t.equal(all.length, 1, 'of two at once one is served in the end');
    t.ok([a, b].includes(all[0]?.id ?? 0));
  }
});

await onBoth('lists the newest first, and goes with its connection', async (t, { knex }) => {
  const { ids, store, plan } = await prepared(knex);
  const planned = [await plan(), await plan(), await plan()].map(({ id }) => id).reverse();
  const listed = (list: { id: number }[]) => list.map(({ id }) => id);
  t.strictSame(listed(await store.ofConnection(ids[0] ?? 0)), planned);
  t.strictSame(listed(await listCertificates(knex, ids[0] ?? 0, 2)), planned.slice(0, 2));
  await knex('connections')
    .where({ id: ids[0] ?? 0 })
    .delete();
  t.strictSame(await store.ofConnection(ids[0] ?? 0), []);
  await t.rejects(plan(), /FOREIGN KEY|foreign key/, 'and none is planned for one that is gone');
});

const wanted: Omit<PlacedChallenge, 'id' | 'connectionId' | 'operationId'> = {
  ...{ certificateId: 1, kind: 'dns-01', name: '_acme-challenge.web.example', value: 'one', dnsCredentialId: 4 },
};

await onBoth('notes the same challenge once, and puts one up again that was removed', async (t, { knex, settings }) => {
  const node = openDatabase(settings);
  t.teardown(() => node.destroy());
  const [store, other] = [challengeStore(knex), challengeStore(node)];
  const challenge = { ...wanted, connectionId: 7, operationId: 'a' };
  const [first, second] = await Promise.all([store.note(challenge), other.note(challenge)]);
  t.strictSame(first, { ...challenge, id: first.id });
  t.equal(second.id, first.id);
  const base = await store.note({ ...challenge, value: 'two' });
  t.strictSame(await store.ofConnection(7), [first, base], 'two values at one name');
  t.strictSame(await store.ofConnection(8), []);
  await store.removed(first.id);
  await store.removed(first.id);
  t.strictSame(await store.ofConnection(7), [base]);
  const again = await store.note({ ...challenge, operationId: 'b', dnsCredentialId: null });
  t.strictSame(again, { ...challenge, id: first.id, operationId: 'b', dnsCredentialId: null });
  t.strictSame(await store.ofConnection(7), [again, base]);
});

const seenAt = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`;
const served = (endpoint: string, minute: number, serialNumber = 'AB'): ServedCertificate => ({
  ...{ endpoint, serialNumber, seenAt: seenAt(minute), subject: 'CN=web', issuer: 'CN=CA', fingerprint256: 'AA' },
  ...{ notBefore: seenAt(0), notAfter: seenAt(9), names: ['web.example'], key: 'RSA 2048', chain: [], chainPem: '' },
  ...{ trusted: false, trustError: 'It ends nowhere.', missingNames: [] },
});

await onBoth('keeps the last look at each endpoint, whatever comes late', async (t, { knex }) => {
  const [id = 0, other = 0] = await seedConnections(knex, 2);
  t.strictSame(await lastLooks(knex, id), []);
  await keepSeen(knex, id, [served('b:443', 2), served('a:443', 2)]);
  const silent = { endpoint: 'a:443', seenAt: seenAt(4), certificate: null, failure: 'It refused.' };
  await keepLooks(knex, id, [silent]);
  await keepSeen(knex, id, [served('a:443', 3, 'LATE'), served('b:443', 4, 'NEW')]);
  await keepSeen(knex, other, [served('a:443', 5)]);
  t.strictSame(await lastLooks(knex, id), [
    silent,
    { endpoint: 'b:443', seenAt: seenAt(4), certificate: served('b:443', 4, 'NEW'), failure: null },
  ]);
});

/** A DNS provider that keeps its records in a list; `fail` is called before it removes one. */
function zone(records: string[], fail: (record: TxtRecord, run: DnsRun) => Promise<void> | void = () => undefined) {
  const textOf = ({ name, value }: TxtRecord) => `${name} ${value}`;
  const provider = {
    place: (_: DnsRun, record: TxtRecord) => Promise.resolve(void records.push(textOf(record))),
    async remove(run: DnsRun, record: TxtRecord) {
      await fail(record, run);
      const at = records.indexOf(textOf(record));
      if (at >= 0) records.splice(at, 1);
    },
  };
  const dns = (id: number) => {
    if (id !== 4) throw new AuthorityError('DNS_CREDENTIAL_UNKNOWN');
    return { name: 'zone', settings: { token: 'x' }, provider };
  };
  return { dns: (id: number) => new Promise((resolve) => resolve(dns(id))) } as unknown as SweepParts['desk'];
}

function sweeper(knex: Knex, desk: SweepParts['desk'], more: Partial<SweepParts> = {}) {
  const failures: SweepFailure[] = [];
  const signal = new AbortController().signal;
  const failed = (failure: SweepFailure) => void failures.push(failure);
  return { failures, sweep: () => sweepChallenges({ knex, desk, signal, failed, log: () => undefined, ...more }) };
}

await onBoth('sweeps away what ended operations have left up, and nothing else', async (t, { knex }) => {
  const [busy = 0, idle = 0, retried = 0] = await seedConnections(knex, 3);
  const store = challengeStore(knex);
  const note = (connectionId: number, operationId: string, value: string, more: Partial<PlacedChallenge> = {}) =>
    store.note({ ...wanted, connectionId, operationId, value, ...more });
  const records = ['up', 'ended', 'gone', 'retried'].map((value) => `${wanted.name} ${value}`);
  await note(busy, await operation(knex, busy, 'in_progress'), 'up');
  await note(idle, await operation(knex, idle, 'failed'), 'ended');
  await note(idle, randomUUID(), 'gone');
  await note(idle, randomUUID(), 'answer', { kind: 'http-01', name: 'token', dnsCredentialId: null });
  await note(idle, randomUUID(), 'file', { kind: 'http-01-host', name: 'token', dnsCredentialId: null });
  await note(retried, await operation(knex, retried, 'failed'), 'retried');
  await operation(knex, retried, 'pending');
  await note(999_999, randomUUID(), 'orphan', { kind: 'http-01-host', name: 'lost', dnsCredentialId: null });
  await note(999_999, randomUUID(), 'no credential', { dnsCredentialId: 5 });

  const { failures, sweep } = sweeper(knex, zone(records));
  t.equal(await sweep(), 4);
  t.strictSame(records, [`${wanted.name} up`, `${wanted.name} retried`]);
  const left = async (id: number) => (await store.ofConnection(id)).map(({ value }) => value);
  t.strictSame(await left(busy), ['up']);
  t.strictSame(await left(idle), ['file'], 'a file needs its host');
  t.strictSame(await left(retried), ['retried'], 'the next operation there looks after it');
  t.strictSame(await left(999_999), []);
  t.strictSame(failures.map(({ challenge, again }) => `${challenge.value}: ${again}`).sort(), [
    ...['no credential: never', 'orphan: never'],
  ]);
  t.equal(await sweep(), 0);
  t.equal(failures.length, 2, 'what nobody can take away is said once');
});

await onBoth('tries again what a provider refused, within limits', async (t, { knex }) => {
  const [id = 0] = await seedConnections(knex, 1);
  const store = challengeStore(knex);
  for (const value of ['bad', 'b', 'c']) await store.note({ ...wanted, connectionId: id, operationId: 'x', value });
  let broken = true;
  const desk = zone([], ({ value }) => {
    if (broken && value === 'bad') throw new Error('The provider refused.');
  });
  const { failures, sweep } = sweeper(knex, desk, { mostAtOnce: 1 });
  let [rounds, removed] = [0, 0];
  while (removed < 2 && rounds < 200) {
    removed += await sweep();
    rounds += 1;
  }
  t.equal(removed, 2, 'the one that fails does not stand before the others');
  t.equal(await sweep(), 0);
  t.match(failures.at(-1), {
    again: 'later',
    error: { message: 'The provider refused.' },
    challenge: { value: 'bad' },
  });
  broken = false;
  t.equal(await sweep(), 1);
  t.strictSame(await store.ofConnection(id), []);

  await store.note({ ...wanted, connectionId: id, operationId: 'x', value: 'slow' });
  const hanging = zone(
    [],
    (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  );
  const slow = sweeper(knex, hanging, { removalTimeoutMs: 20 });
  t.equal(await slow.sweep(), 0);
  t.match(slow.failures, [{ again: 'later', error: { name: 'TimeoutError' } }]);
  const stopped = sweeper(knex, zone([]), { signal: AbortSignal.abort() });
  t.equal(await stopped.sweep(), 0, 'a stopping server begins nothing');
  t.equal((await store.ofConnection(id)).length, 1);
});

await onBoth('gives a record back that an operation noted again meanwhile', async (t, { knex }) => {
  const [id = 0] = await seedConnections(knex, 1);
  const store = challengeStore(knex);
  const challenge = { ...wanted, connectionId: id, operationId: await operation(knex, id, 'failed') };
  await store.note(challenge);
  const records = [`${wanted.name} one`];
  const retry = await operation(knex, id, 'failed');
  const desk = zone(records, async () => {
    await knex('active_operations').where({ id: retry }).update({ status: 'in_progress' });
    await store.note({ ...challenge, operationId: retry });
  });
  const { failures, sweep } = sweeper(knex, desk);
  await sweep();
  t.strictSame(records, [`${wanted.name} one`]);
  t.match(await store.ofConnection(id), [{ operationId: retry }]);
  t.equal(await sweep(), 0, 'and leaves it to the operation');
  t.strictSame(failures, []);
});

await onBoth('leaves alone what an operation has taken up since the list was made', async (t, { knex }) => {
  const ids = await seedConnections(knex, 2);
  const store = challengeStore(knex);
  for (const id of ids) await store.note({ ...wanted, certificateId: id, connectionId: id, operationId: 'x' });
  let removals = 0;
  const desk = zone([], async () => {
    removals += 1;
    for (const id of ids) await operation(knex, id, 'pending');
  });
  t.equal(await sweeper(knex, desk).sweep(), 1);
  t.equal(removals, 1, 'only the one that was under way');
});

await onBoth('forgets long after a challenge was removed', async (t, { knex }) => {
  const store = challengeStore(knex);
  const old = await store.note({ ...wanted, connectionId: 1, operationId: 'x' });
  const young = await store.note({ ...wanted, connectionId: 1, operationId: 'x', value: 'two' });
  await store.removed(old.id);
  await store.removed(young.id);
  const longAgo = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000).toISOString();
  await knex('challenges').where({ id: old.id }).update({ removed_at: longAgo });
  await sweeper(knex, zone([])).sweep();
  t.strictSame(await knex('challenges').select('id'), [{ id: young.id }]);
});
