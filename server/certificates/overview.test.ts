/** GET /certificates: one line for each, in a few statements, and nothing of what the caller may not see. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import t from 'tap';
import { bothDatabases, seedConnections } from '../../tests/peers/databases.js';
import { ensureBuiltIns } from '../authorities/built-in.js';
import { shapes } from '../documents/shapes/shapes.js';
import { shapeCheck } from '../documents/testing/strict.js';
import { Vault } from '../keys/vault.js';
import type { Access, Caller } from '../access/contract.js';
import type { CertificateStatus, CertificateSummary, PlannedRenewal, ServedCertificate } from './contract.js';
import { certificateOverview, type OverviewParts } from './overview.js';
import { keepLooks, keepSeen } from './seen.js';
import { certificateStore } from './store.js';
import { certificateHouse, next } from './testing/certificate-desk.js';

const onBoth = await bothDatabases(t);
const vault = new Vault([{ id: 'k1', key: randomBytes(32) }]);
const published = shapeCheck({ components: { schemas: shapes } });
const shapeProblem = (answer: unknown) => published.problem({ $ref: '#/components/schemas/Certificates' }, answer);

const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}T00:00:00.000Z`;

const served = (endpoint: string, until: number, more: Partial<ServedCertificate> = {}): ServedCertificate => ({
  ...{ endpoint, serialNumber: 'AB', seenAt: day(2), subject: 'CN=web', issuer: 'CN=CA', fingerprint256: 'AA' },
  ...{ notBefore: day(1), notAfter: day(until), names: ['web.example'], key: 'RSA 2048', chain: [], chainPem: 'PEM' },
  ...{ trusted: true, trustError: null, missingNames: [] },
  ...more,
});

async function want(knex: Knex, id: number, names: string[], ports: number[]): Promise<void> {
  const endpoints = ports.map((port) => ({ host: null, port, servername: null }));
  await knex('connections')
    .where({ id })
    .update({ certificate: JSON.stringify({ names, endpoints }) });
}

const caller: Caller = {
  ...{ userId: 1, username: 'mira', tokenId: 't', expiresAt: Infinity, issuer: 'signalbox' },
  ...{ maxRole: 'operator', tokenVersion: 1 },
};

/** To whoever asks these are visible, each in this role. */
function rights(visible: ReturnType<Access['visibleTo']>): Access {
  return {
    visibleTo: () => visible,
    roleOn: () => 'viewer',
    roleOf: () => 'viewer',
    version: 1,
    onChange: () => () => undefined,
  };
}

function partsOf(knex: Knex, plannedOf: OverviewParts['plannedOf'] = async () => new Map()): OverviewParts {
  return { knex, access: rights('all'), platforms: { get: () => undefined }, ports: () => [443], plannedOf };
}

/** A certificate of ours that came this far. */
async function stored(knex: Knex, connectionId: number, status: CertificateStatus, until: number): Promise<void> {
  await ensureBuiltIns(knex);
  const authority = await knex<{ id: number }>('certificate_authorities').first('id');
  const { id } = await certificateStore(knex, vault).plan({
    ...{ connectionId, authorityId: authority?.id ?? 0, operationId: randomUUID() },
    ...{ names: ['web.example'], keyBy: 'signalbox' as const, replaces: null },
  });
  await knex('certificates')
    .where({ id })
    .update({ status, not_before: day(1), not_after: day(until) });
}

await onBoth('tells of each where it ends, how it is served and how far ours came', async (t, { knex }) => {
  const ids = await seedConnections(knex, 5);
  const [two, watched, quiet, ours, none] = ids as [number, number, number, number, number];
  await want(knex, two, ['web.example', 'mail.example'], [443, 8443, 9443]);
  await keepSeen(knex, two, [
    served('127.0.0.1:443', 20),
    served('127.0.0.1:8443', 9, { trusted: false, trustError: 'It ends nowhere.', issuer: 'CN=Old' }),
    served('127.0.0.1:1', 3),
  ]);
  const failure = 'Nobody answered.';
  await keepLooks(knex, two, [{ endpoint: '127.0.0.1:9443', seenAt: day(3), certificate: null, failure }]);
  for (const status of ['served', 'superseded', 'planned'] as const) await stored(knex, two, status, 20);
  await keepSeen(knex, watched, [served('127.0.0.1:443', 12, { missingNames: ['other.example'] })]);
  await keepLooks(knex, quiet, [{ endpoint: '127.0.0.1:443', seenAt: day(3), certificate: null, failure }]);
  await want(knex, ours, ['new.example'], [443]);
  await stored(knex, ours, 'installed', 25);
  await want(knex, none, ['none.example'], [443]);

  const asked: number[] = [];
  const plan: PlannedRenewal = { ...next, runsAt: day(8) };
  const parts = partsOf(knex, async (facts) => {
    asked.push(...facts.keys());
    return new Map([[two, plan]]);
  });
  const certificates = await certificateOverview(parts, caller);
  const state = (port: number, notAfter: string | null, failure: string | null, seenAt = day(2)) => ({
    ...{ endpoint: `127.0.0.1:${port}`, seenAt, notAfter, failure },
  });
  const usual = { automatic: true, cron: certificates[0]?.renewal?.cron, timeZone: 'UTC' };
  t.match(usual.cron, /^\S+( \S+){4}$/u);
  t.match(certificates, [
    {
      connection: { id: two, name: 'host-1', role: 'viewer' },
      ...{ names: ['web.example', 'mail.example'], wanted: true, issuer: 'CN=Old', status: 'served' },
      ...{ notBefore: day(1), notAfter: day(9), renewal: usual, next: plan },
      endpoints: [
        state(443, day(20), null),
        state(8443, day(9), 'It ends nowhere.'),
        state(9443, null, failure, day(3)),
      ],
    },
    {
      connection: { id: watched, name: 'host-2' },
      ...{ names: ['web.example'], wanted: false, issuer: 'CN=CA', status: null, notAfter: day(12) },
      ...{ renewal: null, next: null, endpoints: [state(443, day(12), 'It lacks other.example.')] },
    },
    {
      connection: { id: ours, name: 'host-4' },
      ...{ names: ['new.example'], wanted: true, issuer: null, status: 'installed', notAfter: day(25), endpoints: [] },
    },
    { connection: { id: none }, notAfter: null, status: null, wanted: true },
  ]);
  t.equal(certificates.length, 4, 'where nothing is wanted and nothing was seen there is nothing to say');
  t.strictSame(asked, [two, watched, ours, none]);
  t.equal(shapeProblem({ certificates }), null);
  t.notMatch(JSON.stringify(certificates), /PEM/);
});

await onBoth('asks the database as often for many as for one, and keeps to what is visible', async (t, { knex }) => {
  const ids = await seedConnections(knex, 40);
  for (const id of ids) await keepSeen(knex, id, [served('127.0.0.1:443', 12)]);
  let queries = 0;
  knex.on('query', () => (queries += 1));
  const parts = partsOf(knex);
  const one = ids[3] ?? 0;
  const few = await certificateOverview({ ...parts, access: rights(new Set([one])) }, caller);
  t.strictSame(
    few.map(({ connection }) => connection.id),
    [one],
  );
  const [forOne, before] = [queries, queries];
  t.equal((await certificateOverview(parts, caller)).length, 40);
  t.equal(queries - before, forOne);
  t.strictSame(await certificateOverview({ ...parts, access: rights(new Set()) }, caller), []);
});

t.test('answers whoever may see a connection, and leaves out what he may not', async (t) => {
  const house = await certificateHouse(t);
  const [shared] = [await house.connect({ names: ['web.example'] }), await house.connect({ names: ['two.example'] })];
  await house.grant(shared, 'vera', 'viewer');
  const list = async (who: string) => {
    const { status, body } = await house.ask(who, 'GET', '/certificates');
    t.equal(status, 200, who);
    t.equal(shapeProblem(body), null);
    return (body as unknown as { certificates: CertificateSummary[] }).certificates;
  };
  t.equal((await list('admin')).length, 2);
  t.equal((await list('mira')).length, 2);
  t.match(await list('vera'), [{ connection: { id: shared, role: 'viewer' }, names: ['web.example'], next }]);
  t.equal((await list('vera')).length, 1);
  t.strictSame(await list('stranger'), []);
  t.equal((await house.ask(null, 'GET', '/certificates')).status, 401);
  t.equal((await house.ask('admin', 'GET', '/certificates?x=1')).status, 400);
});
