import { setImmediate } from 'node:timers/promises';
import Joi from 'joi';
import t, { type Test } from 'tap';
import { bothDatabases, freshSqlite, seedConnections, type FreshDatabase } from '../../tests/peers/databases.js';
import { refusalOf } from '../../tests/peers/refusal.js';
import { targetOf } from '../../tests/peers/ssh-target.js';
import type { Operation, OperationContext, OperationDefinition, OperationEvent } from './contract.js';
import { assertDefinition, publish } from './definition.js';
import { Engine } from './engine.js';
import { OperationError } from './errors.js';
import { find } from './history.js';
import { logAfter } from './log-store.js';
import { eased } from './run/pace.js';
import { Progress } from './run/progress.js';
import { Redactor } from './run/redactor.js';
import { Slots } from './run/slots.js';
import type { World } from './world.js';

const onBoth = await bothDatabases(t);

type RunType = (
  context: OperationContext,
) => Promise<Record<string, never> | void | { [key: string]: string | number }>;

const definition = (run: RunType, more: Partial<OperationDefinition> = {}): OperationDefinition => ({
  type: 'probe',
  title: 'Probe',
  description: 'A type of the tests.',
  labels: { idle: 'Probe', busy: 'Probing…', done: 'Probed' },
  display: 'steps',
  confirm: null,
  cancellable: true,
  resumable: false,
  steps: [
    { key: 'one', title: 'One', weight: 1 },
    { key: 'two', title: 'Two', weight: 3 },
  ],
  params: Joi.object({}),
  estimatedDurationMs: 1000,
  timeoutMs: 60_000,
  run,
  ...more,
});

const world: World = {
  target: async (id) => targetOf({ id }),
  platform: (name) => ({ name, title: name, defaultPort: 22, defaultService: null }),
  openCredentials: async () => ({ password: 'canary-password-1', privateKey: null, passphrase: null }),
  pinHostKey: async (_, key) => ({ ...key, pinnedAt: new Date().toISOString() }),
};

interface Setup {
  engine: Engine;
  events: OperationEvent[];
  errors: unknown[];
  /** Resolves with the first event that fits, seen already or to come. */
  until(fits: (operation: Operation, event: OperationEvent) => boolean): Promise<Operation>;
  begin(connectionId: number, type?: string): Promise<Operation>;
}

interface SetupOptions {
  definitions: OperationDefinition[];
  leaseSeconds?: number;
  concurrency?: number;
  /** False: started by the test itself, or never. */
  start?: boolean;
}

async function setUp(t: Test, { knex }: FreshDatabase, options: SetupOptions): Promise<Setup> {
  const errors: unknown[] = [];
  const log = { info: () => {}, error: (fields: Record<string, unknown>) => errors.push(fields['err']) };
  const { leaseSeconds = 30, concurrency = 20 } = options;
  const engine = new Engine({ knex, world, log, leaseSeconds, concurrency, retentionDays: 90 });
  for (const each of options.definitions) engine.types.add(each as never);
  const events: OperationEvent[] = [];
  const waiting = new Set<(event: OperationEvent) => void>();
  engine.publications.listen({
    changed: (changed) => {
      events.push(...changed);
      for (const event of changed) for (const look of waiting) look(event);
    },
  });
  if (options.start !== false) await engine.start();
  t.teardown(() => engine.stop(0));
  return {
    engine,
    events,
    errors,
    until: (fits) =>
      new Promise((resolve) => {
        const look = (event: OperationEvent) => {
          if (!fits(event.operation, event)) return;
          waiting.delete(look);
          resolve(event.operation);
        };
        waiting.add(look);
        for (const event of [...events]) if (waiting.has(look)) look(event);
      }),
    begin: async (connectionId, type = 'probe') => {
      const started = await engine.begin({
        connectionId,
        definition: engine.types.get(type) as OperationDefinition,
        params: {},
        createdBy: 'user',
        requestedBy: 'mira',
      });
      return engine.wire(started.row);
    },
  };
}

/** A gate that a test opens, and that tells when somebody stands at it. */
function gate() {
  let open = () => {};
  let reached = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const arrived = new Promise<void>((resolve) => (reached = resolve));
  return { open: () => open(), arrived, pass: () => (reached(), opened) };
}

/** Rejects when the signal is aborted, as well-behaved work does. */
const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

await onBoth('runs the steps and stores progress, durations, log and result', async (t, database) => {
  const [id] = (await seedConnections(database.knex, 1)) as [number];
  const run: RunType = async (context) => {
    await context.step('one', async (step) => {
      step.progress(0.5);
      step.progress(0.1);
      context.log('first\nsecond');
      context.message('In one');
    });
    await context.step('two', async () => context.log('whoops', 'err'));
    return { answer: 42 };
  };
  const { until, begin, events, engine } = await setUp(t, database, { definitions: [definition(run)] });
  const started = await begin(id);
  t.match(started, { status: 'pending', revision: 1, cancellable: true, requestedBy: 'mira', estimatedDuration: 1000 });
  const ended = await until((operation) => operation.status === 'completed');
  t.match(ended, { progress: 100, message: 'In one', attempt: 1, error: null, result: { answer: 42 } });
  t.match(ended.result?.steps, [
    { key: 'one', title: 'One', durationMs: Number },
    { key: 'two', title: 'Two', durationMs: Number },
  ]);
  t.match(ended.step, { key: 'two', index: 2, count: 2 });
  t.equal(events[0]?.event, 'operation:start');
  t.equal(events.at(-1)?.event, 'operation:complete');
  const revisions = events.map((event) => event.operation.revision);
  t.same(
    revisions,
    revisions.map((_, index) => index + 1),
    'revisions without a gap',
  );
  const progress = events.map((event) => event.operation.progress);
  t.same(
    progress,
    [...progress].sort((a, b) => a - b),
    'progress never falls',
  );
  t.ok(
    progress.slice(0, -1).every((percent) => percent < 100),
    'and is 100 at the end only',
  );
  const { lines } = await logAfter(database.knex, started.id, 0);
  t.same(
    lines.map((line) => [line.seq, line.stream, line.text]),
    [
      [1, 'step', 'One'],
      [2, 'out', 'first'],
      [3, 'out', 'second'],
      [4, 'step', 'Two'],
      [5, 'err', 'whoops'],
    ],
  );
  t.match(await find(engine.store.knex, id, started.id), { status: 'completed', lease_expires_at: null });
});

t.test('stores at most four progress updates a second, and never loses the last', async (t) => {
  const database = await freshSqlite(t);
  const [id] = (await seedConnections(database.knex, 1)) as [number];
  const run: RunType = (context) =>
    context.step('one', async (step) => {
      for (let tick = 1; tick <= 2000; tick++) {
        step.progress(tick / 2000);
        context.message(`tick ${tick}`);
        await setImmediate();
      }
    });
  const { until, begin, events } = await setUp(t, database, { definitions: [definition(run)] });
  await begin(id);
  const ended = await until((operation) => operation.status === 'completed');
  t.equal(ended.message, 'tick 2000');
  const updates = events.filter(({ event, operation }) => event === 'operation:update' && operation.step);
  const seconds = (Date.parse(ended.completedAt ?? '') - Date.parse(ended.startedAt)) / 1000;
  t.ok(updates.length <= Math.ceil(seconds * 4) + 1, `${updates.length} updates in ${seconds} s`);
});

t.test('ends each kind of failure with its own code', async (t) => {
  const database = await freshSqlite(t);
  const failing: Record<string, [RunType, Partial<OperationDefinition>, { status: string; error: object }]> = {
    foreseen: [
      async (context) => context.fail('HOST_DOWN', 'The host is down.', { hint: 'Start it.', retryable: true }),
      {},
      {
        status: 'failed',
        error: { code: 'HOST_DOWN', message: 'The host is down.', hint: 'Start it.', retryable: true },
      },
    ],
    unforeseen: [
      async () => {
        throw new TypeError('secret detail');
      },
      {},
      { status: 'failed', error: { code: 'OP_INTERNAL', retryable: false } },
    ],
    late: [
      (context) => context.step('one', ({ signal }) => aborted(signal)),
      { timeoutMs: 50 },
      { status: 'failed', error: { code: 'OP_TIMEOUT' } },
    ],
    late_step: [
      (context) => context.step('one', ({ signal }) => aborted(signal)),
      { steps: [{ key: 'one', title: 'Slow one', weight: 1, timeoutMs: 50 }] },
      { status: 'failed', error: { code: 'OP_STEP_TIMEOUT', message: /Slow one/ } },
    ],
    own_words: [
      (context) =>
        context.step('one', ({ signal }) =>
          aborted(signal).catch((cause: unknown) => {
            throw new OperationError('SSH_TIMEOUT_TCP', 'No answer.', { cause });
          }),
        ),
      { steps: [{ key: 'one', title: 'One', weight: 1, timeoutMs: 50 }] },
      { status: 'failed', error: { code: 'SSH_TIMEOUT_TCP' } },
    ],
    out_of_order: [
      async (context) => {
        await context.step('two', async () => {});
        await context.step('one', async () => {});
      },
      {},
      { status: 'failed', error: { code: 'OP_INTERNAL' } },
    ],
  };
  const definitions = Object.entries(failing).map(([type, [run, more]]) => definition(run, { type, ...more }));
  const { until, begin, errors } = await setUp(t, database, { definitions });
  const [id] = (await seedConnections(database.knex, 1)) as [number];
  for (const [type, [, , expected]] of Object.entries(failing)) {
    const { id: operationId } = await begin(id, type);
    const ended = await until((operation) => operation.id === operationId && operation.completedAt !== null);
    t.match(ended, expected, type);
    t.not(ended.progress, 100);
    t.notMatch(JSON.stringify(ended), /secret detail/);
  }
  t.equal(errors.length, 2, 'what nobody foresaw is in the log');
});

t.test('cancels running work through its signal, and refuses where it is too late', async (t) => {
  const database = await freshSqlite(t);
  const [a, b] = (await seedConnections(database.knex, 2)) as [number, number];
  const inTwo = gate();
  const run: RunType = async (context) => {
    if (context.connection.id === a) await context.step('one', ({ signal }) => aborted(signal));
    else await context.step('two', () => inTwo.pass());
  };
  const steps = [
    { key: 'one', title: 'One', weight: 1 },
    { key: 'two', title: 'Past return', weight: 1, cancellable: false },
  ];
  const { until, begin, engine } = await setUp(t, database, { definitions: [definition(run, { steps })] });
  const first = await begin(a);
  await until((operation) => operation.id === first.id && operation.step?.key === 'one');
  const row = await find(database.knex, a, first.id);
  const asked = await engine.cancel(row as never, 'jonas');
  t.equal(engine.wire(asked).cancellable, false);
  t.equal((await engine.cancel(asked, 'mira')).cancel_requested_by, 'jonas', 'asking twice is one request');
  const ended = await until((operation) => operation.id === first.id && operation.completedAt !== null);
  t.match(ended, { status: 'cancelled', error: { code: 'OP_CANCELLED', message: 'Cancelled by jonas.' } });
  const ends = await find(database.knex, a, first.id);
  await t.rejects(engine.cancel(ends as never, 'mira'), { message: 'The operation has ended already.' });
  const second = await begin(b);
  await until((operation) => operation.id === second.id && operation.step?.key === 'two');
  const late = await find(database.knex, b, second.id);
  await t.rejects(engine.cancel(late as never, 'mira'), { message: /Past return/ });
  inTwo.open();
  await until((operation) => operation.id === second.id && operation.status === 'completed');
});

t.test('never passes a checkpoint after a cancel that another node accepted', async (t) => {
  const database = await freshSqlite(t);
  const [id] = (await seedConnections(database.knex, 1)) as [number];
  const before = gate();
  let passed = false;
  const run: RunType = async (context) => {
    await before.pass();
    await context.step('two', async () => {
      await context.checkpoint({ sent: true });
      passed = true;
    });
  };
  const steps = [
    { key: 'one', title: 'One', weight: 1 },
    { key: 'two', title: 'Past return', weight: 1, cancellable: false },
  ];
  const { until, begin, engine } = await setUp(t, database, { definitions: [definition(run, { steps })] });
  const { id: operationId } = await begin(id);
  await before.arrived;
  // As another node would: straight into the store, and nobody tells the runner here.
  t.equal((await engine.store.requestCancel([{ id: operationId, by: 'jonas', step: null }])).length, 1);
  before.open();
  t.match(await until(({ completedAt }) => completedAt !== null), { status: 'cancelled' });
  t.equal(passed, false);
});

t.test('lets a type complete its params, refuse them, and guess for each start', async (t) => {
  const database = await freshSqlite(t);
  const [id] = (await seedConnections(database.knex, 1)) as [number];
  const hold = gate();
  const type = definition(() => hold.pass(), {
    params: Joi.object({ what: Joi.string() }) as never,
    prepare: ({ params, connection, fail }) => {
      if (params['what'] === 'no') fail('PROBE_REFUSED', 'This can’t be probed.', { hint: 'Probe another.' });
      return { what: params['what'] ?? `default of ${connection.id}` };
    },
    estimateMs: ({ params, platform }) => (params['what'] === 'quick' ? 1 : platform.name.length * 1000),
  });
  const { engine } = await setUp(t, database, { definitions: [type], start: false });
  const request = { connectionId: id, definition: type, createdBy: 'user', requestedBy: 'mira' } as const;
  t.match(await refusalOf(engine.begin({ ...request, params: { what: 'no' } })), {
    output: { statusCode: 422 },
    data: { code: 'PROBE_REFUSED', hint: 'Probe another.' },
  });
  const first = await engine.begin({ ...request, params: {} });
  t.match(first, { existing: false, row: { params: `{"what":"default of ${id}"}`, estimated_duration_ms: 5000 } });
  const same = await engine.begin({ ...request, params: { what: `default of ${id}` }, createdBy: 'cron' });
  t.match(same, { existing: true, row: { id: first.row.id } }, 'the default by name is the same start');
  t.match(await refusalOf(engine.begin({ ...request, params: { what: 'else' } })), { data: { code: 'OP_BUSY' } });
  await database.knex('active_operations').update({
    ...{ status: 'completed', started_at: '2026-01-01T00:00:00.000Z', completed_at: '2026-01-01T00:04:00.000Z' },
  });
  t.match(await engine.begin({ ...request, params: {} }), { row: { estimated_duration_ms: 240_000 } });
  await database.knex('active_operations').where({ status: 'pending' }).delete();
  t.match(await engine.begin({ ...request, params: { what: 'quick' } }), { row: { estimated_duration_ms: 1 } });
});

t.test('paces a step that says nothing by the clock, towards its end and never to it', async (t) => {
  const at = [0, 1, 5, 8, 9, 10, 20, 100, 10_000].map((elapsed) => eased(elapsed, 10));
  t.same(at.slice(0, 4), [0, 0.1, 0.5, 0.8]);
  t.ok(
    at.every((value, index) => value < 1 && value > (at[index - 1] ?? -1)),
    at.join(' '),
  );
  t.equal(Math.round((at[5] ?? 0) * 100), 90);
  const slopes = [7.9, 8, 8.1].map((x) => eased(x + 0.01, 10) - eased(x, 10));
  t.ok(Math.abs((slopes[0] ?? 0) - (slopes[2] ?? 0)) < 0.0002, 'the easing begins without a bend');
  const database = await freshSqlite(t);
  const [id] = (await seedConnections(database.knex, 1)) as [number];
  const hold = gate();
  const steps = [{ key: 'one', title: 'One', weight: 1, paced: true }];
  const type = definition((context) => context.step('one', () => hold.pass()), { steps, estimatedDurationMs: 300 });
  const { until, begin, events } = await setUp(t, database, { definitions: [type] });
  await begin(id);
  await until(({ progress }) => progress >= 95);
  hold.open();
  await until(({ status }) => status === 'completed');
  const seen = events.map(({ operation }) => operation.progress);
  t.same(
    seen,
    [...seen].sort((a, b) => a - b),
  );
  t.equal(seen.at(-1), 100);
  const running = events.filter(({ operation }) => operation.step && !operation.completedAt);
  t.equal(
    new Set(running.map(({ operation }) => operation.progress)).size,
    running.length,
    'no update without a change',
  );
});

t.test('runs no more at once than it has slots, in order, and gives a waiting one’s slot away', async (t) => {
  const database = await freshSqlite(t);
  const ids = await seedConnections(database.knex, 6);
  const gates = new Map(ids.map((id) => [id, gate()]));
  const outside = gate();
  const order: number[] = [];
  let most = 0;
  let now = 0;
  const waiter = ids[0] as number;
  const run: RunType = async (context) => {
    order.push(context.connection.id);
    most = Math.max(most, ++now);
    await gates.get(context.connection.id)?.pass();
    now--;
    if (context.connection.id !== waiter) return;
    await context.wait(outside.pass());
    most = Math.max(most, ++now);
    now--;
  };
  const { until, begin, engine } = await setUp(t, database, { definitions: [definition(run)], concurrency: 2 });
  const operations = [];
  for (const id of ids) operations.push(await begin(id));
  await Promise.all([gates.get(ids[0] as number)?.arrived, gates.get(ids[1] as number)?.arrived]);
  t.equal(engine.running, 2);
  gates.get(waiter)?.open();
  await outside.arrived;
  await gates.get(ids[2] as number)?.arrived;
  t.equal(engine.running, 3, 'one waits beside the two that run');
  outside.open();
  for (const id of ids.slice(1)) gates.get(id)?.open();
  for (const { id } of operations) await until((operation) => operation.id === id && operation.status === 'completed');
  t.same(order, ids, 'oldest first');
  t.equal(most, 2);
});

await onBoth('begins a child, gives its slot away to it, and reads its end', async (t, database) => {
  const [id] = (await seedConnections(database.knex, 1)) as [number];
  const parent: RunType = async (context) => {
    const { operation, existing } = await context.begin('child', { what: 'points' });
    const ended = await context.ended(operation.id);
    const [only, ...more] = await context.children();
    return {
      existing: String(existing),
      ended: ended.status,
      error: ended.error?.code ?? '',
      own: only?.id ?? '',
      more: more.length,
    };
  };
  const child: RunType = async (context) => context.fail('POINTS_STUCK', 'The points are stuck.');
  const params = Joi.object({ what: Joi.string().required() }) as never;
  const definitions = [definition(parent), definition(child, { type: 'child', params })];
  const { until, begin, events } = await setUp(t, database, { definitions, concurrency: 1 });
  const { id: parentId } = await begin(id);
  const ended = await until((operation) => operation.id === parentId && operation.status === 'completed');
  const born = events.find(({ operation }) => operation.type === 'child')?.operation;
  t.match(born, { parentId, createdBy: 'auto', requestedBy: 'mira', params: { what: 'points' } });
  t.match(ended.result, { existing: 'false', ended: 'failed', error: 'POINTS_STUCK', own: born?.id, more: 0 });
});

t.test(
  'joins what runs already, waits for it though another node runs it, and fails with the code of a refusal',
  async (t) => {
    const database = await freshSqlite(t);
    const [id, other] = (await seedConnections(database.knex, 2)) as [number, number];
    const hold = gate();
    const child = definition(() => hold.pass(), {
      type: 'child',
      params: Joi.object({ what: Joi.string() }) as never,
      prepare: ({ params, fail }) =>
        params['what'] === 'no' ? fail('CHILD_REFUSED', 'Not this one.', { hint: 'Another.' }) : params,
    });
    const parent: RunType = async (context) => {
      if (context.connection.id === other) await context.begin('child', { what: 'no' });
      const same = await context.begin('child', { what: 'points' });
      const else_ = await context.begin('child', { what: 'signal' });
      context.message('asked both');
      const ended = await context.ended(same.operation.id);
      return { same: String(same.existing), what: String(else_.operation.params['what']), ended: ended.status };
    };
    const elsewhere = await setUp(t, database, { definitions: [child] });
    const running = await elsewhere.engine.begin({
      ...{ connectionId: id, definition: child, params: { what: 'points' }, createdBy: 'user', requestedBy: 'ada' },
    });
    await hold.arrived;
    const here = await setUp(t, database, { definitions: [definition(parent), child] });
    const [joins, refused] = [await here.begin(id), await here.begin(other)];
    t.match(await here.until((operation) => operation.id === refused.id && operation.status === 'failed'), {
      error: { code: 'CHILD_REFUSED', message: 'Not this one.', hint: 'Another.' },
    });
    await here.until((operation) => operation.id === joins.id && operation.message === 'asked both');
    hold.open();
    const ended = await here.until((operation) => operation.id === joins.id && operation.completedAt !== null);
    t.match(ended, { status: 'completed', result: { same: 'true', what: 'points', ended: 'completed' } });
    t.equal((await find(database.knex, id, running.row.id))?.parent_id, null, 'it belongs to whoever began it');
  },
);

t.test('ends a wait for another operation when it is cancelled, or when that one is gone', async (t) => {
  const database = await freshSqlite(t);
  const ids = (await seedConnections(database.knex, 2)) as [number, number];
  const child = definition(({ signal }) => aborted(signal), { type: 'child' });
  const parent: RunType = async (context) => {
    const { operation } = await context.begin('child', {});
    await context.ended(operation.id);
  };
  const { engine, begin, until } = await setUp(t, database, { definitions: [definition(parent), child] });
  const [first, second] = [await begin(ids[0]), await begin(ids[1])];
  const born = await Promise.all(
    [first, second].map(({ id }) =>
      until((operation) => operation.parentId === id && operation.status === 'in_progress'),
    ),
  );
  const row = await find(database.knex, ids[0], first.id);
  if (row) await engine.cancel(row, 'mira');
  await until((operation) => operation.id === first.id && operation.status === 'cancelled');
  await database.knex('active_operations').where({ id: born[1]?.id }).delete();
  const ended = await until((operation) => operation.id === second.id && operation.status === 'failed');
  t.equal(ended.error?.code, 'OP_AWAITED_GONE');
});

await onBoth('resumes from the checkpoint on another node, and fences the first off', async (t, database) => {
  const [id] = (await seedConnections(database.knex, 1)) as [number];
  const held = gate();
  const first: RunType = async (context) => {
    await context.step('one', () => context.checkpoint({ reached: 'one' }));
    await held.pass();
    await context.step('two', () => context.checkpoint({ reached: 'too late' }));
  };
  const second: RunType = async (context) => ({ attempt: context.attempt, from: String(context.state?.['reached']) });
  const a = await setUp(t, database, { definitions: [definition(first, { resumable: true })] });
  const started = await a.begin(id);
  await held.arrived;
  await database.knex('active_operations').update({ lease_expires_at: '2020-01-01T00:00:00.000Z' });
  const b = await setUp(t, database, { definitions: [definition(second, { resumable: true })] });
  const ended = await b.until((operation) => operation.id === started.id && operation.status === 'completed');
  t.match(ended, { attempt: 2, result: { attempt: 2, from: 'one' } });
  held.open();
  await a.engine.stop(1000);
  t.match(
    await find(database.knex, id, started.id),
    { status: 'completed', revision: ended.revision },
    'nothing came later',
  );
});

await onBoth('fails what can’t be resumed when its node has gone silent, and says since when', async (t, database) => {
  const [id, other] = (await seedConnections(database.knex, 2)) as [number, number];
  const held = gate();
  const a = await setUp(t, database, { definitions: [definition(() => held.pass())] });
  const started = await a.begin(id);
  await held.arrived;
  await database.knex('active_operations').update({ lease_expires_at: '2020-01-01T00:00:30.000Z' });
  const b = await setUp(t, database, { definitions: [definition(async () => {})] });
  const ended = await b.until((operation) => operation.id === started.id && operation.completedAt !== null);
  t.match(ended, {
    status: 'failed',
    error: { code: 'OP_INTERRUPTED', message: /silent since 2020-01-01T00:00:00.000Z/ },
  });
  t.not((await b.begin(id)).id, started.id, 'the place is free again');
  await database.knex('active_operations').insert({
    id: '00000000-0000-7000-8000-000000000001',
    connection_id: other,
    operation_type: 'forgotten',
    status: 'pending',
    started_at: '2020-01-01T00:00:00.000Z',
    updated_at: '2020-01-01T00:00:00.000Z',
    created_by: 'user',
  });
  const c = await setUp(t, database, { definitions: [definition(async () => {})] });
  const unknown = await c.until((operation) => operation.type === 'forgotten');
  t.match(unknown, { status: 'failed', error: { code: 'OP_TYPE_UNKNOWN' } });
  held.open();
});

t.test('gives resumable work back when it is stopped, and ends the rest inside the grace', async (t) => {
  const database = await freshSqlite(t);
  const [a, b] = (await seedConnections(database.knex, 2)) as [number, number];
  const definitions = [
    definition((context) => context.step('one', ({ signal }) => aborted(signal)), { resumable: true }),
    definition((context) => context.step('one', ({ signal }) => aborted(signal)), { type: 'single' }),
  ];
  const { engine, begin, until } = await setUp(t, database, { definitions });
  const back = await begin(a);
  const rest = await begin(b, 'single');
  for (const { id } of [back, rest]) await until((operation) => operation.id === id && operation.step !== null);
  await engine.stop(50);
  t.match(await find(database.knex, b, rest.id), { status: 'failed', error: /OP_INTERRUPTED/ });
  const row = await find(database.knex, a, back.id);
  t.equal(row?.status, 'in_progress');
  t.ok((row?.lease_expires_at ?? '9') < new Date().toISOString(), 'any node may take it over now');
});

t.test('tells of an end whose answer from the database was lost, and stores it once', async (t) => {
  const database = await freshSqlite(t);
  const [id] = (await seedConnections(database.knex, 1)) as [number];
  const { engine, begin, until, events } = await setUp(t, database, {
    definitions: [definition(async () => ({ answer: 42 }))],
  });
  const write = engine.store.write.bind(engine.store);
  let cuts = 1;
  engine.store.write = async (batch) => {
    const rows = await write(batch);
    if (batch[0]?.status && cuts-- > 0) throw new Error('the link broke after the commit');
    return rows;
  };
  const started = await begin(id);
  const ended = await until((operation) => operation.id === started.id && operation.completedAt !== null);
  t.match(ended, { status: 'completed', result: { answer: 42 } });
  await engine.stop(1000);
  t.equal((await find(database.knex, id, started.id))?.revision, ended.revision);
  t.equal(events.filter(({ operation }) => operation.completedAt).length, 1);
});

t.test('keeps opened credentials out of log, message, result and failure', async (t) => {
  const database = await freshSqlite(t);
  const [id] = (await seedConnections(database.knex, 1)) as [number];
  const run: RunType = async (context) => {
    const { password } = await context.credentials();
    context.log(`auth ${password} \u001b]0;title\u0007done`);
    context.message(`with ${password}`);
    context.result({ nested: { list: [`${password}`] } });
    await context.checkpoint({});
    return context.fail('LEAKY', `refused ${password} ${Buffer.from(password ?? '').toString('base64')}`);
  };
  const { until, begin } = await setUp(t, database, { definitions: [definition(run)] });
  const started = await begin(id);
  await until((operation) => operation.id === started.id && operation.status === 'failed');
  const stored = JSON.stringify([await database.knex('active_operations'), await database.knex('operation_log')]);
  t.notMatch(stored, /canary-password|Y2FuYXJ5LXBhc3N3b3Jk/);
  t.match(stored, /auth ••• done/);
});

t.test('stops itself when it can’t renew its lease, before anybody else may claim', async (t) => {
  const database = await freshSqlite(t);
  const [id] = (await seedConnections(database.knex, 1)) as [number];
  const stopped = gate();
  const run: RunType = (context) =>
    context.step('one', ({ signal }) =>
      aborted(signal).catch((error: unknown) => (void stopped.pass(), Promise.reject(error))),
    );
  const { begin, until, engine, events } = await setUp(t, database, {
    definitions: [definition(run)],
    leaseSeconds: 1,
  });
  const started = await begin(id);
  await until((operation) => operation.id === started.id && operation.step !== null);
  engine.store.renew = () => Promise.reject(new Error('the database does not answer'));
  await stopped.arrived;
  const row = await find(database.knex, id, started.id);
  t.equal(row?.status, 'in_progress', 'an owner that was cut off stores no end');
  t.ok((row?.lease_expires_at ?? '') > new Date(Date.now() - 500).toISOString());
  const ended = await until((operation) => operation.id === started.id && operation.completedAt !== null);
  t.match(ended.error, { code: 'OP_INTERRUPTED' });
  t.equal(events.filter(({ operation }) => operation.completedAt).length, 1);
});

t.test('computes progress from weights and refuses unknown steps', async (t) => {
  const progress = new Progress(definition(async () => {}).steps);
  t.throws(() => progress.enter('three'), /expected step to be one of one, two, got three/);
  t.match(progress.enter('one'), { index: 1, count: 2, title: 'One' });
  progress.set(0.5);
  t.equal(progress.percent, 12);
  progress.set(NaN);
  t.equal(progress.percent, 12);
  progress.enter('two');
  t.equal(progress.percent, 25);
  progress.set(7);
  t.equal(progress.percent, 99);
  t.throws(() => progress.enter('one'), /declared order/);
});

t.test('asserts a definition once, with a sentence', async (t) => {
  const good = definition(async () => {});
  assertDefinition(good);
  const bad: [Partial<OperationDefinition>, RegExp][] = [
    [{ type: 'SSH-Test' }, /SSH-Test: expected .*snake_case.*got "SSH-Test"/],
    [{ steps: [] }, /probe: expected .*steps.*got \[\]/],
    [{ params: {} as never }, /probe: expected params to be a Joi object schema/],
    [{ timeoutMs: 0 }, /timeoutMs/],
    [{ steps: [good.steps[0], good.steps[0]] as never }, /duplicate/],
  ];
  for (const [more, sentence] of bad) t.throws(() => assertDefinition({ ...good, ...more }), { message: sentence });
  const published = publish({
    ...good,
    params: Joi.object({ name: Joi.string().required().description('Whom') }) as never,
  });
  t.match(published.params, { type: 'object', properties: { name: { type: 'string', description: 'Whom' } } });
  t.notOk('run' in published);
});

t.test('blanks secrets in the usual encodings, and each line of a key', async (t) => {
  const redactor = new Redactor();
  const key = `-----BEGIN-----\n${'A'.repeat(40)}\n${'B'.repeat(40)}\n-----END-----`;
  for (const secret of ['p&ss "word"', key, null, 'abc']) redactor.add(secret);
  for (const leak of ['p&ss "word"', encodeURIComponent('p&ss "word"'), 'A'.repeat(40), 'x'.repeat(3) + 'B'.repeat(40)])
    t.notMatch(redactor.text(`before ${leak} after`), leak);
  t.equal(redactor.text('abc'), 'abc', 'a value that short would blank ordinary words');
});

t.test('serves who comes back from a wait before new work', async (t) => {
  let freed = 0;
  const slots = new Slots(1, () => freed++);
  t.equal(slots.reserve(), 1);
  const outside = gate();
  const back = slots.wait(outside.pass());
  t.equal(freed, 1);
  t.equal(slots.reserve(), 1, 'another one runs meanwhile');
  outside.open();
  await setImmediate();
  slots.give();
  await back;
  t.equal(slots.free, 0);
  slots.give();
  t.equal(slots.free, 1);
});
