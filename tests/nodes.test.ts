/** Two servers on one PostgreSQL are one: whoever watches either of them sees what both do, whatever breaks in between. */
import pg from 'pg';
import t, { type Test } from 'tap';
import type { Operation, OperationPage, StartAnswer } from '../server/operations/contract.js';
import { signIn, startServer, until, type ServerProcess, type Visitor } from './peers/house.js';
import { startPostgres } from './peers/postgres.js';
import { startTeller } from './peers/teller.js';
import { tempDir } from './peers/temp.js';
import { openMonitor, openWatcher, type Monitor, type Watcher } from './peers/watchers.js';

const FLEET = 200;

interface Node {
  server: ServerProcess;
  admin: Visitor;
}

const postgres = await startPostgres();
const directory = await tempDir();
const teller = await startTeller();
const databaseUrl = await postgres.freshDatabase();
const database = new pg.Client({ connectionString: databaseUrl });
await database.connect();
const nodes: Node[] = [];

t.teardown(async () => {
  for (const { server } of nodes) if (server.child.exitCode === null && !server.child.killed) await server.stop();
  await database.end().catch(() => undefined);
  await teller.stop();
  await postgres.stop();
  await directory.remove();
});

async function startNode(): Promise<Node> {
  const server = await startServer(directory.path, {
    DATABASE_URL: databaseUrl,
    SIGNALBOX_LEASE_SECONDS: '6',
    SIGNALBOX_PLUGINS: './tests/peers/told-plugin.ts',
  });
  const node = { server, admin: await signIn(server.url) };
  nodes.push(node);
  return node;
}

const a = await startNode();
let b = await startNode();

async function makeConnections(count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let index = 0; index < count; index++) {
    const connection = { name: `host-${index}`, platform: 'linux', hostname: '127.0.0.1', username: 'nobody' };
    const { body } = await a.admin.call('POST', '/connections', { ...connection, password: 'does-not-matter' });
    ids.push(Number(body['id']));
  }
  const last = `/connections/${ids.at(-1)}`;
  await until(
    () => b.admin.call('GET', last),
    ({ status }) => status === 200,
  );
  return ids;
}

const ids = await makeConnections(FLEET);
const [first, second] = ids as [number, number];
const pathOf = ({ connectionId, id }: Operation) => `/connections/${connectionId}/operations/${id}`;

async function start(node: Node, connectionId: number, type: string): Promise<Operation> {
  const params = type === 'told_burst' ? {} : { port: teller.port };
  const answer = await node.admin.call('POST', `/connections/${connectionId}/operations/${type}`, { params });
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return (answer.body as unknown as StartAnswer).operation;
}

const see = async ({ admin }: Node, operation: Operation) =>
  (await admin.call('GET', pathOf(operation))).body as unknown as Operation;

const ended = (node: Node, operation: Operation, timeoutMs?: number) =>
  until(
    () => see(node, operation),
    ({ completedAt }) => completedAt !== null,
    timeoutMs,
  );

/** Starts it on this node; nearly always that node runs it as well, and where another one was faster it is started again. */
async function run(node: Node, connectionId: number, type = 'told'): Promise<Operation> {
  for (;;) {
    const operation = await start(node, connectionId, type);
    const { pid } = await teller.arrived(operation.id);
    if (pid === node.server.child.pid) return operation;
    teller.tell(operation.id, { end: true });
    await ended(node, operation);
  }
}

async function monitor(t: Test, node: Node, path: string): Promise<Monitor> {
  const watching = await openMonitor(node.server.url, node.admin, path);
  t.teardown(() => watching.close());
  return watching;
}

async function watcher(t: Test, node: Node, hasSocket = true): Promise<Watcher> {
  const watching = await openWatcher(node.server.url, node.admin, hasSocket);
  t.teardown(() => watching.close());
  await until(
    async () => watching.phase(),
    (phase) => phase === (hasSocket ? 'live' : 'polling'),
  );
  return watching;
}

const isRising = (revisions: number[]) =>
  revisions.every((revision, index) => index === 0 || revision > (revisions[index - 1] as number));

t.test('a client of one node sees what another runs: operations and log lines, in order and once', async (t) => {
  const there = await monitor(t, b, '/operations');
  const here = [await monitor(t, a, '/operations'), await monitor(t, a, `/connections/${first}/operations/told`)];
  const ours = await watcher(t, a);
  const operation = await run(b, first);
  const [fleet] = here as [Monitor];
  await there.watchLog(first, operation.id);
  await fleet.watchLog(first, operation.id);
  const lines = ours.watchLog(first, operation.id);
  for (let part = 1; part <= 9; part++) {
    teller.tell(operation.id, { log: `part ${part}` }, { progress: part / 10 });
    await until(
      async () => fleet.last(operation.id),
      (last) => last?.progress === part * 10,
    );
  }
  teller.tell(operation.id, { log: 'the last' }, { end: true });
  for (const watching of [there, ...here])
    await until(
      async () => watching.last(operation.id),
      (last) => last?.status === 'completed',
    );
  const told = new Map(there.events.map((event) => [`${event.operation.id} ${event.operation.revision}`, event]));
  for (const watching of here) {
    const seen = watching.events.filter((event) => event.operation.id === operation.id);
    t.ok(seen.length >= 10, 'the start of it, nine parts, the end');
    t.ok(isRising(watching.revisions(operation.id)), String(watching.revisions(operation.id)));
    for (const event of seen)
      t.same(event, told.get(`${operation.id} ${event.operation.revision}`), 'word for word as told where it runs');
    t.same(seen.at(-1)?.operation, await see(a, operation));
  }
  t.ok(isRising(there.revisions(operation.id)), 'and nothing is told twice where it runs');
  const log = (await a.admin.call('GET', `${pathOf(operation)}/log`)).body as unknown as { lines: { seq: number }[] };
  const whole = await until(
    async () => lines(),
    (known) => known.length === log.lines.length,
  );
  t.same(whole, log.lines);
  const heard = (watching: Monitor) => watching.chunks.flatMap((chunk) => chunk.lines);
  await until(
    async () => heard(fleet),
    (known) => known.at(-1)?.seq === log.lines.length,
  );
  t.ok(heard(fleet).some(({ text }) => text === 'the last'));
  for (const watching of [there, fleet]) t.same(heard(watching), log.lines.slice(-heard(watching).length), 'no hole');
});

t.test('a list that another node changed is sent again, and 304 after that, with the same tag on each', async (t) => {
  const route = `/connections/${second}/operations`;
  const ask = (node: Node, path: string, etag: string) =>
    node.admin.call('GET', path, undefined, { 'if-none-match': etag });
  for (const path of [route, `${route}?limit=1`, '/operations']) {
    const before = (await a.admin.call('GET', path)).headers.get('etag') ?? '';
    t.equal((await ask(a, path, before)).status, 304);
    t.equal((await ask(b, path, before)).status, 304, 'it says the same on another node');
    const operation = await run(b, second);
    const answer = await ask(a, path, before);
    t.equal(answer.status, 200);
    t.equal((answer.body as unknown as OperationPage).operations[0]?.id, operation.id);
    teller.tell(operation.id, { end: true });
    await ended(b, operation);
    const after = await ask(a, path, answer.headers.get('etag') ?? '');
    t.match((after.body as unknown as OperationPage).operations[0], { id: operation.id, status: 'completed' });
    t.equal((await ask(a, path, after.headers.get('etag') ?? '')).status, 304);
  }
});

t.test('cancel and retry work from any node', async (t) => {
  const operation = await run(b, first);
  const polling = await watcher(t, a, false);
  const answer = await a.admin.call('POST', `${pathOf(operation)}/cancel`);
  t.equal(answer.status, 202);
  t.match(await ended(b, operation), { status: 'cancelled', error: { message: 'Cancelled by admin.' }, attempt: 1 });
  const retried = await a.admin.call('POST', `${pathOf(operation)}/retry`);
  t.equal(retried.status, 202);
  const again = (retried.body as unknown as StartAnswer).operation;
  await teller.arrived(again.id);
  const joined = await b.admin.call('POST', `/connections/${first}/operations/told`, { params: { port: teller.port } });
  t.match([joined.status, joined.body], [200, { status: 'already_running', operationId: again.id }]);
  teller.tell(again.id, { end: true });
  const done = await ended(b, again);
  t.match(done, { status: 'completed', retryOf: operation.id });
  t.same(
    await until(
      async () => polling.shown(again.id),
      (shown) => shown?.revision === done.revision,
    ),
    done,
  );
});

/** Clients of every kind on both nodes. */
async function crowd(t: Test) {
  const monitors = [await monitor(t, a, '/operations'), await monitor(t, b, '/operations')];
  const watchers = [await watcher(t, a), await watcher(t, b), await watcher(t, a, false), await watcher(t, b, false)];
  return { monitors, watchers };
}

/** Every client's last word on each operation is what the store holds. */
async function agree(t: Test, operations: Operation[], { monitors, watchers }: Awaited<ReturnType<typeof crowd>>) {
  const store = await Promise.all(operations.map((operation) => ended(a, operation, 60_000)));
  for (const operation of store) {
    const is = (shown: Operation | undefined) => shown?.revision === operation.revision;
    const { id } = operation;
    for (const { last } of monitors) t.same(await until(async () => last(id), is), operation);
    for (const { shown } of watchers) t.same(await until(async () => shown(id), is), operation);
    for (const { revisions } of monitors) t.ok(isRising(revisions(id)), String(revisions(id)));
  }
  return store;
}

const listeners = async () =>
  (
    await database.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'signalbox listen'",
    )
  ).rows;

t.test(
  `${FLEET} operations on two nodes, whose LISTEN connections are cut: every client ends with the truth`,
  async (t) => {
    const everybody = await crowd(t);
    const operations: Operation[] = [];
    for (const [index, id] of ids.entries()) {
      operations.push(await start(index % 2 ? a : b, id, 'told_burst'));
      if (index === FLEET / 4 || index === FLEET / 2)
        for (const { pid } of await listeners()) await database.query('SELECT pg_terminate_backend($1)', [pid]);
    }
    const store = await agree(t, operations, everybody);
    t.ok(store.every(({ status }) => status === 'completed'));
    // Of each node, one for operations and one for the rights and settings.
    await until(listeners, ({ length }) => length === 4);
  },
);

t.test('PostgreSQL restarts while operations run: every client ends with the truth', async (t) => {
  const everybody = await crowd(t);
  const operations: Operation[] = [];
  for (const [index, id] of ids.slice(0, 60).entries())
    operations.push(await start(index % 2 ? a : b, id, 'told_burst'));
  await database.end();
  await postgres.restart();
  const store = await agree(t, operations, everybody);
  t.same([...new Set(store.map(({ status }) => status))], ['completed']);
  const operation = await run(b, first);
  teller.tell(operation.id, { log: 'heard again' }, { end: true });
  await agree(t, [operation], everybody);
});

t.test('a killed node’s operations are ended or taken over, and clients of the other see it', async (t) => {
  const [stock, ours] = [await monitor(t, a, '/operations'), await watcher(t, a)];
  const lost = await run(b, first);
  const resumed = await run(b, second, 'told_resumable');
  teller.tell(resumed.id, { log: 'before the fall' });
  const lines = ours.watchLog(second, resumed.id);
  await until(
    async () => lines(),
    (known) => known.some(({ text }) => text === 'before the fall'),
  );
  await b.server.kill();
  t.match(
    await until(
      async () => stock.last(lost.id),
      (last) => last?.completedAt != null,
    ),
    {
      ...{ status: 'failed', error: { code: 'OP_INTERRUPTED', retryable: true } },
    },
  );
  t.equal((await teller.arrived(resumed.id, 2)).pid, a.server.child.pid);
  teller.tell(resumed.id, { log: 'after it' }, { end: true });
  t.match(
    await until(
      async () => stock.last(resumed.id),
      (last) => last?.completedAt != null,
    ),
    {
      ...{ status: 'completed', attempt: 2 },
    },
  );
  for (const { id } of [lost, resumed]) {
    t.ok(isRising(stock.revisions(id)));
    await until(
      async () => ours.shown(id)?.revision,
      (revision) => revision === stock.last(id)?.revision,
    );
  }
  const log = (await a.admin.call('GET', `${pathOf(resumed)}/log`)).body as unknown as { lines: unknown[] };
  t.same(
    await until(
      async () => lines(),
      ({ length }) => length === log.lines.length,
    ),
    log.lines,
  );
  b = await startNode();
  const back = await run(b, first);
  await until(
    async () => stock.last(back.id),
    (last) => last?.status === 'in_progress',
  );
  teller.tell(back.id, { end: true });
  await until(
    async () => stock.last(back.id),
    (last) => last?.status === 'completed',
  );
});
