import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import Joi from 'joi';
import type { Knex } from 'knex';
import pg from 'pg';
import t, { type Test } from 'tap';
import { v7 as uuidv7 } from 'uuid';
import { migrate, openDatabase } from '../../../db/knexfile.js';
import { seedConnections } from '../../../tests/peers/databases.js';
import { until } from '../../../tests/peers/house.js';
import { startPostgres } from '../../../tests/peers/postgres.js';
import { targetOf } from '../../../tests/peers/ssh-target.js';
import { startTcp } from '../../../tests/peers/tcp-server.js';
import { Listener } from '../../across/listener.js';
import type { LogLine, OperationDefinition } from '../contract.js';
import { Engine } from '../engine.js';
import { listVersion, prune } from '../history.js';
import { appendLog } from '../log-store.js';
import { Publications, type LoggedLines, type LogName } from '../publications.js';
import type { OperationRow } from '../row.js';
import { OperationStore, type NewOperation } from '../store.js';
import { OperationTypes } from '../types.js';
import { Across } from './across.js';
import { baseline, changesSince } from './changes.js';

const postgres = await startPostgres();
t.teardown(() => postgres.stop());

// So that whoever listens sees nothing but what he was woken for.
const HOUR_MS = 3_600_000;

const noLog = { info: () => {}, error: () => {} };

function database(t: Test, url: string): Knex {
  const knex = openDatabase({ databaseUrl: url, dataDir: '' });
  t.teardown(() => knex.destroy());
  return knex;
}

const wanted = (connectionId: number): NewOperation => ({
  ...{ id: uuidv7(), connectionId, type: 'probe', params: '{}', createdBy: 'user', requestedBy: 'mira' },
  ...{ parentId: null, retryOf: null, state: null, estimatedDurationMs: 1000 },
});

interface Watched {
  /** `id revision` of each event, in order. */
  seen: string[];
  logged: LoggedLines[];
  reading: LogName[];
  publications: Publications;
  errors: string[];
}

/** A node that only watches; `isDeaf`: its LISTEN goes nowhere. */
async function watch(t: Test, knex: Knex, isDeaf = false, backstopMs = HOUR_MS): Promise<Watched> {
  const publications = new Publications(new OperationTypes());
  const [seen, logged, reading, errors]: [string[], LoggedLines[], LogName[], string[]] = [[], [], [], []];
  publications.listen({
    seen: (events) => seen.push(...events.map(({ operation }) => `${operation.id} ${operation.revision}`)),
    logged: (lines) => void logged.push(lines),
    reads: (log) => reading.some(({ operationId }) => operationId === log.operationId),
    reading: () => reading,
  });
  if (isDeaf) Object.assign(knex.client.config as object, { connection: 'postgres://nobody@127.0.0.1:1/none' });
  const log = { info: () => {}, error: (_: unknown, sentence: string) => void errors.push(sentence) };
  const across = new Across({
    store: new OperationStore(knex),
    publications,
    log,
    found: () => {},
    backstopMs,
  });
  await across.start();
  t.teardown(() => across.stop());
  return { seen, logged, reading, publications, errors };
}

/** A database with connections, a node that watches it, and the store of another node. */
async function setUp(t: Test, count: number, isDeaf = false) {
  const url = await postgres.freshDatabase();
  const [here, there] = [database(t, url), database(t, url)];
  await migrate(there);
  const ids = await seedConnections(there, count);
  return { url, ids, here, there, store: new OperationStore(there), watched: await watch(t, here, isDeaf) };
}

const begin = async (store: OperationStore, id: number) =>
  (await store.start([wanted(id)])).map((started) => started?.operation.id as string)[0] as string;

async function claimed(store: OperationStore, id: string) {
  const [row] = await store.claim({
    ...{ nodeId: 'there', leaseMs: 30_000, limit: 100, types: ['probe'], resumable: [], maxAttempts: 5 },
  });
  if (row?.id !== id) throw new Error('not claimed');
  return { id, nodeId: 'there', attempt: row.attempt };
}

const has = (list: string[], entry: string) =>
  until(
    async () => [...list],
    (entries) => entries.includes(entry),
  );

const line = (seq: number): LogLine => ({ seq, at: new Date().toISOString(), stream: 'out', text: `line ${seq}` });
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => line(from + index));
const seqs = (logged: LoggedLines[]) => logged.flatMap(({ chunk }) => chunk.lines.map(({ seq }) => seq));

await t.test('a change that commits after younger ones is told, and nothing is told twice', async (t) => {
  const { ids, there, store, watched } = await setUp(t, 3);
  const [one, two, three] = ids as [number, number, number];
  const late = wanted(one);
  const trx = await there.transaction();
  await store.start([late], trx);
  const early = await begin(store, two);
  await has(watched.seen, `${early} 1`);
  const later = await begin(store, three);
  await has(watched.seen, `${later} 1`);
  t.notOk(watched.seen.includes(`${late.id} 1`), 'nobody is told of what may be rolled back');
  await trx.commit();
  await has(watched.seen, `${late.id} 1`);
  t.equal(watched.seen.length, 3);
});

await t.test('what this node stored is told at once and once, and never after something younger', async (t) => {
  const { ids, here, store, watched } = await setUp(t, 2);
  const [one, two] = ids as [number, number];
  const own = new OperationStore(here);
  const [started] = await own.start([wanted(one)]);
  const first = started?.operation as OperationRow;
  watched.publications.changed([first]);
  t.same(watched.seen, [`${first.id} 1`]);
  const hold = await claimed(own, first.id);
  const older = await own.write([{ ...hold, progress: 10 }]);
  const younger = await own.write([{ ...hold, progress: 20 }]);
  watched.publications.changed(younger);
  watched.publications.changed(older);
  const other = await begin(store, two);
  await has(watched.seen, `${other} 1`);
  const told = watched.seen.filter((entry) => entry.startsWith(first.id)).map((entry) => Number(entry.split(' ')[1]));
  t.same([told[0], told.at(-1)], [1, 4]);
  t.same(told, [...new Set(told)].sort(), 'some may be left out, none comes twice or late');
});

await t.test('one statement may change more than a notification can say', async (t) => {
  const { ids, store, watched } = await setUp(t, 300);
  await store.start(ids.map(wanted));
  await until(
    async () => watched.seen.length,
    (length) => length === 300,
  );
  t.equal(new Set(watched.seen).size, 300);
});

await t.test('a lease that is prolonged is nobody’s news; a change is, whoever makes it', async (t) => {
  const { url, ids, there, store } = await setUp(t, 1);
  const ear = new pg.Client({ connectionString: url });
  t.teardown(() => ear.end());
  await ear.connect();
  await ear.query('LISTEN signalbox_operations');
  const heard: string[] = [];
  ear.on('notification', ({ payload }) => heard.push(payload ?? ''));
  const id = await begin(store, ids[0] as number);
  const hold = await claimed(store, id);
  await store.renew([hold], 30_000);
  await store.requestCancel([{ id, by: 'mira', step: null }]);
  await there('active_operations').where({ id }).update({ revision: 9, message: 'by hand' });
  await until(
    async () => heard.length,
    (length) => length === 4,
  );
  t.same(
    heard.map((payload) => JSON.parse(payload) as unknown),
    [[[id, 1]], [[id, 2]], [[id, 3]], [[id, 9]]],
  );
});

await t.test('a dump that was read into another cluster is history, and its rows change like all others', async (t) => {
  const { ids, here, there, store } = await setUp(t, 1);
  const id = await begin(store, ids[0] as number);
  await there('active_operations').update({ changed_in: '99999999999' });
  const snapshot = await baseline(here);
  t.same((await changesSince(here, snapshot)).changed, []);
  await claimed(store, id);
  t.same((await changesSince(here, snapshot)).changed, [{ id, revision: 2 }]);
});

await t.test(
  'who hears nothing looks by the clock: rows and lines, also those from before its first look',
  async (t) => {
    const { ids, store, there, watched } = await setUp(t, 2, true);
    t.same(watched.errors, ['notifications of other nodes are not heard; looking every second instead']);
    const [one, two] = ids as [number, number];
    const id = await begin(store, one);
    const hold = await claimed(store, id);
    await appendLog(there, hold, lines(1, 500));
    watched.reading.push({ connectionId: two, operationId: id }, { connectionId: one, operationId: id });
    await until(
      async () => seqs(watched.logged),
      (all) => all.at(-1) === 500,
    );
    t.same(
      seqs(watched.logged),
      Array.from({ length: 200 }, (_, index) => 301 + index),
      'the last ones of a log not followed yet',
    );
    await appendLog(there, hold, lines(501, 2_600));
    await until(
      async () => seqs(watched.logged),
      (all) => all.at(-1) === 2_600,
    );
    t.equal(seqs(watched.logged).length, 2_300, 'then each line once');
    t.ok(watched.logged.every(({ connectionId }) => connectionId === one));
    await has(watched.seen, `${id} 2`);
    t.equal(watched.errors.length, 1, 'said once, not every second');
  },
);

await t.test('a log’s lines come to those who read it, under its own name only', async (t) => {
  const { ids, store, there, watched } = await setUp(t, 2);
  const [one, two] = ids as [number, number];
  const id = await begin(store, one);
  const hold = await claimed(store, id);
  await appendLog(there, hold, lines(1, 3));
  await store.write([{ ...hold, progress: 10 }]);
  await has(watched.seen, `${id} 3`);
  watched.reading.push({ connectionId: two, operationId: id });
  watched.reading.push({ connectionId: one, operationId: id });
  await appendLog(there, hold, lines(4, 5));
  await until(
    async () => seqs(watched.logged),
    (all) => all.at(-1) === 5,
  );
  t.same(seqs(watched.logged), [4, 5], 'from the first one after the subscription');
  watched.reading.splice(0);
  await appendLog(there, hold, lines(6, 9));
  await store.write([{ ...hold, progress: 50 }]);
  await has(watched.seen, `${id} 4`);
  watched.reading.push({ connectionId: one, operationId: id });
  await appendLog(there, hold, lines(10, 11));
  await until(
    async () => seqs(watched.logged),
    (all) => all.at(-1) === 11,
  );
  t.same(seqs(watched.logged), [4, 5, 10, 11], 'what nobody read is not told afterwards');
  t.ok(watched.logged.every(({ connectionId }) => connectionId === one));
});

await t.test('a line is told once, also where its notification and a look by the clock meet', async (t) => {
  const { ids, store, there, url } = await setUp(t, 1);
  const watched = await watch(t, database(t, url), false, 1);
  const id = await begin(store, ids[0] as number);
  const hold = await claimed(store, id);
  watched.reading.push({ connectionId: ids[0] as number, operationId: id });
  for (let seq = 1; seq <= 30; seq++) await appendLog(there, hold, [line(seq)]);
  await until(
    async () => seqs(watched.logged),
    (all) => all.at(-1) === 30,
  );
  t.same(
    seqs(watched.logged),
    lines(1, 30).map(({ seq }) => seq),
  );
});

await t.test('a list’s version follows what is on its page, also what went', async (t) => {
  const { ids, here, store, there } = await setUp(t, 2);
  const [one, two] = ids as [number, number];
  const ask = () =>
    Promise.all([
      listVersion(here, { connectionId: one, limit: 50 }),
      listVersion(there, { connectionId: one, limit: 50 }),
    ]);
  const [empty] = await ask();
  const id = await begin(store, one);
  const [pending, same] = await ask();
  t.equal(pending, same);
  t.not(pending, empty);
  await begin(store, two);
  t.equal((await ask())[0], pending, 'another connection’s is another list');
  const hold = await claimed(store, id);
  await store.renew([hold], 60_000);
  const [running] = await ask();
  t.not(running, pending);
  await store.write([{ ...hold, status: 'completed' }]);
  const soon = new Date(Date.now() + 60_000).toISOString();
  t.equal(await prune(there, { operations: soon, keys: soon }), 1);
  t.equal((await ask())[0], empty);
});

const idle: OperationDefinition = {
  ...{ type: 'probe', title: 'Probe', description: 'A type of the tests.', display: 'steps', confirm: null },
  labels: { idle: 'Probe', busy: 'Probing…', done: 'Probed' },
  ...{ cancellable: true, resumable: false, estimatedDurationMs: 1000, timeoutMs: 600_000 },
  steps: [{ key: 'one', title: 'One', weight: 1 }],
  params: Joi.object({}),
  run: async ({ signal }) => {
    await once(signal, 'abort');
    signal.throwIfAborted();
  },
};

await t.test('a holder hears of a cancel long before it prolongs its lease', async (t) => {
  const { ids, here, there } = await setUp(t, 1);
  const world = {
    target: async (id: number) => targetOf({ id }),
    platform: (name: string) => ({ name, title: name, defaultPort: 22, defaultService: null }),
    openCredentials: async () => ({ password: null, privateKey: null, passphrase: null }),
    pinHostKey: async (_: number, key: { type: string; fingerprint: string }) => ({ ...key, pinnedAt: '' }),
  };
  const engineOf = (knex: Knex, concurrency: number) => {
    const engine = new Engine({ knex, world, log: noLog, leaseSeconds: 3_600, concurrency, retentionDays: 90 });
    engine.types.add(idle as never);
    t.teardown(() => engine.stop(0));
    return engine;
  };
  const [asked, holder] = [engineOf(here, 1), engineOf(there, 1)];
  await holder.start();
  const request = {
    connectionId: ids[0] as number,
    definition: idle,
    params: {},
    createdBy: 'user' as const,
    requestedBy: 'mira',
  };
  const { row } = await asked.begin(request);
  const now = async () =>
    here<{ id: string; status: string; step: string | null }>('active_operations').where({ id: row.id }).first();
  await until(now, (stored) => stored?.status === 'in_progress');
  await asked.start();
  const running = await here('active_operations').where({ id: row.id }).first();
  await asked.cancel(running, 'noor');
  await until(now, (stored) => stored?.status === 'cancelled');
  t.match(await now(), { error: /Cancelled by noor/ });
});

await t.test('a LISTEN connection that fell silent is given up, and opened again', async (t) => {
  const url = new URL(await postgres.freshDatabase());
  const pipes: [Socket, Socket][] = [];
  const proxy = await startTcp((socket) => {
    const server = connect(Number(url.port), '127.0.0.1');
    server.on('error', () => socket.destroy());
    socket.on('close', () => server.destroy());
    socket.pipe(server).pipe(socket);
    pipes.push([socket, server]);
  });
  t.teardown(() => proxy.stop());
  const changes: unknown[] = [];
  const connection = Object.assign(new URL(url), { port: String(proxy.port) }).href;
  const listener = new Listener({
    ...{ connection, channels: ['signalbox_operations'], patienceMs: 500 },
    heard: (channel, payload) => void changes.push(`${channel}: ${payload}`),
    changed: (isListening, cause) => void changes.push(isListening ? 'listening' : (cause as Error).message),
  });
  t.teardown(() => listener.stop());
  await listener.start();
  t.same(changes, ['listening']);
  listener.check();
  for (const [socket, server] of pipes) server.unpipe(socket).pause();
  listener.check();
  await until(
    async () => changes,
    (all) => all.length === 3,
  );
  t.match(changes, ['listening', /silent|timeout/, 'listening']);
  t.equal(pipes.length, 2);
  const other = new pg.Client({ connectionString: url.href });
  await other.connect();
  await other.query("NOTIFY signalbox_operations, 'hear me'");
  await other.end();
  await until(
    async () => changes,
    (all) => all.includes('signalbox_operations: hear me'),
  );
});
