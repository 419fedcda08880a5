/** The settings that an admin changes while the server runs: what the API says, and what live clients and other nodes do. */
import { createHash } from 'node:crypto';
import t, { type Test } from 'tap';
import { RawClient } from '../server/realtime/testing/raw-client.js';
import type { SettingsView, SwitchChange } from '../server/switches/contract.js';
import { Switches } from '../server/switches/switches.js';
import { bothDatabases } from './peers/databases.js';
import { addUser, signIn, startHouse, until, visitor, type LocalHouse, type Visitor } from './peers/house.js';
import { startPostgres } from './peers/postgres.js';

const ON = { realtime: 'on', realtimeRollout: 100 } as const;

async function houseOf(t: Test, env: Record<string, string> = {}): Promise<LocalHouse & { admin: Visitor }> {
  const house = await startHouse(env);
  t.teardown(() => house.stop());
  return { ...house, admin: await signIn(house.url) };
}

/** A socket to the house; open or refused. */
async function knock(t: Test, { url }: LocalHouse): Promise<{ status: number; client: RawClient }> {
  const client = new RawClient(`${url.replace('http', 'ws')}/realtime`);
  t.teardown(() => client.end());
  return { client, status: await client.opened() };
}

/** A client that follows the fleet live. */
async function follow(t: Test, house: LocalHouse, { token }: Visitor): Promise<RawClient> {
  const { client } = await knock(t, house);
  t.equal((await client.hello(token)).statusCode, undefined);
  t.equal((await client.ask({ type: 'sub', path: '/operations' })).statusCode, undefined);
  return client;
}

const change = async (who: Visitor, changes: SwitchChange) => who.call('PATCH', '/settings', changes);
const see = async (who: Visitor) => (await who.call('GET', '/settings')).body as unknown as SettingsView;
const transportOf = async (who: Visitor) => (await who.call('GET', '/realtime')).body['transport'];
const stampOf = (username: string) => ({ changedBy: username, changedAt: /^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/ });

async function tells(client: RawClient): Promise<unknown> {
  const { message } = await client.next(({ type }) => type === 'update');
  return message;
}

t.test('shows admins what counts and where it comes from, and writes down who changed it', async (t) => {
  const house = await houseOf(t, { SIGNALBOX_REALTIME_ROLLOUT: '40' });
  const { admin } = house;
  const environment = { realtime: 'on', realtimeRollout: 40 };
  const untouched = { ...environment, environment, overrides: { realtime: null, realtimeRollout: null } };
  t.strictSame(await see(admin), untouched);

  const changed = await change(admin, { realtimeRollout: 25 });
  t.equal(changed.status, 200);
  t.match(changed.body, { realtime: 'on', realtimeRollout: 25, environment });
  t.match(changed.body['overrides'], { realtime: null, realtimeRollout: { value: 25, ...stampOf('admin') } });
  t.strictSame(await see(admin), changed.body);
  const again = await change(admin, { realtimeRollout: 25 });
  t.strictSame(again.body, changed.body, 'the same again changes nothing, not even the time');
  t.match((await change(admin, { realtimeRollout: 40 })).body, {
    realtimeRollout: 40,
    overrides: { realtimeRollout: { value: 40 } },
  });
  t.strictSame((await change(admin, { realtimeRollout: null, realtime: null })).body, untouched);

  const { body } = await admin.call('GET', '/audit?action=settings.update');
  const rows = body['entries'] as { actor: string; target: string; outcome: string; detail: unknown }[];
  t.match(rows[0], { actor: 'admin', target: 'settings', outcome: 'ok', address: '127.0.0.1' });
  t.strictSame(
    rows.map(({ detail }) => detail),
    [
      { realtimeRollout: { from: 40, to: 40, override: false } },
      { realtimeRollout: { from: 25, to: 40, override: true } },
      { realtimeRollout: { from: 40, to: 25, override: true } },
    ],
  );
});

t.test('refuses who is no admin, and what is no setting', async (t) => {
  const house = await houseOf(t);
  const { admin } = house;
  const nobody = visitor(house.url, '');
  t.equal((await nobody.call('GET', '/settings')).status, 401);
  t.equal((await change(nobody, { realtime: 'off' })).status, 401);
  for (const role of ['viewer', 'operator'] as const) {
    const user = await addUser(admin, role, role);
    t.match(await user.call('GET', '/settings'), { status: 403, body: { code: 'FORBIDDEN' } }, role);
    t.match(await change(user, { realtime: 'off' }), { status: 403, body: { code: 'FORBIDDEN' } }, role);
  }
  const mistakes: [unknown, string[]][] = [
    [{ realtime: 'maybe' }, ['/realtime']],
    [{ realtime: true }, ['/realtime']],
    [{ realtimeRollout: 101 }, ['/realtimeRollout']],
    [{ realtimeRollout: -1 }, ['/realtimeRollout']],
    [{ realtimeRollout: 2.5 }, ['/realtimeRollout']],
    [{ realtimeRollout: '25' }, ['/realtimeRollout']],
    [{ realtimeRollout: '' }, ['/realtimeRollout']],
    [{ realtime: 'maybe', realtimeRollout: 101 }, ['/realtime', '/realtimeRollout']],
    [{ realtime: 'off', leaseSeconds: 1 }, ['/leaseSeconds']],
    [{}, ['']],
    [[], ['']],
  ];
  for (const [payload, pointers] of mistakes) {
    const answer = await admin.call('PATCH', '/settings', payload);
    t.match(answer, { status: 400, body: { code: 'VALIDATION_FAILED' } }, JSON.stringify(payload));
    const errors = answer.body['errors'] as { pointer: string }[];
    t.strictSame([...new Set(errors.map(({ pointer }) => pointer))], pointers);
  }
  t.match(await see(admin), { ...ON, overrides: { realtime: null, realtimeRollout: null } }, 'nothing was taken over');
  t.strictSame((await admin.call('GET', '/audit?action=settings.update')).body['entries'], []);
});

t.test('off closes every socket with a hint, refuses new ones, and polling goes on', async (t) => {
  const house = await houseOf(t);
  const { admin } = house;
  const clients = await Promise.all([follow(t, house, admin), follow(t, house, admin)]);
  const { client: stranger } = await knock(t, house);
  await change(admin, { realtime: 'off' });
  for (const client of clients) {
    const { event, retryAfterMs } = (await tells(client)) as { event: string; retryAfterMs: number };
    t.equal(event, 'realtime:off');
    t.ok(Number.isInteger(retryAfterMs) && retryAfterMs >= 0 && retryAfterMs <= 2_000, String(retryAfterMs));
    t.strictSame(await client.closed, { code: 1012, reason: 'The live feed is switched off.' });
  }
  t.equal((await stranger.closed).code, 1012);
  t.strictSame(stranger.heard, [], 'who has not said who he is hears nothing');
  t.equal((await knock(t, house)).status, 503);
  t.match((await admin.call('GET', '/realtime')).body, { transport: 'polling', pollIntervalMs: 5_000 });
  const list = await admin.call('GET', '/operations');
  const etag = list.headers.get('etag') ?? '';
  t.equal((await admin.call('GET', '/operations', undefined, { 'if-none-match': etag })).status, 304);

  await change(admin, { realtime: 'on' });
  t.equal(await transportOf(admin), 'websocket');
  const back = await follow(t, house, admin);
  await change(admin, { realtimeRollout: 50 });
  t.equal((await back.ask({ type: 'unsub', path: '/operations' })).statusCode, undefined, 'and it stays open');
});

t.test('the rollout changes only what GET /realtime says, and always the same for a user', async (t) => {
  const house = await houseOf(t);
  const { admin } = house;
  const live = await follow(t, house, admin);
  const share = createHash('sha256').update('admin').digest().readUInt32BE(0) % 100;
  const said = async (realtimeRollout: number) => {
    await change(admin, { realtimeRollout });
    const first = await transportOf(admin);
    t.equal(await transportOf(await signIn(house.url)), first, 'in another session too');
    return first;
  };
  t.equal(await said(0), 'polling');
  t.equal((await knock(t, house)).status, 101, 'a socket is not refused');
  t.equal(await said(share), 'polling');
  t.equal(await said(share + 1), 'websocket');
  t.equal(await said(100), 'websocket');
  t.equal(await said(0), 'polling');
  t.equal((await live.ask({ type: 'unsub', path: '/operations' })).statusCode, undefined, 'and the old one lives');
  t.strictSame(
    live.heard.filter(({ type }) => type === 'update'),
    [],
  );
});

t.test('every node of one database obeys, also after a restart', async (t) => {
  const postgres = await startPostgres();
  t.teardown(() => postgres.stop());
  const env = { DATABASE_URL: await postgres.freshDatabase() };
  const first = await houseOf(t, env);
  const second = await houseOf(t, env);
  const client = await follow(t, second, second.admin);
  await change(first.admin, { realtime: 'off', realtimeRollout: 30 });
  t.match(await tells(client), { event: 'realtime:off', retryAfterMs: Number });
  t.equal((await client.closed).code, 1012);
  t.equal((await knock(t, second)).status, 503);
  t.strictSame(await see(second.admin), await see(first.admin));
  t.equal(await transportOf(second.admin), 'polling');

  const third = await houseOf(t, { ...env, SIGNALBOX_REALTIME: 'on' });
  t.match(await see(third.admin), { realtime: 'off', environment: ON, overrides: { realtime: stampOf('admin') } });
  t.equal((await knock(t, third)).status, 503);
  t.match(third.log(), /"overrides":\{"realtime":\{"value":"off","changedBy":"admin"/, 'and its log says so');
  t.notMatch(second.log(), /"overrides"/);

  await change(second.admin, { realtime: null });
  t.equal((await knock(t, second)).status, 101, 'here at once');
  for (const { admin } of [first, third]) {
    const { realtime, overrides } = await until(
      () => see(admin),
      (view) => view.realtime === 'on',
    );
    t.match({ realtime, overrides }, { realtime: 'on', overrides: { realtime: null, realtimeRollout: { value: 30 } } });
  }
});

const onBoth = await bothDatabases(t);

await onBoth('keeps the newest of what is changed and read at the same moment', async (t, { knex }) => {
  const clock = () => Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  const switches = await Switches.load(knex, ON, clock);
  const turns = [25, 50, 75].flatMap((realtimeRollout) => [
    switches.reload(),
    switches.change({ realtimeRollout, realtime: 'on' }, 'mira'),
  ]);
  const [, first, , second] = await Promise.all([...turns, switches.reload()]);
  t.strictSame(first, {
    realtime: { from: 'on', to: 'on', override: true },
    realtimeRollout: { from: 100, to: 25, override: true },
  });
  t.strictSame(second, { realtimeRollout: { from: 25, to: 50, override: true } });
  t.equal(switches.realtimeRollout, 75);
  const override = { changedBy: 'mira', changedAt: '2026-01-02T03:04:05.006Z' };
  const stored = { realtime: { value: 'on', ...override }, realtimeRollout: { value: 75, ...override } };
  const elsewhere = await Switches.load(knex, { realtime: 'off', realtimeRollout: 1 });
  t.strictSame(elsewhere.view().overrides, stored, 'an override stays when the environment changes');
  t.equal(elsewhere.realtime, 'on');
  t.strictSame(await elsewhere.change({ realtime: null }, 'jonas'), {
    realtime: { from: 'on', to: 'off', override: false },
  });
  t.equal(switches.realtime, 'on', 'not heard of yet');
  await switches.reload();
  t.strictSame(switches.view().overrides, { ...stored, realtime: null });
});

await onBoth('takes nothing from the database that could not be set', async (t, { knex }) => {
  const switches = await Switches.load(knex, ON);
  await switches.change({ realtime: 'off' }, 'mira');
  const value = JSON.stringify({ value: 'maybe', changedBy: 'mira', changedAt: new Date().toISOString() });
  await knex('store_meta').where({ key: 'setting:realtime' }).update({ value });
  await t.rejects(Switches.load(knex, ON), { message: /expected realtime to be stored as it may be set, got .*maybe/ });
  await t.rejects(switches.reload());
  t.equal(switches.realtime, 'off', 'what counted goes on counting');
  await knex('store_meta').where({ key: 'setting:realtime' }).delete();
  await switches.reload();
  t.equal(switches.realtime, 'on');
});
