import { fork } from 'node:child_process';
import { once } from 'node:events';
import t from 'tap';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { bothDatabases, seedConnections } from '../../../tests/peers/databases.js';
import { Journal } from '../run/journal.js';
import { OperationStore, type Hold, type NewOperation } from '../store.js';
import { isAboutTheRows } from './failures.js';
import { batchOf, type Waiting } from './queue.js';
import type { Answered, StarterOrder } from './starter.fixture.js';

const onBoth = await bothDatabases(t);

const wanted = (connectionId: number, more: Partial<NewOperation> = {}): NewOperation => ({
  ...{ id: uuidv7(), connectionId, type: 'probe', params: '{}', createdBy: 'user', requestedBy: 'mira' },
  ...{ parentId: null, retryOf: null, state: null, estimatedDurationMs: 1000 },
  ...more,
});

const claimAll = { nodeId: 'node-a', leaseMs: 30_000, limit: 1000, types: ['probe'], resumable: [], maxAttempts: 5 };

/** One running operation on each connection. */
async function running(store: OperationStore, connections: number[]): Promise<Hold[]> {
  await store.start(connections.map((id) => wanted(id)));
  return (await store.claim(claimAll)).map(({ id, attempt }) => ({ id, nodeId: 'node-a', attempt }));
}

/** Every statement from now on. */
function overheard(knex: Knex): string[] {
  const heard: string[] = [];
  knex.on('query', ({ sql }: { sql: string }) => heard.push(sql.trim()));
  return heard;
}

const changes = (statements: string[]) => statements.filter((sql) => /UPDATE active_operations/.test(sql)).length;

await onBoth('stores a hundred updates of a hundred operations by one statement', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const holds = await running(store, await seedConnections(knex, 100));
  const heard = overheard(knex);
  const stored = await Promise.all(holds.map((hold) => store.write([{ ...hold, progress: 7 }])));
  t.equal(heard.length, 1);
  t.same(
    stored.map((rows) => rows.map(({ id, revision, progress }) => ({ id, revision, progress }))),
    holds.map(({ id }) => [{ id, revision: 3, progress: 7 }]),
    'each caller gets its own row',
  );
});

await onBoth('stores a hundred updates of one operation by two statements and its end', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [hold] = (await running(store, await seedConnections(knex, 1))) as [Hold];
  const heard = overheard(knex);
  const sink = {
    write: async (write: Hold) => (await store.write([write])).length === 1,
    append: async () => true,
    failed: (error: unknown) => t.fail(String(error)),
  };
  const journal = new Journal(hold, sink, { lastSeq: 0, lost: () => t.fail('the hold is lost') });
  for (let progress = 0; progress < 100; progress++) journal.note({ progress });
  t.equal(await journal.end('completed', { progress: 100 }), true);
  t.ok(changes(heard) <= 2, `${changes(heard)} statements`);
});

await onBoth('answers the writes of one operation in their order, one revision each', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const holds = await running(store, await seedConnections(knex, 5));
  const answered = new Map<string, [number, string | null][]>(holds.map(({ id }) => [id, []]));
  const writes = Array.from({ length: 12 }, (_, n) =>
    holds.map(async (hold) => {
      const [row] = await store.write([{ ...hold, message: `Part ${n}` }]);
      answered.get(hold.id)?.push([row?.revision ?? 0, row?.message ?? null]);
    }),
  );
  const cancelled = store.requestCancel([{ id: holds[0]!.id, by: 'mira', step: null }]);
  await Promise.all(writes.flat());
  t.match(
    await cancelled,
    [{ revision: 15, cancel_requested_by: 'mira', message: 'Part 11' }],
    'a cancel waits its turn',
  );
  for (const told of answered.values())
    t.same(
      told,
      Array.from({ length: 12 }, (_, n) => [n + 3, `Part ${n}`]),
    );
});

await onBoth('lets one of many simultaneous starts through, and the others join it', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [id, busy] = (await seedConnections(knex, 2)) as [number, number];
  const [stored] = await store.start([wanted(busy)]);
  const heard = overheard(knex);
  const results = (await Promise.all(Array.from({ length: 50 }, () => store.start([wanted(id)])))).flat();
  const joined = (await Promise.all(Array.from({ length: 5 }, () => store.start([wanted(busy)])))).flat();
  t.equal(results.filter((result) => result?.existing === false).length, 1);
  t.equal(new Set(results.map((result) => result?.operation.id)).size, 1);
  t.equal(heard.filter((sql) => /INSERT INTO active_operations/.test(sql)).length, 2, 'a statement for each crowd');
  t.ok(joined.every((result) => result?.existing && result.operation.id === stored?.operation.id));
  t.equal((await knex('active_operations')).length, 2);
});

await onBoth('stores what comes together in one transaction, in which an end frees its place', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [a, b, c] = (await seedConnections(knex, 3)) as [number, number, number];
  const [first, second] = (await running(store, [a, b])) as [Hold, Hold];
  const heard = overheard(knex);
  const [, ended, asked, other] = await Promise.all([
    store.start([wanted(a)]).then(([started]) => t.equal(started?.existing, false, 'the place was free by then')),
    store.write([{ ...first, status: 'completed', progress: 100 }]),
    store.requestCancel([{ id: second.id, by: 'jonas', step: null }]),
    store.start([wanted(c)]),
  ]);
  t.match([ended, asked], [[{ status: 'completed' }], [{ cancel_requested_by: 'jonas' }]]);
  t.equal(other[0]?.existing, false);
  t.match(heard, [/^BEGIN/, /UPDATE/, /UPDATE/, /INSERT/, /^COMMIT/]);
  t.equal(heard.length, 5);
});

await onBoth('tells only its own caller of a row that the database refuses', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [a, b, c] = (await seedConnections(knex, 3)) as [number, number, number];
  const [hold] = (await running(store, [c])) as [Hold];
  const refused = wanted(a, { params: null as never });
  const [good, bad, write] = await Promise.allSettled([
    store.start([wanted(b)]),
    store.start([refused]),
    store.write([{ ...hold, progress: 5 }]),
  ]);
  t.match(good, { status: 'fulfilled', value: [{ existing: false }] });
  t.equal(bad.status, 'rejected');
  t.match(write, { status: 'fulfilled', value: [{ progress: 5, revision: 3 }] });
  t.match(await store.start([wanted(a)]), [{ existing: false }], 'and nothing stays behind');
});

await onBoth('leaves a caller with a transaction of its own alone', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [a, b] = (await seedConnections(knex, 2)) as [number, number];
  let gathered: Promise<unknown> = Promise.resolve();
  await t.rejects(
    knex.transaction(async (trx) => {
      gathered = store.start([wanted(b)]);
      t.match(await store.start([wanted(a)], trx), [{ existing: false }]);
      throw new Error('rolled back');
    }),
    { message: 'rolled back' },
  );
  await gathered;
  t.same(await knex('active_operations').pluck('connection_id'), [b]);
});

await onBoth('rejects every call where the database cannot be reached', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [a, b] = (await seedConnections(knex, 2)) as [number, number];
  await knex.destroy();
  const calls = await Promise.allSettled([store.start([wanted(a)]), store.start([wanted(b)])]);
  t.same(
    calls.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  knex.initialize();
  t.match(await store.start([wanted(a)]), [{ existing: false }], 'and goes on when it is back');
});

await onBoth('has everything that it answered for after kill -9', async (t, { knex, settings }) => {
  const connections = await seedConnections(knex, 8);
  const starter = fork(new URL('starter.fixture.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  const exited = once(starter, 'exit');
  const answered: Answered[] = [];
  const enough = new Promise<void>((resolve, reject) => {
    starter.on('message', (answer: Answered) => {
      if (answered.push(answer) === 300) resolve();
    });
    starter.once('exit', (code) => reject(new Error(`the starter ended with ${code}`)));
  });
  starter.send({ settings, connections } satisfies StarterOrder);
  await enough;
  starter.kill('SIGKILL');
  await exited;
  const rows = await knex<{ id: string; status: string }>('active_operations').select('id', 'status');
  const statuses = new Map(rows.map(({ id, status }) => [id, status]));
  t.same(
    answered.filter(({ id, ended }) => (ended ? statuses.get(id) !== 'completed' : !statuses.has(id))),
    [],
    'neither a start nor an end is lost',
  );
  t.ok(answered.some(({ ended }) => ended) && answered.some(({ ended }) => !ended));
});

t.test('takes each operation once, keeps the order of the rest and bounds the rows', async (t) => {
  const call = (...ids: string[]): Waiting => ({
    kind: 'cancel',
    items: ids.map((id) => ({ id, by: 'mira', step: null })),
    resolve: () => undefined,
    reject: () => undefined,
  });
  const names = (calls: Waiting[]) => calls.map(({ items }) => items.map(({ id }) => id).join('+'));
  const { batch, rest } = batchOf([call('a'), call('b'), call('a', 'c'), call('c'), call('d'), call('b')]);
  t.same(
    [names(batch), names(rest)],
    [
      ['a', 'b', 'd'],
      ['a+c', 'c', 'b'],
    ],
  );
  const many = (name: string, count: number) => call(...Array.from({ length: count }, (_, n) => `${name}${n}`));
  const sizes = (calls: Waiting[]) => calls.map(({ items }) => items.length);
  const bounded = batchOf([many('x', 900), many('y', 1)]);
  t.same([sizes(bounded.batch), sizes(bounded.rest)], [[900], [1]], 'one call alone may be larger');
});

t.test('knows which failures are a row’s own', async (t) => {
  for (const code of ['23502', '22P05', '40P01', 'SQLITE_CONSTRAINT']) t.ok(isAboutTheRows({ code }), code);
  for (const code of ['57P01', '08006', 'ECONNRESET', 'SQLITE_BUSY', 'SQLITE_FULL', undefined])
    t.notOk(isAboutTheRows(Object.assign(new Error('lost'), { code })), String(code));
});
