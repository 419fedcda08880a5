/** When schedules are due, who runs them, and what is remembered: on both databases, by a clock in the hand. */
import { mock } from 'node:test';
import hapi from '@hapi/hapi';
import t from 'tap';
import type { Knex } from 'knex';
import { bothDatabases, freshSqlite, seedConnections } from '../../tests/peers/databases.js';
import { OperationError } from '../operations/errors.js';
import { eachMinute } from './alarm.js';
import { certificateLook, lookTimes } from './certificate-look.js';
import { Chores } from './chores.js';
import type { RunAnswer, ScheduleKind, ScheduleRun, ScheduleTimes } from './contract.js';
import { around, dueTimes, nextDue } from './next-due.js';
import { schedules } from './plugin.js';
import type { RunRow } from './row.js';
import { findSchedule, ScheduleStore } from './store.js';
import { syncAll, syncSchedules } from './sync.js';
import { DAY, HOUR, iso, MINUTE } from './testing/settings.js';
import { turnOf } from './turn.js';
import { Waker } from './waker.js';
import { wallClock } from './wall-clock.js';

const START = Date.parse('2026-06-01T00:00:00Z');
const DAILY: ScheduleTimes = { cron: '0 3 * * *', timeZone: 'UTC' };
const quiet = { info: () => undefined, error: () => undefined };

const first = (times: ScheduleTimes, from: string, count: number): string[] => {
  const instants = dueTimes(times, Date.parse(from));
  return Array.from({ length: count }, () => iso(instants.next().value));
};

t.test('a moment that the clock leaves out comes at the end of the gap, one that it repeats comes once', async (t) => {
  const cases: [string, string, string, string[]][] = [
    ['Europe/Berlin', '30 2 * * *', '2026-03-28T12:00:00Z', ['2026-03-29T01:00', '2026-03-30T00:30']],
    ['Europe/Berlin', '30 2 * * *', '2026-10-24T12:00:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']],
    ['Europe/Berlin', '*/30 2,3 * * *', '2026-03-28T12:00:00Z', ['2026-03-29T01:00', '2026-03-29T01:30']],
    ['Europe/Berlin', '0 3 * * *', '2026-03-28T12:00:00Z', ['2026-03-29T01:00', '2026-03-30T01:00']],
    ['America/New_York', '30 1 * * *', '2026-11-01T00:00:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
    ['America/New_York', '15 2 * * *', '2026-03-08T05:00:00Z', ['2026-03-08T07:00', '2026-03-09T06:15']],
    ['Australia/Lord_Howe', '15 2 * * *', '2026-10-03T13:00:00Z', ['2026-10-03T15:30', '2026-10-04T15:15']],
    ['Australia/Lord_Howe', '45 1 * * *', '2026-04-04T12:00:00Z', ['2026-04-04T14:45', '2026-04-05T15:15']],
    ['Asia/Kolkata', '0 0 * * *', '2026-01-01T00:00:00Z', ['2026-01-01T18:30', '2026-01-02T18:30']],
    ['Pacific/Apia', '0 12 * * *', '2011-12-29T23:00:00Z', ['2011-12-30T10:00', '2011-12-30T22:00']],
    ['UTC', '0 0 29 2 *', '2026-01-01T00:00:00Z', ['2028-02-29T00:00', '2032-02-29T00:00']],
  ];
  for (const [timeZone, cron, from, expected] of cases)
    t.same(
      first({ cron, timeZone }, from, 2),
      expected.map((minute) => `${minute}:00.000Z`),
      `${timeZone}: ${cron} from ${from}`,
    );
});

t.test('the moments are those at which the wall clock first shows the time, minute by minute', async (t) => {
  const weeks: [string, string[]][] = [
    ['Europe/Berlin', ['2026-03-27', '2026-10-23']],
    ['America/New_York', ['2026-03-06', '2026-10-30']],
    ['Australia/Lord_Howe', ['2026-04-02', '2026-10-01']],
  ];
  const minutesOf: Record<string, (wall: Date) => boolean> = {
    '20,50 * * * *': (wall) => [20, 50].includes(wall.getUTCMinutes()),
    '45 1,2 * * *': (wall) => wall.getUTCMinutes() === 45 && [1, 2].includes(wall.getUTCHours()),
    '0 0 * * 0': (wall) => wall.getUTCMinutes() === 0 && wall.getUTCHours() === 0 && wall.getUTCDay() === 0,
  };
  let compared = 0;
  for (const [timeZone, days] of weeks)
    for (const week of days) {
      const from = Date.parse(`${week}T12:00:00Z`);
      const { wallAt } = wallClock(timeZone);
      const shown = Array.from({ length: 4 * 24 * 60 }, (_, minute) => wallAt(from + minute * MINUTE));
      for (const [cron, isTime] of Object.entries(minutesOf)) {
        const expected: number[] = [];
        let highest = shown[0] as number;
        for (const [minute, wall] of shown.entries()) {
          let hit = false;
          for (; highest < wall; highest += MINUTE) hit = isTime(new Date(highest + MINUTE)) || hit;
          if (hit) expected.push(from + minute * MINUTE);
        }
        const instants = dueTimes({ cron, timeZone }, from);
        const found = expected.map(() => instants.next().value);
        compared += expected.length;
        if (JSON.stringify(found) !== JSON.stringify(expected))
          t.same(found.map(iso), expected.map(iso), `${timeZone} ${cron}`);
      }
    }
  t.ok(compared > 1000, `${compared} moments are the same`);
});

t.test('finds the last moment before now and the first after it, however long ago it was asked last', async (t) => {
  const now = Date.parse('2026-06-15T10:00:30Z');
  for (const [cron, agoMs, last] of [
    ['* * * * *', 400 * DAY, '2026-06-15T10:00'],
    ['0 3 * * *', 3 * DAY, '2026-06-15T03:00'],
    ['0 3 1 1 *', 2000 * DAY, '2026-01-01T03:00'],
    ['0 3 * * *', 2 * HOUR, null],
  ] as const) {
    const times = { cron, timeZone: 'UTC' };
    const found = around(times, now - agoMs, now);
    t.equal(found.last && iso(found.last), last && `${last}:00.000Z`, `${cron} since ${agoMs / HOUR} h`);
    t.equal(found.next, nextDue(times, now));
  }
  t.throws(() => nextDue({ cron: '0 3 * * *', timeZone: 'Europe/Atlantis' }, now), RangeError);
});

/** A kind whose runs are written down, and a waker for it on a clock that the test turns. */
function desk(knex: Knex, options: { run?: (run: ScheduleRun) => Promise<RunAnswer>; runLimitMs?: number } = {}) {
  const clock = { now: START };
  const seen: string[] = [];
  const errors: unknown[] = [];
  const kind: ScheduleKind = {
    name: 'probe',
    catchUpMs: DAY,
    times: async () => DAILY,
    run: async (run) => {
      seen.push(`${run.connectionId} ${run.dueAt}`);
      return options.run ? options.run(run) : { outcome: 'done' };
    },
  };
  const log = { ...quiet, error: (fields: Record<string, unknown>) => void errors.push(fields['err']) };
  const store = new ScheduleStore(knex, 'node-a');
  const kinds = new Map([[kind.name, kind]]);
  const limit = options.runLimitMs === undefined ? {} : { runLimitMs: options.runLimitMs };
  const waker = new Waker({ store, kinds, log, now: () => clock.now, ...limit });
  const at = async (instant: string | number): Promise<void> => {
    clock.now = typeof instant === 'number' ? instant : Date.parse(instant);
    await waker.wake();
    await waker.idle();
  };
  const runs = () => knex<RunRow>('schedule_runs').orderBy('due_at');
  return { clock, seen, errors, kind, kinds, store, waker, at, runs };
}

const onBoth = await bothDatabases(t);

await onBoth('puts a schedule once; the same times leave it alone, others count anew', async (t, { knex }) => {
  const [id] = (await seedConnections(knex, 1)) as [number];
  const store = new ScheduleStore(knex, 'node-a');
  await store.put('probe', id, DAILY, START);
  const made = await findSchedule(knex, 'probe', id);
  t.match(made, { kind: 'probe', connectionId: id, ...DAILY, nextDueAt: '2026-06-01T03:00:00.000Z', state: {} });
  await store.put('probe', id, DAILY, START + 5 * DAY);
  t.same(await findSchedule(knex, 'probe', id), made, 'unchanged');
  await store.put('probe', id, { ...DAILY, timeZone: 'Europe/Berlin' }, START);
  t.match(await findSchedule(knex, 'probe', id), { id: made?.id, nextDueAt: '2026-06-01T01:00:00.000Z' });
  await store.put('probe', id, { cron: '5 4 * * *', timeZone: 'UTC' }, START);
  t.match(await findSchedule(knex, 'probe', id), { id: made?.id, nextDueAt: '2026-06-01T04:05:00.000Z' });
  await store.remove('probe', id);
  t.equal(await findSchedule(knex, 'probe', id), null);
});

await onBoth('lets one of many nodes have a run, also where their clocks differ', async (t, { knex }) => {
  const [id] = (await seedConnections(knex, 1)) as [number];
  const nodes = Array.from({ length: 5 }, (_, index) => new ScheduleStore(knex, `node-${index}`));
  await nodes[0]?.put('probe', id, { cron: '* * * * *', timeZone: 'UTC' }, START);
  for (let round = 1; round <= 10; round++) {
    const [schedule] = (await nodes[0]?.due(START + round * HOUR, ['probe'], 10)) ?? [];
    if (!schedule) throw new Error('nothing is due');
    const claims = nodes.map((node, index) => {
      const now = START + round * HOUR + index * MINUTE;
      return node.claim(schedule, turnOf(schedule, now, DAY), now);
    });
    const won = (await Promise.all(claims)).filter((run) => run !== null);
    t.equal(won.length, 1, `round ${round}`);
    if (won[0]) await nodes[0]?.finish(won[0], { outcome: 'done' }, START + round * HOUR);
  }
  t.equal((await knex('schedule_runs')).length, 10);
});

await onBoth('runs once after three days of rest, and nothing that was missed for too long', async (t, { knex }) => {
  const [daily, weekly] = (await seedConnections(knex, 2)) as [number, number];
  const { store, at, seen, runs } = desk(knex);
  await store.put('probe', daily, DAILY, START);
  await store.put('probe', weekly, { cron: '0 3 * * 2', timeZone: 'UTC' }, START);
  await at('2026-06-05T10:00:00Z');
  t.same(seen, [`${daily} 2026-06-05T03:00:00.000Z`], 'the last of five');
  const skipped = { due_at: '2026-06-02T03:00:00.000Z', outcome: 'skipped', detail: /missed for too long/ };
  t.match(await runs(), [skipped, { due_at: '2026-06-05T03:00:00.000Z', outcome: 'done', node_id: 'node-a' }]);
  t.match(await findSchedule(knex, 'probe', weekly), { nextDueAt: '2026-06-09T03:00:00.000Z' });
  await at('2026-06-05T10:01:00Z');
  t.equal(seen.length, 1, 'no burst after it');
});

await onBoth('keeps what a run wants to remember, and comes back when it asks to', async (t, { knex }) => {
  const [id] = (await seedConnections(knex, 1)) as [number];
  const got: Omit<ScheduleRun, 'signal'>[] = [];
  const { store, at, runs, clock } = desk(knex, {
    run: async ({ signal: _, ...run }) => {
      got.push(run);
      const asks = got.length === 1 ? { againAt: iso(clock.now + 10 * MINUTE) } : { againAt: iso(clock.now - DAY) };
      return { outcome: 'started', detail: 'Begun.', operationId: 'op-1', state: { count: got.length }, ...asks };
    },
  });
  await store.put('probe', id, DAILY, START);
  await at('2026-06-01T03:00:20Z');
  await at('2026-06-01T03:10:19Z');
  await at('2026-06-01T03:10:20Z');
  await at('2026-06-01T03:10:20.500Z');
  t.same(
    got.map(({ dueAt, scheduled, state }) => ({ dueAt, scheduled, state })),
    [
      { dueAt: '2026-06-01T03:00:00.000Z', scheduled: true, state: {} },
      { dueAt: '2026-06-01T03:10:20.000Z', scheduled: false, state: { count: 1 } },
    ],
  );
  t.match(await runs(), [{ outcome: 'started', detail: 'Begun.', operation_id: 'op-1' }, {}]);
  t.match(await findSchedule(knex, 'probe', id), { nextDueAt: '2026-06-01T03:10:21.000Z', state: { count: 2 } });
  await at('2026-06-05T10:00:00Z');
  t.match(got[2], { dueAt: '2026-06-05T03:00:00.000Z', scheduled: true }, 'a later moment of its own comes first');
});

await onBoth('skips a run while the one before it goes on, with a record', async (t, { knex }) => {
  const [id] = (await seedConnections(knex, 1)) as [number];
  let end = (): void => undefined;
  const held = new Promise<RunAnswer>((resolve) => (end = () => resolve({ outcome: 'done' })));
  const { store, waker, clock, seen, runs } = desk(knex, { run: () => held });
  await store.put('probe', id, { cron: '* * * * *', timeZone: 'UTC' }, START);
  for (const minute of [1, 2, 3]) {
    clock.now = START + minute * MINUTE;
    await waker.wake();
  }
  t.equal(seen.length, 1);
  end();
  await waker.idle();
  clock.now = START + 4 * MINUTE;
  await waker.wake();
  await waker.idle();
  t.same(
    (await runs()).map(({ outcome }) => outcome),
    ['done', 'skipped', 'skipped', 'done'],
  );
  t.match((await runs())[1]?.detail, /had not ended/);
});

await onBoth('gives up a run whose server has gone; the next due time covers it', async (t, { knex }) => {
  const [id] = (await seedConnections(knex, 1)) as [number];
  const { store, at, seen, runs, clock } = desk(knex);
  await store.put('probe', id, DAILY, START);
  clock.now = Date.parse('2026-06-01T03:00:00Z');
  const [schedule] = await store.due(clock.now, ['probe'], 10);
  if (!schedule) throw new Error('nothing is due');
  const lost = await new ScheduleStore(knex, 'node-lost').claim(schedule, turnOf(schedule, clock.now, DAY), clock.now);
  if (!lost) throw new Error('not claimed');
  await at('2026-06-01T03:10:00Z');
  t.match(await runs(), [{ node_id: 'node-lost', outcome: null }], 'not before ten minutes have passed');
  await at('2026-06-01T03:10:01Z');
  t.match(await runs(), [{ outcome: 'failed', detail: /the next due time covers it/ }]);
  t.equal(await store.finish(lost, { outcome: 'done', state: { late: true } }, clock.now), false, 'too late');
  await at('2026-06-02T03:00:00Z');
  t.same(seen, [`${id} 2026-06-02T03:00:00.000Z`]);
  t.same((await findSchedule(knex, 'probe', id))?.state, {});
});

await onBoth('runs nothing twice and never stops when clocks jump an hour, a hundred times', async (t, { knex }) => {
  const [id] = (await seedConnections(knex, 1)) as [number];
  const nodes = ['a', 'b', 'c'].map(() => desk(knex));
  const [one] = nodes as [ReturnType<typeof desk>];
  await one.store.put('probe', id, { cron: '*/15 * * * *', timeZone: 'Europe/Berlin' }, START);
  let truth = START;
  let jumps = 0;
  const wakeAll = async () => {
    await Promise.all(nodes.map(({ waker }) => waker.wake()));
    await Promise.all(nodes.map(({ waker }) => waker.idle()));
  };
  for (; jumps < 100; jumps++) {
    const node = nodes[jumps % 3] as ReturnType<typeof desk>;
    node.clock.now += (jumps * 7) % 2 === 0 ? HOUR : -HOUR;
    truth += 11 * MINUTE;
    for (const { clock } of nodes) clock.now += 11 * MINUTE;
    await wakeAll();
  }
  const settled = Math.max(truth, ...nodes.map(({ clock }) => clock.now));
  for (let now = truth; now <= settled + 2 * HOUR; now += 5 * MINUTE) {
    for (const { clock } of nodes) clock.now = now;
    await wakeAll();
  }
  const seen = nodes.flatMap((node) => node.seen);
  t.equal(new Set(seen).size, seen.length, `${seen.length} runs after ${jumps} jumps, none twice`);
  const quarters = Array.from({ length: 8 }, (_, turn) =>
    nextDue({ cron: '*/15 * * * *', timeZone: 'UTC' }, settled + turn * 15 * MINUTE - 1),
  );
  t.same(
    quarters.filter((due) => !seen.includes(`${id} ${iso(due)}`)),
    [],
    'each quarter of an hour after the last jump was run',
  );
  t.same(
    nodes.flatMap(({ errors }) => errors),
    [],
  );
});

await onBoth('goes on at once when a clock that was ten years ahead is put right', async (t, { knex }) => {
  const [id] = (await seedConnections(knex, 1)) as [number];
  const { store, at, seen } = desk(knex);
  await store.put('probe', id, DAILY, START);
  await at('2036-06-01T03:00:00Z');
  await at('2026-06-01T12:00:00Z');
  t.match(await findSchedule(knex, 'probe', id), { nextDueAt: '2026-06-02T03:00:00.000Z' });
  await at('2026-06-02T03:00:30Z');
  t.same(seen, [`${id} 2036-06-01T03:00:00.000Z`, `${id} 2026-06-02T03:00:00.000Z`]);
});

t.test('a run that fails, hangs or is stopped says so, and the log says why', async (t) => {
  const { knex } = await freshSqlite(t);
  const ids = await seedConnections(knex, 3);
  const ways: (() => Promise<RunAnswer>)[] = [
    () => Promise.reject(new OperationError('PROBE_REFUSED', 'Nobody answered.')),
    () => Promise.reject(new Error('select secret from table')),
    () => new Promise(() => undefined),
  ];
  const way = ({ connectionId }: ScheduleRun) => (ways[ids.indexOf(connectionId)] as () => Promise<RunAnswer>)();
  const { store, at, runs, errors } = desk(knex, { run: way, runLimitMs: 50 });
  for (const id of ids) await store.put('probe', id, DAILY, START);
  await at('2026-06-01T03:00:00Z');
  const details = (await runs()).map(({ outcome, detail }) => `${outcome}: ${detail}`).sort();
  t.match(details, [
    /^failed: Nobody answered/,
    /^failed: This did not end within/,
    /^failed: This failed for a reason/,
  ]);
  t.match(errors, [{ message: 'select secret from table' }]);
  t.equal(errors.length, 1);
});

t.test('stopping waits for what runs, then calls it off', async (t) => {
  const { knex } = await freshSqlite(t);
  const [id] = (await seedConnections(knex, 1)) as [number];
  let called = 0;
  const run = ({ signal }: ScheduleRun) => {
    signal.addEventListener('abort', () => (called += 1));
    return new Promise<RunAnswer>(() => undefined);
  };
  const { store, waker, clock, runs, seen } = desk(knex, { run });
  await store.put('probe', id, DAILY, START);
  clock.now = Date.parse('2026-06-01T03:00:00Z');
  await waker.wake();
  await waker.stop(20);
  t.equal(called, 1);
  t.match(await runs(), [{ outcome: 'failed', detail: /The server stopped/ }]);
  clock.now += DAY;
  await waker.wake();
  t.equal(seen.length, 1, 'a stopped waker wakes no more');
});

t.test('eight runs go on at once, and one that ends makes room for the next', async (t) => {
  const { knex } = await freshSqlite(t);
  const ids = await seedConnections(knex, 20);
  let now = 0;
  let most = 0;
  const run = async (): Promise<RunAnswer> => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return { outcome: 'done' };
  };
  const { store, at, seen, runs } = desk(knex, { run });
  for (const id of ids) await store.put('probe', id, DAILY, START);
  await at('2026-06-01T03:00:00Z');
  t.equal(seen.length, 20);
  t.ok(most <= 8, `at most ${most} at once`);
  t.equal((await runs()).filter(({ outcome }) => outcome === 'done').length, 20);
});

t.test('a zone that cannot be read here stops nobody else, and kinds of other servers are left to them', async (t) => {
  const { knex } = await freshSqlite(t);
  const [broken, sound, foreign] = (await seedConnections(knex, 3)) as [number, number, number];
  const { store, at, seen, runs } = desk(knex);
  for (const id of [broken, sound]) await store.put('probe', id, DAILY, START);
  await store.put('unheard_of', foreign, DAILY, START);
  await knex('schedules').where({ connection_id: broken }).update({ time_zone: 'Europe/Atlantis' });
  await at('2026-06-01T03:00:00Z');
  t.same(seen, [`${sound} 2026-06-01T03:00:00.000Z`]);
  t.match(await runs(), [{ outcome: 'skipped', detail: /cannot be read here: .*Atlantis/ }, { outcome: 'done' }]);
  t.match(await findSchedule(knex, 'probe', broken), { nextDueAt: '2026-06-02T03:00:00.000Z' });
  t.match(await findSchedule(knex, 'unheard_of', foreign), { nextDueAt: '2026-06-01T03:00:00.000Z' });
});

t.test(
  'rows follow what the connections want; one that cannot be read does not keep the others from theirs',
  async (t) => {
    const { knex } = await freshSqlite(t);
    const [a, b, c] = (await seedConnections(knex, 3)) as [number, number, number];
    const { store, kind, errors } = desk(knex);
    const wanted = new Map<number, ScheduleTimes | null>([
      [a, DAILY],
      [c, DAILY],
    ]);
    const times = async (id: number) => {
      const found = wanted.get(id);
      if (found === undefined) throw new Error('unreadable');
      return found;
    };
    const log = { ...quiet, error: (fields: Record<string, unknown>) => void errors.push(fields['connectionId']) };
    const parts = { knex, store, kinds: new Map([[kind.name, { ...kind, times }]]), log, now: () => START };
    await syncAll(parts);
    t.same(
      (await knex('schedules').orderBy('connection_id')).map((row) => row.connection_id),
      [a, c],
    );
    t.same(errors, [b]);
    wanted.set(a, null).set(b, DAILY);
    for (const id of [a, b]) await syncSchedules(parts, id);
    t.same(
      (await knex('schedules').orderBy('connection_id')).map((row) => row.connection_id),
      [b, c],
    );
    await knex('connections').where({ id: b }).delete();
    t.equal((await knex('schedules')).length, 1, 'a connection takes its schedules along');
  },
);

t.test('looks at what is served every six hours, spread over them, where there is something to look at', async (t) => {
  const looked: number[] = [];
  const kind = certificateLook({
    watched: async (id) => id === 1,
    look: async (id) => void looked.push(id),
  });
  t.equal(await kind.times(2), null);
  const times = await kind.times(1);
  t.same(times, lookTimes(1), 'always the same');
  const moments = first(times as ScheduleTimes, '2026-06-01T00:00:00Z', 5).map((at) => Date.parse(at));
  t.same(
    moments.slice(1).map((at, index) => at - (moments[index] as number)),
    [6, 6, 6, 6].map((hours) => hours * HOUR),
  );
  const starts = Array.from({ length: 400 }, (_, id) => nextDue(lookTimes(id), START - 1) - START);
  t.ok(new Set(starts).size > 200, 'most connections have a minute of their own');
  t.ok(starts.every((start) => start < 6 * HOUR));
  const signal = new AbortController().signal;
  t.same(await kind.run({ connectionId: 1, dueAt: iso(START), scheduled: true, state: {}, signal }), {
    outcome: 'done',
  });
  t.same(looked, [1]);
});

t.test('chores come at their own pace, one after the other, and again after a failure', async (t) => {
  const done: string[] = [];
  const errors: unknown[] = [];
  const chore = (name: string, everyMs: number, fails = false) => ({
    name,
    everyMs,
    run: async () => {
      done.push(name);
      if (fails) throw new Error(name);
    },
  });
  const log = { ...quiet, error: (fields: Record<string, unknown>) => void errors.push(fields['chore']) };
  const chores = new Chores([chore('often', MINUTE), chore('bad', 5 * MINUTE, true), chore('rare', HOUR)], log);
  const { signal } = new AbortController();
  for (const minute of [0, 1, 2, 6, 60, -600]) await chores.round(START + minute * MINUTE, signal);
  t.same(done.join(' '), 'often bad rare often often often bad often bad rare often bad rare');
  t.same(errors, ['bad', 'bad', 'bad', 'bad']);
  await chores.round(START + 9 * DAY, AbortSignal.abort());
  t.equal(done.length, 13, 'none after the end');
});

t.test('rings each minute, once after a sleep, and goes on when the clock is set back', async (t) => {
  let wall = START + 30_000;
  const date = mock.method(Date, 'now', () => wall);
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  t.teardown(() => (mock.timers.reset(), date.mock.restore()));
  let elapsedMs = 0;
  const rings: string[] = [];
  const alarm = await eachMinute(() => void rings.push(iso(Date.now())), { elapsed: () => elapsedMs });
  t.teardown(() => alarm.stop());
  const pass = (ms: number) => {
    elapsedMs += ms;
    wall += ms;
    mock.timers.tick(ms);
  };
  for (let turn = 0; turn < 6; turn++) pass(30_000);
  t.same(rings, ['2026-06-01T00:01:00.000Z', '2026-06-01T00:02:00.000Z', '2026-06-01T00:03:00.000Z']);
  wall -= DAY;
  for (let turn = 0; turn < 10; turn++) pass(30_000);
  t.ok(rings.length >= 5, `${rings.length} rings: not silent for a day`);
  t.match(rings.at(-1), /^2026-05-31T00:0/);
  alarm.stop();
  const before = rings.length;
  for (let turn = 0; turn < 10; turn++) pass(30_000);
  t.equal(rings.length, before);
});

t.test('a server brings its schedules up to date when it starts, runs what is due and stops cleanly', async (t) => {
  const { knex } = await freshSqlite(t);
  const [id] = (await seedConnections(knex, 1)) as [number];
  await new ScheduleStore(knex, 'node-before').put('probe', id, DAILY, START);
  const ran = new Promise<ScheduleRun>((resolve) => {
    const kind: ScheduleKind = {
      name: 'probe',
      catchUpMs: DAY,
      times: async () => DAILY,
      run: async (run) => {
        resolve(run);
        return { outcome: 'done' };
      },
    };
    const server = hapi.server({ host: '127.0.0.1', port: 0, debug: false });
    t.teardown(() => server.stop());
    const options = { knex, nodeId: 'node-a', kinds: [kind], log: quiet, now: () => START + 4 * HOUR };
    void server.register({ plugin: schedules, options }).then(() => server.start());
  });
  t.match(await ran, { connectionId: id, dueAt: '2026-06-01T03:00:00.000Z', scheduled: true });
  const twice = { knex, nodeId: 'a', kinds: [{ name: 'x' }, { name: 'x' }] as ScheduleKind[], log: quiet };
  await t.rejects(hapi.server().register({ plugin: schedules, options: twice }), /expected each kind once/);
});
