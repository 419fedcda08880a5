import { fork } from 'node:child_process';
import t from 'tap';
import { v7 as uuidv7 } from 'uuid';
import { bothDatabases, seedConnections } from '../../tests/peers/databases.js';
import type { RaceOrder, RaceResult } from '../../tests/peers/racer.js';
import { find, list, prune } from './history.js';
import { appendLog, logAfter } from './log-store.js';
import { OperationStore, type NewOperation } from './store.js';

const onBoth = await bothDatabases(t);

const wanted = (connectionId: number, type = 'probe', more: Partial<NewOperation> = {}): NewOperation => ({
  id: uuidv7(),
  connectionId,
  type,
  params: '{}',
  createdBy: 'user',
  requestedBy: 'mira',
  parentId: null,
  retryOf: null,
  state: null,
  estimatedDurationMs: 1000,
  ...more,
});

const claimAll = { nodeId: 'node-a', leaseMs: 30_000, limit: 100, types: ['probe'], resumable: [], maxAttempts: 5 };

/** Claims the pending row and answers with the hold that goes with it. */
async function running(store: OperationStore, connectionId: number, more: Partial<typeof claimAll> = {}) {
  const [started] = await store.start([wanted(connectionId)]);
  const rows = await store.claim({ ...claimAll, ...more });
  const row = rows.find((each) => each.id === started?.operation.id);
  if (!row) throw new Error('not claimed');
  return { row, hold: { id: row.id, nodeId: row.node_id as string, attempt: row.attempt } };
}

await onBoth('starts one of many inside a batch and joins the rest to it', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [a, b] = (await seedConnections(knex, 2)) as [number, number];
  const results = await store.start([wanted(a), wanted(a), wanted(b), wanted(a, 'other'), wanted(999)]);
  t.same(
    results.map((result) => result?.existing ?? null),
    [false, true, false, false, null],
  );
  t.equal(results[1]?.operation.id, results[0]?.operation.id);
  t.equal(results[0]?.operation.revision, 1);
  t.equal(results[0]?.operation.status, 'pending');
  t.match(results[0]?.operation.started_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const again = await store.start([wanted(a)]);
  t.equal(again[0]?.existing, true, 'joins a stored row too');
});

await onBoth('counts revisions without a gap and never lets progress fall', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [id] = (await seedConnections(knex, 1)) as [number];
  const { row, hold } = await running(store, id);
  t.equal(row.revision, 2);
  t.equal(row.attempt, 1);
  const writes = [{ progress: 40 }, { progress: 20, message: 'later' }, { progress: 41 }];
  const seen: [number, number][] = [];
  for (const write of writes) {
    const [stored] = await store.write([{ ...hold, ...write }]);
    seen.push([stored?.revision ?? 0, stored?.progress ?? 0]);
  }
  t.same(seen, [
    [3, 40],
    [4, 40],
    [5, 41],
  ]);
  t.equal((await find(knex, id, row.id))?.message, 'later', 'what a write leaves out stays');
});

await onBoth('changes nothing by a write after the end, nor by one of a stranger', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [a, b] = (await seedConnections(knex, 2)) as [number, number];
  const first = await running(store, a);
  const second = await running(store, b);
  const strangers = [
    { ...second.hold, nodeId: 'node-b', progress: 50 },
    { ...second.hold, attempt: 2, progress: 50 },
  ];
  for (const stranger of strangers) t.same(await store.write([stranger]), []);
  const [ended] = await store.write([{ ...first.hold, status: 'completed', progress: 100 }]);
  t.match(ended, { status: 'completed', progress: 100, lease_expires_at: null });
  t.ok(ended?.completed_at);
  const before = await find(knex, a, first.row.id);
  t.same(await store.write([{ ...first.hold, progress: 10, message: 'late' }]), []);
  t.same(await store.write([{ ...first.hold, status: 'failed', error: '{}' }]), []);
  t.same(await store.renew([first.hold], 1000), []);
  t.same(await store.requestCancel([{ id: first.row.id, by: 'mira', step: null }]), []);
  t.equal(await appendLog(knex, first.hold, [{ seq: 1, at: 'now', stream: 'out', text: 'late' }]), false);
  t.same(await find(knex, a, first.row.id), before);
  t.same(await logAfter(knex, first.row.id, 0), { seq: 1, lines: [] });
});

await onBoth('claims pending work in order, and each row once', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const ids = await seedConnections(knex, 9);
  for (const id of ids) await store.start([wanted(id)]);
  const taken = await Promise.all(['a', 'b', 'c'].map((nodeId) => store.claim({ ...claimAll, nodeId, limit: 3 })));
  const claimed = taken.flat().map((row) => row.connection_id);
  t.equal(new Set(claimed).size, claimed.length, 'no row twice');
  for (const rows of taken)
    t.same(
      rows.map((row) => row.id),
      rows.map((row) => row.id).sort(),
      'oldest first',
    );
  t.same(await store.claim({ ...claimAll, types: ['other'] }), [], 'not what this node can’t run');
});

await onBoth('takes over what is resumable when its lease has run out, and only then', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [id] = (await seedConnections(knex, 1)) as [number];
  const { row, hold } = await running(store, id);
  await store.write([{ ...hold, state: '{"at":3}' }]);
  const takeOver = { ...claimAll, nodeId: 'node-b', resumable: ['probe'] };
  t.same(await store.claim(takeOver), [], 'the lease still holds');
  t.equal((await store.release([hold])).length, 1);
  t.same(await store.claim({ ...takeOver, resumable: [] }), [], 'not a type that can’t be resumed');
  t.equal((await store.expired()).length, 1);
  const [taken] = await store.claim(takeOver);
  t.match(taken, { id: row.id, attempt: 2, node_id: 'node-b', state: '{"at":3}', status: 'in_progress' });
  t.same(await store.write([{ ...hold, progress: 77 }]), [], 'the old owner is fenced off');
  t.same(await store.renew([hold], 60_000), []);
  await store.release([{ ...hold, nodeId: 'node-b', attempt: 2 }]);
  t.same(await store.claim({ ...takeOver, maxAttempts: 2 }), [], 'and not for ever');
});

await onBoth('cancels at once what nobody runs, and asks the holder else', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [a, b] = (await seedConnections(knex, 2)) as [number, number];
  const { row } = await running(store, a);
  const [pending] = await store.start([wanted(b)]);
  const asked = await store.requestCancel([
    { id: row.id, by: 'jonas', step: null },
    { id: pending?.operation.id ?? '', by: 'jonas', step: null },
  ]);
  const byId = new Map(asked.map((each) => [each.id, each]));
  t.match(byId.get(row.id), { status: 'in_progress', cancel_requested_by: 'jonas', completed_at: null, revision: 3 });
  t.match(byId.get(pending?.operation.id ?? ''), { status: 'cancelled', revision: 2 });
  t.same(await store.requestCancel([{ id: row.id, by: 'mira', step: null }]), [], 'one request is enough');
});

await onBoth('asks for no cancel in another step than the one that was seen', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [a] = (await seedConnections(knex, 1)) as [number];
  const { row, hold } = await running(store, a);
  const step = '{"key":"late"}';
  await store.write([{ ...hold, step }]);
  t.same(await store.requestCancel([{ id: row.id, by: 'mira', step: null }]), []);
  t.same(await store.requestCancel([{ id: row.id, by: 'mira', step: '{"key":"early"}' }]), []);
  t.match(await store.requestCancel([{ id: row.id, by: 'mira', step }]), [{ cancel_requested_by: 'mira' }]);
});

await onBoth('lists active ones first, then the newest, page by page', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [id, other] = (await seedConnections(knex, 2)) as [number, number];
  for (let round = 0; round < 7; round++) {
    const { hold } = await running(store, id);
    await store.write([{ ...hold, status: round % 2 ? 'failed' : 'completed' }]);
  }
  const { row: active } = await running(store, id);
  await running(store, other);
  const seen: string[] = [];
  let before: string | undefined;
  do {
    const page = await list(knex, { connectionId: id, limit: 3, ...(before ? { before } : {}) });
    seen.push(...page.rows.map((row) => row.id));
    before = page.next ?? undefined;
  } while (before);
  t.equal(seen.length, 8);
  t.equal(seen[0], active.id);
  t.same(seen.slice(1), [...seen.slice(1)].sort().reverse());
  const only = async (status: string) => (await list(knex, { connectionId: id, status, limit: 50 })).rows.length;
  t.same([await only('active'), await only('completed'), await only('failed'), await only('pending')], [1, 4, 3, 0]);
  t.equal((await list(knex, { limit: 50 })).rows.length, 9);
  t.equal((await list(knex, { limit: 50, visibleToUser: 12345 })).rows.length, 0);
});

await onBoth('prunes old history with its log and leaves what runs', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [a, b] = (await seedConnections(knex, 2)) as [number, number];
  const { row, hold } = await running(store, a);
  t.equal(await appendLog(knex, hold, [{ seq: 1, at: 'now', stream: 'out', text: 'line' }]), true);
  const again = [{ seq: 1, at: 'now', stream: 'out' as const, text: 'line' }];
  t.equal(
    await appendLog(knex, hold, again),
    true,
    'a line whose first answer was lost is stored once and taken as stored',
  );
  t.equal((await logAfter(knex, row.id, 0)).lines.length, 1);
  await store.write([{ ...hold, status: 'completed' }]);
  await knex('active_operations')
    .where({ id: row.id })
    .update({ started_at: '2020-01-01T00:00:00.000Z', completed_at: '2020-01-01T00:00:07.000Z' });
  await running(store, b);
  const limits = { operations: '2021-01-01T00:00:00.000Z', keys: '2021-01-01T00:00:00.000Z' };
  t.equal(await prune(knex, limits), 1);
  t.equal(await prune(knex, limits), 0);
  t.same(await knex('operation_log').select(), []);
  t.equal((await list(knex, { limit: 9 })).rows.length, 1);
});

await onBoth('estimates by the median of the last nine completed runs with the same params', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [a, b] = (await seedConnections(knex, 2)) as [number, number];
  /** What is told of a start now; it is cancelled, so that the place is free for the next. */
  const estimate = async (connectionId: number, params = '{}') => {
    const [started] = await store.start([{ ...wanted(connectionId), params, estimatedDurationMs: 60_000 }]);
    const { id, estimated_duration_ms: ms } = started!.operation;
    await store.requestCancel([{ id, by: 'mira', step: null }]);
    return ms;
  };
  const ran = async (ms: number, more: object = {}) => {
    const { row } = await running(store, a);
    const times = {
      started_at: '2020-01-01T23:59:58.000Z',
      completed_at: new Date(1_577_923_198_000 + ms).toISOString(),
    };
    await knex('active_operations')
      .where({ id: row.id })
      .update({ status: 'completed', ...times, ...more });
  };
  t.equal(await estimate(a), 60_000, 'nothing is known yet: the first guess');
  await ran(5);
  t.equal(await estimate(a), 5);
  await ran(1_000, { status: 'failed' });
  await ran(2_000, { params: '{"other":1}' });
  t.equal(await estimate(a), 5, 'what failed and what had other params teach nothing');
  t.equal(await estimate(a, '{"other":1}'), 2_000);
  t.equal(await estimate(b), 60_000, 'and no other connection');
  await ran(2);
  t.equal(await estimate(a), 4, 'an even number of runs: rounded up between the middle two');
  for (const ms of [9_003, 9_001, 9_002]) await ran(ms);
  t.equal(await estimate(a), 9_001);
  for (const ms of [3, 4, 6, 7, 8, 9]) await ran(ms);
  t.equal(await estimate(a), 8, 'of twelve the newest nine');
});

await onBoth('stores a start and its entry in the trail together, or neither', async (t, { knex }) => {
  const store = new OperationStore(knex);
  const [a, b, c, free] = (await seedConnections(knex, 4)) as [number, number, number, number];
  const trail = (actor: string) => ({
    ...{ at: '2026-01-01T00:00:00.000Z', actor, address: '192.0.2.7', action: 'operation.start', target: null },
    ...{ outcome: 'ok', operation_id: null, detail: '{"type":"probe"}' },
  });
  const told = async () =>
    (await knex('audit_log').orderBy('id').select('actor', 'operation_id', 'detail')) as object[];
  const starts = ['first', 'second'].map((actor) => ({ ...wanted(a), trail: trail(actor) }));
  const results = await Promise.all([
    ...starts.map((start) => store.start([start])),
    store.start([{ ...wanted(b), trail: trail('third') }]),
    store.start([wanted(c)]),
  ]);
  t.same(
    results.flat().map((result) => result?.existing),
    [false, true, false, false],
  );
  const [first, , third] = results.flat().map((result) => result?.operation.id);
  const detail = '{"type":"probe"}';
  t.same(await told(), [
    { actor: 'first', operation_id: first, detail },
    { actor: 'third', operation_id: third, detail },
  ]);
  await knex.schema.alterTable('audit_log', (table) => table.renameColumn('actor', 'gone'));
  await t.rejects(store.start([{ ...wanted(free), trail: trail('late') }]));
  t.equal(await store.active(free, 'probe'), undefined, 'without its entry nothing is started');
});

const PROCESSES = 4;
const STARTS = process.env['SIGNALBOX_TEST_FULL'] ? 4000 : 1000;
const RACES = STARTS / PROCESSES;

await onBoth(`gives one active row each in ${STARTS} starts raced from ${PROCESSES} processes`, async (t, database) => {
  const connections = await seedConnections(database.knex, RACES);
  const racers = Array.from({ length: PROCESSES }, () =>
    fork(new URL('../../tests/peers/racer.ts', import.meta.url), { execArgv: ['--import', 'tsx'] }),
  );
  const message = <T>(racer: (typeof racers)[number]) =>
    new Promise<T>((resolve, reject) => {
      racer.once('message', (value) => resolve(value as T));
      racer.once('exit', (code) => reject(new Error(`a racer ended with ${code}`)));
    });
  await Promise.all(racers.map((racer) => message<'ready'>(racer)));
  const answers = racers.map((racer) => message<RaceResult>(racer));
  const order: RaceOrder = { settings: database.settings, connections };
  for (const racer of racers) racer.send(order);
  const results = (await Promise.all(answers)).flat();
  const active = await database
    .knex('active_operations')
    .where({ operation_type: 'raced' })
    .select('id', 'connection_id');
  const idOf = new Map(active.map((row: { id: string; connection_id: number }) => [row.connection_id, row.id]));
  t.equal(active.length, RACES, 'no row more');
  t.equal(idOf.size, RACES, 'one for each connection');
  t.equal(results.length, RACES * PROCESSES);
  t.equal(results.filter((result) => result.won).length, RACES, 'one winner each');
  t.ok(
    results.every((result) => idOf.get(result.connectionId) === result.operationId),
    'every loser gets the winner’s id',
  );
  const winners = new Set(results.filter((result) => result.won).map((result) => result.connectionId));
  t.equal(winners.size, RACES);
});
