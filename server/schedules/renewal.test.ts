/** When a renewal is due, when it runs, and how long it waits after failures. */
import Boom from '@hapi/boom';
import t, { type Test } from 'tap';
import { freshSqlite, seedConnections } from '../../tests/peers/databases.js';
import type { RenewalInfo } from '../acme/contract.js';
import type { RunRow } from './row.js';
import { dueOf, isReplaced, lifetimeDue, ourServed } from './renewal-due.js';
import { waitMs } from './renewal-ladder.js';
import { readState } from './renewal-state.js';
import { afterAnswer, afterSilence, asksAgain } from './renewal-window.js';
import { certificateRenewal, RENEWAL, type RenewalWorld } from './renewal.js';
import { findSchedule, ScheduleStore } from './store.js';
import { syncSchedules } from './sync.js';
import { Outside } from './testing/outside.js';
import { certificateOf, DAY, HOUR, iso, MINUTE, settingsOf, sighting } from './testing/settings.js';
import { Waker } from './waker.js';

const START = Date.parse('2026-06-01T00:00:00Z');
const TIMES = { cron: '0 3 * * *', timeZone: 'UTC' };
const FAILURE = { code: 'DNS_NOT_SEEN', message: 'The record was never seen.', hint: null, retryable: true };

const windowAt = (start: number, end: number, retryAfterMs = 6 * HOUR): RenewalInfo => ({
  ...{ windowStart: iso(start), windowEnd: iso(end), explanationUrl: null, retryAfterMs },
});

t.test('a third of the lifetime is left when it is due, give or take a tenth of it that never moves', async (t) => {
  for (const lifetimeMs of [6 * DAY, 47 * DAY, 90 * DAY, 398 * DAY]) {
    const certificate = certificateOf(7, START, lifetimeMs);
    const end = START + lifetimeMs;
    const dues = Array.from({ length: 200 }, (_, id) => (end - lifetimeDue(id, certificate)) / (lifetimeMs / 3));
    t.ok(dues.every((share) => share >= 0.9 && share <= 1.1));
    t.ok(Math.min(...dues) < 0.92 && Math.max(...dues) > 1.08, 'the whole width is used');
    t.equal(lifetimeDue(3, certificate), lifetimeDue(3, { ...certificate, id: 8, updatedAt: iso(end) }));
    t.not(lifetimeDue(3, certificate), lifetimeDue(3, certificateOf(9, START, lifetimeMs)));
  }
});

t.test('only our newest certificate counts, served, with the wanted names, and not replaced since', async (t) => {
  const settings = settingsOf();
  const [old, young] = [certificateOf(1, START, 90 * DAY), certificateOf(2, START + DAY, 90 * DAY)];
  const ours = (...stored: (typeof old)[]) => ourServed({ settings, stored, served: [] }, settings)?.id ?? null;
  t.equal(ours(), null);
  t.equal(ours(young, { ...old, status: 'superseded' }), 2);
  t.equal(ours({ ...young, status: 'planned' }, old), 1, 'what was never issued is no certificate');
  for (const status of ['issued', 'installed'] as const)
    t.equal(ours({ ...young, status }, old), null, `${status} is to be brought there`);
  t.equal(ours({ ...young, status: 'revoked' }, { ...old, status: 'superseded' }), null);
  t.equal(ours({ ...young, names: ['www.example.test', 'more.example.test'] }), null, 'other names are wanted');

  const later = Date.parse(young.updatedAt) + HOUR;
  t.equal(isReplaced(young, []), false);
  t.equal(isReplaced(young, [sighting(young.serialNumber, later), sighting(null, later)]), false);
  t.equal(isReplaced(young, [sighting(old.serialNumber, later - DAY)]), false, 'seen before it was served');
  t.equal(isReplaced(young, [sighting(young.serialNumber, later), sighting(old.serialNumber, later)]), true);
});

t.test('the window comes first; without one, or with one after the end, the lifetime counts', async (t) => {
  const certificate = certificateOf(1, START, 90 * DAY);
  const chance = { now: START, random: () => 0.5 };
  const due = (info: RenewalInfo | null) => {
    const ari = afterAnswer(null, 1, info, chance);
    return dueOf(1, certificate, { ari, times: TIMES, now: START });
  };
  t.same(due(windowAt(START + 50 * DAY, START + 52 * DAY)), { at: START + 51 * DAY, reason: 'ari' });
  const byLifetime = { at: lifetimeDue(1, certificate), reason: 'lifetime' };
  t.same(due(null), byLifetime);
  t.same(due(windowAt(START + 95 * DAY, START + 97 * DAY)), byLifetime, 'after the end');
  t.same(due(windowAt(START + 52 * DAY, START + 50 * DAY)), byLifetime, 'upside down');
  t.same(dueOf(1, null, { ari: null, times: TIMES, now: START }), { at: START, reason: 'missing' });
  const ofAnother = afterAnswer(null, 99, windowAt(START, START + DAY), chance);
  t.same(dueOf(1, certificate, { ari: ofAnother, times: TIMES, now: START }), byLifetime);
});

t.test('where the schedule’s moments miss the rest of the window, the last one before it counts', async (t) => {
  const certificate = certificateOf(1, START, 90 * DAY);
  const [start, end] = [START + 50 * DAY + 5 * HOUR, START + 50 * DAY + 11 * HOUR];
  const ari = afterAnswer(null, 1, windowAt(start, end), { now: START, random: () => 0.5 });
  const due = (cron: string, now = START) => iso(dueOf(1, certificate, { ari, times: { ...TIMES, cron }, now }).at);
  t.equal(due('0 * * * *'), iso(start + 3 * HOUR), 'one lies between');
  t.equal(due('0 3 * * *'), iso(START + 50 * DAY + 3 * HOUR));
  t.equal(
    due('0 3 * * *', START + 50 * DAY + 3 * HOUR),
    iso(START + 50 * DAY + 3 * HOUR),
    'also at that moment itself',
  );
  t.equal(due('0 3 * * *', START + 50 * DAY + 4 * HOUR), iso(start + 3 * HOUR), 'a moment that is over is no help');
});

t.test(
  'a moment of the window is drawn once and kept while the window stays; the CA is asked when it says',
  async (t) => {
    const info = windowAt(START + DAY, START + 3 * DAY);
    const rolls = [0.25, 0.75, 0.5];
    const random = () => rolls.shift() ?? 0;
    const drawn = afterAnswer(null, 1, info, { now: START, random });
    t.match(drawn, { chosenAt: iso(START + 1.5 * DAY), checkAgainAt: iso(START + 6 * HOUR) });
    const again = afterAnswer(JSON.parse(JSON.stringify(drawn)), 1, info, { now: START + HOUR, random });
    t.match(again, { chosenAt: drawn.chosenAt, checkAgainAt: iso(START + 7 * HOUR) }, 'kept, also after a restart');
    const moved = afterAnswer(again, 1, windowAt(START, START + 2 * DAY), { now: START, random });
    t.equal(moved.chosenAt, iso(START + 1.5 * DAY), 'drawn anew');
    t.equal(
      afterAnswer(moved, 2, info, { now: START, random }).chosenAt,
      iso(START + 2 * DAY),
      'of another certificate',
    );
    t.equal(rolls.length, 0);

    t.equal(asksAgain(null, 1, START), true);
    t.equal(asksAgain(drawn, 2, START), true);
    t.equal(asksAgain(drawn, 1, START + 6 * HOUR - 1), false);
    t.equal(asksAgain(drawn, 1, START + 6 * HOUR), true);
    t.equal(asksAgain(drawn, 1, START - 5 * DAY), true, 'the clock was set back');
    for (const [retryAfterMs, waitedMs] of [
      [0, MINUTE],
      [HOUR, HOUR],
      [30 * DAY, DAY],
    ] as const)
      t.equal(
        afterAnswer(null, 1, windowAt(START, START + 1, retryAfterMs), { now: START, random }).checkAgainAt,
        iso(START + waitedMs),
      );
    t.match(afterAnswer(null, 1, null, { now: START, random }), { chosenAt: null, checkAgainAt: iso(START + DAY) });
    const silent = { chosenAt: drawn.chosenAt, checkAgainAt: iso(START + 7 * HOUR) };
    t.match(afterSilence(drawn, 1, START + 6 * HOUR), silent, 'what was known stays');
    t.match(afterSilence(drawn, 2, START), { certificateId: 2, chosenAt: null });
  },
);

t.test('waits 1, 10 and 100 minutes after failures, then a day each', async (t) => {
  t.same(
    [1, 2, 3, 4, 5, 50].map((failures) => waitMs(failures) / MINUTE),
    [1, 10, 100, 1440, 1440, 1440],
  );
});

/** One connection with a renewal schedule, run by a waker on the hand clock. */
async function bench(t: Test, cron = '0 3 * * *', more: Partial<RenewalWorld> = {}) {
  const { knex } = await freshSqlite(t);
  const [id] = (await seedConnections(knex, 1)) as [number];
  const outside = new Outside(START);
  const site = outside.site(id, { settings: settingsOf({ cron }) });
  const world = { ...outside.world(knex, () => 0.5), ...more };
  const renewal = certificateRenewal(world);
  const store = new ScheduleStore(knex, 'node-a');
  const kinds = new Map([[RENEWAL, renewal.kind]]);
  const errors: unknown[] = [];
  const log = { info: () => undefined, error: (fields: Record<string, unknown>) => void errors.push(fields['err']) };
  const waker = new Waker({ store, kinds, log, now: () => outside.now });
  const sync = () => syncSchedules({ store, kinds, now: () => outside.now }, id);
  await sync();
  const at = async (instant: string | number) => {
    outside.now = typeof instant === 'number' ? instant : Date.parse(instant);
    outside.settle();
    await waker.wake();
    await waker.idle();
    const planned = await renewal.planned(id);
    const facts = await world.facts(id);
    const among = await renewal.plannedOf(new Map(facts ? [[id, facts]] : []));
    t.strictSame(among.get(id) ?? null, planned, 'the same among many');
    return planned;
  };
  /** From full minute to full minute, without those at which nothing is due and nothing ends. */
  const until = async (instant: string) => {
    const end = Date.parse(instant);
    while (outside.now < end) {
      const dueAt = Date.parse((await findSchedule(knex, RENEWAL, id))?.nextDueAt ?? '');
      const next = Math.min(dueAt, outside.nextEnd ?? Infinity, end);
      await at(Math.max(Math.ceil(next / MINUTE) * MINUTE, outside.now + MINUTE));
    }
  };
  const last = async () => {
    const [run] = await knex<RunRow>('schedule_runs').orderBy('due_at', 'desc').limit(1);
    return run;
  };
  const state = async () => readState((await findSchedule(knex, RENEWAL, id))?.state ?? {});
  return { knex, id, outside, site, renewal, at, until, last, state, sync, errors };
}

t.test('what is missing is made at the next moment of the schedule, once, and renewed when it is time', async (t) => {
  const { renewal, id, outside, site, at, until, last } = await bench(t);
  t.match(await renewal.planned(id), {
    ...{ automatic: true, reason: 'missing', dueAt: iso(START), runsAt: '2026-06-01T03:00:00.000Z' },
    ...{ waitsUntil: null, waitsBecause: null, failures: 0 },
  });
  await at('2026-06-01T02:59:59Z');
  t.equal(outside.starts.length, 0);
  await at('2026-06-01T03:00:10Z');
  t.match(await last(), { outcome: 'started', operation_id: 'started-1', detail: 'A renewal was started.' });
  await until('2026-06-01T03:10:00Z');
  t.equal(outside.starts.length, 1);
  t.match(await last(), { outcome: 'not_due' });
  const due = lifetimeDue(id, site.stored[0] ?? certificateOf(0, 0, 0));
  const planned = await renewal.planned(id);
  t.match(planned, { reason: 'lifetime', dueAt: iso(due) });
  t.ok(Date.parse(planned?.runsAt ?? '') - due < DAY && (planned?.runsAt ?? '') >= (planned?.dueAt ?? ''));
  await at(Date.parse(planned?.runsAt ?? '') - DAY);
  t.equal(outside.starts.length, 1);
  await at(Date.parse(planned?.runsAt ?? ''));
  t.equal(outside.starts.length, 2);
});

t.test('waits 1, 10, 100 minutes, then daily, says why and until when, and starts anew after a success', async (t) => {
  const { outside, site, until, renewal, id, state, at } = await bench(t);
  site.endings = Array.from({ length: 6 }, () => FAILURE);
  await until('2026-06-01T03:03:00Z');
  t.match(await renewal.planned(id), {
    ...{ failures: 1, waitsUntil: '2026-06-01T03:04:00.000Z', runsAt: '2026-06-01T03:04:00.000Z' },
    waitsBecause: 'The last renewal failed: The record was never seen.',
  });
  await until('2026-06-01T06:00:00Z');
  t.match(await renewal.planned(id), {
    ...{ failures: 4, waitsUntil: '2026-06-02T05:03:00.000Z', runsAt: '2026-06-02T05:03:00.000Z' },
    waitsBecause: '4 renewals in a row failed, the last one: The record was never seen.',
  });
  await at('2026-06-02T03:00:00Z');
  t.equal(outside.starts.length, 4, 'a moment of the schedule does not cut the wait short');
  await until('2026-06-03T06:00:00Z');
  const minutes = outside.starts.map((start) => Math.round((start.at - (outside.starts[0]?.at ?? 0)) / MINUTE));
  t.same(
    minutes.slice(1).map((minute, index) => minute - (minutes[index] as number) - 3),
    [1, 10, 100, 1440, 1440],
    'minutes between an end and the next start, looked at each minute',
  );
  t.equal((await state()).failures, 6);
  await until('2026-06-04T06:00:00Z');
  t.equal(outside.starts.length, 7);
  t.same(
    [site.stored.length, (await state()).failures, (await state()).because],
    [1, 0, null],
    'the seventh succeeded',
  );
  t.match(await renewal.planned(id), { failures: 0, waitsUntil: null, reason: 'lifetime' });
});

t.test('what a person renewed meanwhile ends the waiting, and a running one is joined, not doubled', async (t) => {
  const { outside, site, at, until, id, state, last } = await bench(t);
  site.endings = [FAILURE, FAILURE];
  await until('2026-06-01T03:15:00Z');
  t.equal((await state()).failures, 2);
  site.stored = [certificateOf(50, outside.now, 90 * DAY)];
  await until('2026-06-01T03:30:00Z');
  t.match(await state(), { failures: 0, notBefore: null });
  t.equal(outside.starts.length, 2);

  site.stored = [];
  outside.now = Date.parse('2026-06-02T02:59:00Z');
  outside.start(id);
  await at('2026-06-02T03:00:00Z');
  t.match(await last(), { outcome: 'waiting', operation_id: 'started-3', detail: 'A renewal was running already.' });
  t.equal(outside.joined, 1);
  await at('2026-06-02T03:01:00Z');
  t.match(await last(), { outcome: 'waiting', detail: 'The last renewal is still running.' });
  await until('2026-06-02T03:05:00Z');
  t.match(await last(), { outcome: 'not_due' });
});

t.test('a cancelled one is left alone for a day', async (t) => {
  const { outside, at, id, until } = await bench(t, '* * * * *');
  await at('2026-06-01T03:00:00Z');
  outside.cancel(id);
  const planned = await at('2026-06-01T03:01:00Z');
  t.match(planned, { failures: 0, waitsUntil: '2026-06-02T03:00:00.000Z', waitsBecause: /was cancelled/ });
  await until('2026-06-01T06:00:00Z');
  t.equal(outside.starts.length, 1);
  await at('2026-06-02T03:00:00Z');
  t.equal(outside.starts.length, 2);
});

t.test('a window that moves into the past makes it due at the next check; the CA is asked as it says', async (t) => {
  const { outside, site, at, until, state, last, renewal, id } = await bench(t);
  site.stored = [certificateOf(1, START - DAY, 90 * DAY)];
  let window = windowAt(START + 58 * DAY, START + 60 * DAY, 6 * HOUR);
  site.window = () => window;
  await at('2026-06-01T03:00:00Z');
  t.match(await renewal.planned(id), { reason: 'ari', dueAt: iso(START + 59 * DAY) });
  await until('2026-06-01T20:00:00Z');
  t.equal(outside.asked, 3, 'at 3, 9 and 15 o’clock');
  const chosen = (await state()).ari?.chosenAt;
  window = windowAt(START - 9 * DAY, START - 8 * DAY, 6 * HOUR);
  await until('2026-06-01T20:59:00Z');
  t.equal((await state()).ari?.chosenAt, chosen);
  await until('2026-06-01T21:02:00Z');
  t.equal(outside.asked, 4);
  t.match(await last(), { outcome: 'waiting', detail: /waits for the next moment/ });
  t.match(await renewal.planned(id), { reason: 'ari', runsAt: '2026-06-02T03:00:00.000Z', failures: 0 });
  t.ok(((await renewal.planned(id))?.dueAt ?? '') < iso(outside.now));
  await at('2026-06-02T03:00:00Z');
  t.equal(outside.starts.length, 1, 'now');
});

t.test('a CA that cannot be asked holds nothing up', async (t) => {
  const { at, state, last, errors } = await bench(t, '0 3 * * *', {
    facts: async () => ({ settings: settingsOf(), stored: [certificateOf(1, START, 90 * DAY)], served: [] }),
    renewalInfo: () => Promise.reject(new Error('unreachable')),
  });
  await at('2026-06-01T03:00:00Z');
  t.match(await last(), { outcome: 'not_due' });
  t.match(await state(), { ari: { certificateId: 1, chosenAt: null, checkAgainAt: '2026-06-01T04:00:00.000Z' } });
  t.same(errors, []);
});

t.test('a refused start counts as a failure, one that something else holds up does not', async (t) => {
  const refusals = [
    Boom.conflict('This operation is running with other params.', { code: 'OP_BUSY' }),
    new Boom.Boom('No such DNS credential.', { statusCode: 422, data: { code: 'DNS_CREDENTIAL_UNKNOWN' } }),
    new Error('database is locked'),
  ];
  const start = () => Promise.reject(refusals.shift() ?? new Error('none left'));
  const { at, last, renewal, id, errors } = await bench(t, '0 * * * *', { start });
  await at('2026-06-01T03:00:00Z');
  t.match(await last(), { outcome: 'waiting', detail: /other params/ });
  t.match(await renewal.planned(id), { failures: 0, waitsUntil: null });
  await at('2026-06-01T04:00:00Z');
  t.match(await last(), { outcome: 'failed', detail: 'No such DNS credential.' });
  t.match(await renewal.planned(id), { failures: 1, waitsBecause: 'The last renewal failed: No such DNS credential.' });
  t.same(errors, []);
  await at('2026-06-01T04:01:00Z');
  t.match(await last(), { outcome: 'failed', detail: /the server log says/ });
  t.match(errors, [{ message: 'database is locked' }]);
});

t.test('before it is made anew because another one was seen, it is looked at again', async (t) => {
  const { outside, site, at, id } = await bench(t);
  site.stored = [certificateOf(1, START - DAY, 90 * DAY)];
  site.served = [sighting('FFFF', START)];
  await at('2026-06-01T03:00:00Z');
  t.same([outside.looks, outside.starts.length], [[id], 1], 'still another one');
  outside.settle();
  site.stored = [certificateOf(1, START - DAY, 90 * DAY)];
  const {
    at: again,
    outside: world,
    site: place,
  } = await bench(t, '0 3 * * *', {
    look: async () => void (place.served = [sighting(place.stored[0]?.serialNumber ?? null, START + HOUR)]),
  });
  place.stored = [certificateOf(1, START - DAY, 90 * DAY)];
  place.served = [sighting('FFFF', START)];
  t.match(await again('2026-06-01T03:00:00Z'), { reason: 'lifetime' });
  t.equal(world.starts.length, 0, 'it was there after all');
});

t.test('without automatic renewal it is only told when it would be due', async (t) => {
  const { knex, outside, site, at, id, sync, renewal, last } = await bench(t);
  site.settings = settingsOf({ automatic: false });
  await at('2026-06-01T03:00:00Z');
  t.match(await last(), { outcome: 'not_due', detail: 'It is not renewed automatically.' });
  t.match(await renewal.planned(id), { automatic: false, reason: 'missing', runsAt: null });
  await sync();
  t.equal(await findSchedule(knex, RENEWAL, id), null);
  site.settings = null;
  t.equal(await renewal.planned(id), null);
  t.equal(await renewal.planned(99), null, 'of a connection that is gone');
  t.equal(outside.starts.length, 0);
});
