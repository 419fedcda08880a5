/** Each figure that docs/metrics.md names is served, and changes when that happens which it counts. */
import { readFile } from 'node:fs/promises';
import t from 'tap';
import WebSocket from 'ws';
import type { StartAnswer } from '../server/operations/contract.js';
import { signIn, startHouse, until, visitor } from './peers/house.js';
import { startTeller } from './peers/teller.js';
import { openMonitor } from './peers/watchers.js';

const LIMIT = 6;
const CHUNK = 'x'.repeat(16_000);

const teller = await startTeller();
const before = Date.now();
const house = await startHouse({
  SIGNALBOX_PLUGINS: './tests/peers/told-plugin.ts',
  SIGNALBOX_START_LIMIT: String(LIMIT),
});
const admin = await signIn(house.url);
t.teardown(async () => {
  await house.stop();
  await teller.stop();
});

/** All samples: `name{labels}` to its value. */
async function figures(): Promise<Map<string, number>> {
  const { text } = await admin.call('GET', '/metrics');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

const valueOf = async (sample: string): Promise<number> => (await figures()).get(sample) ?? 0;
const reaches = (sample: string, wanted: number) =>
  until(
    () => valueOf(sample),
    (value) => value >= wanted,
  );

async function connect(name: string): Promise<number> {
  // Port 1 of the loopback: refused at once.
  const connection = { name, platform: 'linux', hostname: '127.0.0.1', port: 1, username: 'u', password: 'p' };
  return Number((await admin.call('POST', '/connections', connection)).body['id']);
}

const [id, busy] = [await connect('first'), await connect('busy')];
const list = `/connections/${id}/operations`;

async function tell(connection: number): Promise<StartAnswer> {
  const answer = await admin.call('POST', `/connections/${connection}/operations/told`, {
    params: { port: teller.port },
  });
  return answer.body as unknown as StartAnswer;
}

const realtime = `${house.url.replace('http', 'ws')}/realtime`;

type Happening = () => Promise<void>;

/** What each figure counts, made to happen; rejects where the figure does not show it. */
const happenings: Record<string, Happening> = {
  signalbox_start_time_seconds: async () => {
    const at = await valueOf('signalbox_start_time_seconds');
    if (at < before / 1000 || at > Date.now() / 1000) throw new Error(`It began at ${at}.`);
  },
  signalbox_refused_logins_total: async () => {
    await visitor(house.url, '').call('POST', '/auth/login', { username: 'admin', password: 'a wrong password' });
    await reaches('signalbox_refused_logins_total{reason="credentials"}', 1);
  },
  signalbox_refused_tokens_total: async () => {
    await visitor(house.url, 'a.forged.token').call('GET', '/connections');
    await reaches('signalbox_refused_tokens_total{reason="malformed"}', 1);
  },
  signalbox_refused_frames_total: async () => {
    const socket = new WebSocket(realtime);
    socket.on('open', () => socket.send('neither JSON nor nes'));
    await new Promise((resolve) => socket.once('close', resolve));
    await reaches('signalbox_refused_frames_total{reason="json"}', 1);
  },
  signalbox_refused_subscriptions_total: async () => {
    const monitor = await openMonitor(house.url, admin, list);
    await monitor.watchLog(999, 'none').catch(() => undefined);
    await monitor.close();
    await reaches('signalbox_refused_subscriptions_total{reason="forbidden"}', 1);
  },
  signalbox_sockets: async () => {
    const [earlier, monitor] = [await valueOf('signalbox_sockets'), await openMonitor(house.url, admin, list)];
    await reaches('signalbox_sockets', earlier + 1);
    await monitor.close();
  },
  signalbox_subscriptions: async () => {
    const [earlier, monitor] = [await valueOf('signalbox_subscriptions'), await openMonitor(house.url, admin, list)];
    await reaches('signalbox_subscriptions', earlier + 1);
    await monitor.close();
  },
  signalbox_polls_total: async () => {
    await admin.call('GET', list);
    await reaches('signalbox_polls_total', 1);
  },
  signalbox_not_modified_total: async () => {
    const tag = (await admin.call('GET', list)).headers.get('etag') ?? '';
    await admin.call('GET', list, undefined, { 'if-none-match': tag });
    await reaches('signalbox_not_modified_total', 1);
  },
  signalbox_operations_active: async () => {
    const { operationId } = await tell(busy);
    await teller.arrived(operationId);
    await reaches('signalbox_operations_active{status="in_progress"}', 1);
  },
  signalbox_duplicates_prevented_total: async () => {
    const { status, operationId } = await tell(busy);
    if (status !== 'already_running') throw new Error(`It was ${status}.`);
    await reaches('signalbox_duplicates_prevented_total{type="told"}', 1);
    teller.tell(operationId, { end: true });
  },
  signalbox_operations_ended_total: () =>
    reaches('signalbox_operations_ended_total{type="told",status="completed"}', 1).then(),
  signalbox_operation_duration_seconds: () =>
    reaches('signalbox_operation_duration_seconds_count{type="told",status="completed"}', 1).then(),
  signalbox_operation_failures_total: async () => {
    await admin.call('POST', `${list}/ssh_test`);
    await reaches('signalbox_operation_failures_total{type="ssh_test",code="SSH_REFUSED"}', 1);
  },
  signalbox_operations_stuck: async () => {
    // As a node leaves it that died long ago, while nobody swept; the sweeper here ends it within a second.
    const { operationId } = await tell(id);
    await teller.arrived(operationId);
    const dead = { node_id: 'dead', lease_expires_at: '2020-01-01T00:00:00.000Z' };
    const stuck = async () => {
      await house.house.knex('active_operations').where({ id: operationId }).update(dead);
      return valueOf('signalbox_operations_stuck');
    };
    await until(stuck, (count) => count === 1);
    await until(
      () => valueOf('signalbox_operations_stuck'),
      (count) => count === 0,
    );
  },
  signalbox_slow_sockets_total: async () => {
    const { operationId } = await tell(busy);
    await teller.arrived(operationId);
    const socket = new WebSocket(realtime);
    const say = (message: object) => socket.send(JSON.stringify(message));
    await new Promise((resolve) => socket.once('open', resolve));
    say({ type: 'hello', id: 1, version: '2', auth: { headers: { authorization: `Bearer ${admin.token}` } } });
    await new Promise((resolve) => socket.once('message', resolve));
    say({ type: 'sub', id: 2, path: `/connections/${busy}/operations/${operationId}/log` });
    await new Promise((resolve) => socket.once('message', resolve));
    socket.pause();
    const said = async () => {
      teller.tell(operationId, ...Array.from({ length: 50 }, () => ({ log: CHUNK })));
      return valueOf('signalbox_slow_sockets_total');
    };
    await until(said, (count) => count === 1);
    socket.terminate();
    teller.tell(operationId, { end: true });
  },
  signalbox_refused_starts_total: async () => {
    const starts = await Promise.all(Array.from({ length: LIMIT + 1 }, () => tell(busy)));
    await reaches('signalbox_refused_starts_total{reason="user"}', 1);
    for (const operationId of new Set(starts.flatMap((answer) => answer.operationId ?? []))) {
      await teller.arrived(operationId);
      teller.tell(operationId, { end: true });
    }
  },
};

const documented = [...(await readFile('docs/metrics.md', 'utf8')).matchAll(/^\| `(signalbox_\w+)`/gm)].map(
  ([, name]) => name,
);

t.test('every figure of the documents is among these, and none is made up', (t) => {
  t.same(documented.sort(), Object.keys(happenings).sort());
  t.end();
});

for (const [name, happen] of Object.entries(happenings))
  t.test(`${name} changes when that happens which it counts`, async (t) => {
    await t.resolves(happen());
  });
