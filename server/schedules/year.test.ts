/** 400 days by a clock in the hand: five time zones, three nodes on one database, every due renewal once. */
import t, { type Test } from 'tap';
import type { Knex } from 'knex';
import { migrate, openDatabase } from '../../db/knexfile.js';
import { freshSqlite, seedConnections, type FreshDatabase } from '../../tests/peers/databases.js';
import { startPostgres } from '../../tests/peers/postgres.js';
import { certificateLook } from './certificate-look.js';
import type { ScheduleKind } from './contract.js';
import { dueOf } from './renewal-due.js';
import { certificateRenewal } from './renewal.js';
import { ScheduleStore } from './store.js';
import { syncSchedules } from './sync.js';
import { Outside, type Site } from './testing/outside.js';
import { DAY, HOUR, iso, MINUTE, settingsOf } from './testing/settings.js';
import { Waker } from './waker.js';

const FULL = Boolean(process.env['SIGNALBOX_TEST_FULL']);
const DAYS = FULL ? 400 : 40;
const SEED = 20_261_025;
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
/** With a moment that is left out or comes twice when the clocks change, or a rare one. */
const CRONS = ['30 2 * * *', '15,45 1 * * 0,2,4,6'];
const LIFETIMES = [6 * DAY, 47 * DAY];

/** The same numbers in each run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Node {
  waker: Waker;
  store: ScheduleStore;
  kinds: Map<string, ScheduleKind>;
  errors: unknown[];
}

function node(name: string, knex: Knex, outside: Outside, roll: () => number): Node {
  const errors: unknown[] = [];
  const log = { info: () => undefined, error: (fields: Record<string, unknown>) => void errors.push(fields['err']) };
  const world = outside.world(knex, roll);
  const look = certificateLook({
    watched: async (connectionId) => connectionId === 1,
    look: world.look,
  });
  const kinds = new Map([certificateRenewal(world).kind, look].map((kind) => [kind.name, kind]));
  const store = new ScheduleStore(knex, name);
  return { store, kinds, errors, waker: new Waker({ store, kinds, log, now: () => outside.now }) };
}

async function freshPostgres(t: Test): Promise<FreshDatabase> {
  const postgres = await startPostgres();
  t.teardown(() => postgres.stop());
  const settings = { databaseUrl: postgres.url, dataDir: '' };
  const knex = openDatabase(settings);
  t.teardown(() => knex.destroy());
  await migrate(knex);
  return { knex, settings };
}

/** An SQLite file has one process, which is shared here; of PostgreSQL each node has connections of its own. */
async function nodesOn(t: Test, { knex, settings }: FreshDatabase, outside: Outside, roll: () => number) {
  const own = (): Knex => (settings.databaseUrl === null ? knex : openDatabase(settings));
  const all = [knex, own(), own()];
  t.teardown(() => Promise.all(all.slice(1).map((each) => each.destroy())));
  // What a power cut would cost is not the question here.
  if (settings.databaseUrl === null) await knex.raw('PRAGMA synchronous = OFF');
  return all.map((each, index) => node(`node-${index + 1}`, each, outside, roll));
}

/** Two in each zone; the second ones have a CA that suggests windows. */
function furnish(outside: Outside, ids: number[]): void {
  for (const [index, id] of ids.entries()) {
    const [timeZone, turn] = [ZONES[index % ZONES.length] as string, Math.floor(index / ZONES.length)];
    const lifetimeMs = LIFETIMES[turn] as number;
    const window: Site['window'] = ({ notAfter }) => {
      const end = Date.parse(notAfter ?? '');
      const about = { windowStart: iso(end - lifetimeMs / 2), windowEnd: iso(end - lifetimeMs / 4) };
      return { ...about, explanationUrl: null, retryAfterMs: 20 * HOUR };
    };
    const settings = settingsOf({ cron: CRONS[turn] as string, timeZone });
    outside.site(id, { settings, lifetimeMs, window: turn === 1 ? window : null });
  }
}

async function nextDueAt(knex: Knex): Promise<number> {
  const [row] = (await knex('schedules').min('next_due_at as at')) as { at: string }[];
  return Date.parse(row?.at ?? '');
}

/** From due time to due time, each with the delay that the next full minute has. */
async function live(knex: Knex, nodes: Node[], outside: Outside, until: number, roll: () => number): Promise<void> {
  while (outside.now < until) {
    const next = Math.min(await nextDueAt(knex), outside.nextEnd ?? Infinity);
    outside.now = Math.max(next, outside.now) + Math.floor(roll() * MINUTE);
    outside.settle();
    // Any of them may be the first.
    const order = nodes.map((each) => ({ each, place: roll() })).sort((a, b) => a.place - b.place);
    await Promise.all(order.map(({ each }) => each.waker.wake()));
    await Promise.all(nodes.map(({ waker }) => waker.idle()));
  }
}

async function yearOn(t: Test, database: FreshDatabase, from: number, days: number): Promise<void> {
  const roll = dice(SEED);
  const outside = new Outside(from);
  const ids = await seedConnections(database.knex, 2 * ZONES.length);
  furnish(outside, ids);
  const nodes = await nodesOn(t, database, outside, roll);
  const [first] = nodes as [Node];
  for (const id of ids) await syncSchedules({ store: first.store, kinds: first.kinds, now: () => outside.now }, id);
  await live(database.knex, nodes, outside, from + days * DAY, roll);
  t.same(
    nodes.flatMap(({ errors }) => errors),
    [],
    'nothing went wrong on any node',
  );

  const renewed = outside.starts.map(({ connectionId, certificateId }) => `${connectionId}/${certificateId}`);
  t.equal(new Set(renewed).size, renewed.length, `${renewed.length} renewals, none twice`);
  t.equal(outside.joined, 0);
  const expired: string[] = [];
  let ended = 0;
  for (const [id, { settings, stored }] of outside.sites) {
    const times = { cron: settings?.renewal.cron ?? '', timeZone: settings?.renewal.timeZone ?? '' };
    for (const [index, certificate] of stored.entries()) {
      const successor = stored[index - 1];
      const endsAt = Date.parse(certificate.notAfter ?? '');
      if (successor) ended += 1;
      if (Date.parse(successor?.notBefore ?? iso(outside.now)) > endsAt) expired.push(`${id}/${certificate.id}`);
      const start = outside.starts.find((each) => each.certificateId === certificate.id && each.connectionId === id);
      // With a window of the CA's it may come earlier than by its lifetime; that is a test of its own.
      if (!start || outside.sites.get(id)?.window) continue;
      const due = dueOf(id, certificate, { ari: null, times, now: Date.parse(certificate.notBefore ?? '') });
      t.ok(start.at >= due.at, `connection ${id} is not renewed before it is due`);
    }
  }
  t.same(expired, [], 'none runs out');
  t.equal(ended + ids.length, renewed.length, 'each was replaced by the one that its renewal made');

  const runs = (await database.knex('schedule_runs').select('node_id', 'outcome')) as Record<string, string>[];
  t.equal(new Set(runs.map(({ node_id }) => node_id)).size, 3, 'each of the nodes has had its part');
  t.equal(runs.filter(({ outcome }) => outcome === null || outcome === 'failed').length, 0);
  t.equal(runs.filter(({ outcome }) => outcome === 'started').length, renewed.length);
  t.equal(runs.filter(({ outcome }) => outcome === 'done').length, outside.looks.length);
  t.comment(
    `${runs.length} runs, ${renewed.length} renewals, ${outside.looks.length} looks, ${outside.asked} questions`,
  );
}

t.test(`${DAYS} days in five time zones on three nodes: each due renewal once (SQLite)`, async (t) => {
  await yearOn(t, await freshSqlite(t), Date.parse('2026-09-30T12:00:00Z'), DAYS);
});

t.test(`${DAYS / 10} days in five time zones on three nodes: each due renewal once (PostgreSQL)`, async (t) => {
  await yearOn(t, await freshPostgres(t), Date.parse('2026-10-23T12:00:00Z'), DAYS / 10);
});
