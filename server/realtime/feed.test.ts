import { setImmediate as turn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import type { RealtimeOptions } from './contract.js';
import { sharedFrames, takeOver, type RawServer } from './nes-internals.js';
import { openHouse, type House } from './testing/house.js';
import { RawClient } from './testing/raw-client.js';
import { until } from './testing/until.js';

const PATH = '/connections/1/operations';
const OTHER = '/connections/2/operations';

async function house(test: Test, options?: Partial<RealtimeOptions>): Promise<House> {
  const open = await openHouse(options);
  test.teardown(() => open.close());
  open.access.addUser('mira', [1, 2]);
  open.access.addUser('otto', [2]);
  return open;
}

/** The server's side of each socket. */
function serverSide({ server }: House): { wss: RawServer; clients: Set<WebSocket>; heartbeat: unknown } {
  const { nes } = server.plugins as unknown as {
    nes: { _listener: { _wss: RawServer & { clients: Set<WebSocket> }; _heartbeat: unknown } };
  };
  return { wss: nes._listener._wss, clients: nes._listener._wss.clients, heartbeat: nes._listener._heartbeat };
}

async function deliveries(t: Test, open: House): Promise<void> {
  const { access, guest, server, count } = open;
  const token = access.token('mira');
  const [one, two, both, none] = await Promise.all([guest(token), guest(token), guest(token), guest(token)]);
  await one.ask({ type: 'sub', path: PATH });
  await two.ask({ type: 'sub', path: OTHER });
  await both.ask({ type: 'sub', path: PATH });
  await both.ask({ type: 'sub', path: OTHER });
  t.equal(server.feed.subscribers(PATH), 2);
  t.equal(await count('subscriptions'), 4);

  for (let n = 0; n < 100; n++) server.feed.publish(PATH, JSON.stringify({ n, text: 'é"\\\n\u2028' }));
  server.feed.publish(`${PATH}/0198-a/log`, '"nobody"');
  server.feed.publish('/connections/3/operations', '"nobody"');
  server.feed.publishAll([PATH, OTHER, '/operations'], '"end"');
  for (const [client, path] of [
    [one, PATH],
    [two, OTHER],
    [both, PATH],
    [both, OTHER],
  ] as const)
    await client.next((heard) => heard.path === path && heard.message === 'end');
  await none.ask({ type: 'unsub', path: PATH });

  const all = [...Array.from({ length: 100 }, (_, n) => ({ n, text: 'é"\\\n\u2028' })), 'end'];
  t.same(one.pubs(PATH), all, 'in order, whole');
  t.same(both.pubs(PATH), all);
  t.same(two.pubs(OTHER), ['end']);
  t.same(both.pubs(OTHER), ['end']);
  const pubs = (client: RawClient) => client.heard.filter(({ type }) => type === 'pub').length;
  t.same([one, two, both, none].map(pubs), [101, 1, 102, 0], 'and nobody gets anything else');

  await one.ask({ type: 'unsub', path: PATH });
  await both.end();
  await until(() => server.feed.subscribers(PATH) === 0, 'the empty path');
  t.equal(await count('subscriptions'), 1);
}

t.test('a message reaches the subscribers of its path and nobody else', async (t) => deliveries(t, await house(t)));

t.test('without the private members of ws it does so by the public way', async (t) => {
  const holder = WebSocket as unknown as { Sender: unknown };
  const real = holder.Sender;
  t.teardown(() => (holder.Sender = real));
  holder.Sender = class {
    static frame = () => [Buffer.from('garbage')];
    sendFrame() {}
  };
  const logged: unknown[] = [];
  const open = await openHouse({});
  t.teardown(() => open.close());
  open.access.addUser('mira', [1, 2]);
  const frames = sharedFrames(serverSide(open).wss, (error) => logged.push(error));
  t.equal(frames, null);
  t.match(logged, [{ message: /slower, public way/ }]);
  await deliveries(t, open);
  open.clock.advance(15_000);
  const client = await open.guest(open.access.token('mira'));
  open.clock.advance(15_000);
  t.match(await client.next((heard) => heard.type === 'ping'), { type: 'ping' });
});

t.test('the self-test knows what it needs', async (t) => {
  const { wss } = serverSide(await house(t));
  const real = wss.options.WebSocket.Sender as {
    new (stream: unknown): object;
    frame: (data: Buffer, options: object) => Buffer[];
  };
  const test = (Sender: unknown, perMessageDeflate: unknown = false) =>
    sharedFrames(
      { ...wss, on: wss.on, options: { ...wss.options, perMessageDeflate, WebSocket: { Sender } } },
      () => {},
    );
  class Mute extends real {
    sendFrame() {}
  }
  class Masked extends real {
    static override frame = (data: Buffer, options: object) => real.frame(data, { ...options, mask: true });
  }
  t.ok(test(real));
  for (const broken of [undefined, null, {}, class {}, Mute, Masked]) t.equal(test(broken), null);
  t.equal(test(real, {}), null, 'with compression there is no shared frame');

  const frames = test(real);
  const [ws] = [new RawClient('ws://127.0.0.1:9/').ws];
  t.equal(frames?.fits(ws as never), false, 'a socket without the members gets its frames by send');
  t.throws(() => takeOver({ plugins: {} } as never, {} as never), { message: /cannot be guarded/ });
  t.throws(() => takeOver({ plugins: { nes: { _listener: { _wss: {} } } } } as never, {} as never), {
    message: /cannot be guarded/,
  });
});

t.test('makes no text without a reader, and one for all readers', async (t) => {
  const { access, guest, server } = await house(t);
  const token = access.token('mira');
  const clients = await Promise.all(Array.from({ length: 10 }, () => guest(token)));
  let made = 0;
  const message = () => {
    made++;
    return JSON.stringify({ event: 'operation:update' });
  };
  server.feed.publish(PATH, message);
  t.equal(made, 0);
  for (const client of clients) for (const path of [PATH, OTHER]) await client.ask({ type: 'sub', path });

  const real = JSON.stringify;
  let stringified = 0;
  t.teardown(() => (JSON.stringify = real));
  JSON.stringify = ((...args: Parameters<typeof real>) => {
    stringified++;
    return real(...args);
  }) as typeof real;
  server.feed.publish(PATH, message);
  t.equal(stringified, 1, 'one JSON.stringify a publish');
  server.feed.publishAll([PATH, OTHER, '/operations'], message);
  t.equal(stringified, 2, 'on three paths as well');
  await turn();
  t.equal(stringified, 2, 'and none later');
  JSON.stringify = real;
  t.equal(made, 2);
  for (const client of clients) await client.next((heard) => heard.type === 'pub' && heard.path === OTHER);
});

t.test('a burst is one write for each socket', async (t) => {
  const open = await house(t);
  const client = await open.guest(open.access.token('mira'));
  await client.ask({ type: 'sub', path: PATH });
  const [ws] = serverSide(open).clients;
  const tcp = (
    ws as unknown as { _socket: { _writev: (...args: unknown[]) => void; _write: (...args: unknown[]) => void } }
  )._socket;
  let writes = 0;
  for (const name of ['_writev', '_write'] as const) {
    const real = tcp[name].bind(tcp);
    tcp[name] = (...args) => {
      writes++;
      real(...args);
    };
  }
  for (let n = 0; n < 10; n++) open.server.feed.publish(PATH, String(n));
  await client.next((heard) => heard.message === 9);
  t.equal(writes, 1);
});

t.test('a backlog that does not fall for ten seconds ends its socket', async (t) => {
  const open = await house(t);
  const { access, guest, server, clock, count } = open;
  const token = access.token('mira');
  const [frozen, healthy] = [await guest(token), await guest(token)];
  for (const client of [frozen, healthy]) await client.ask({ type: 'sub', path: PATH });
  frozen.tcp.pause();
  const { clients } = serverSide(open);
  const stuck = () => [...clients].some((ws) => ws.bufferedAmount > 64 * 1024);
  let last = 0;
  for (let calm = 0; calm < 5; calm = stuck() ? calm + 1 : 0) {
    if (!stuck()) server.feed.publish(PATH, JSON.stringify({ n: ++last, text: 'x'.repeat(32 * 1024) }));
    await turn();
  }
  await healthy.next((heard) => (heard.message as { n: number } | undefined)?.n === last);
  clock.advance(10_000);
  t.equal(await count('slowSockets'), 0);
  clock.advance(500);
  t.equal(await count('slowSockets'), 1);
  t.equal(server.feed.subscribers(PATH), 1);
  t.equal((await healthy.ask({ type: 'unsub', path: PATH })).statusCode, undefined);
});

t.test('the heartbeat is announced, ours, and ends who stays silent', async (t) => {
  const open = await house(t, { limits: { authDeadlineMs: 60_000 } });
  const { access, guest, raw, clock } = open;
  const token = access.token('mira');
  const announcing = await raw();
  t.match(await announcing.hello(token), { type: 'hello', heartbeat: { interval: 15_000, timeout: 5_000 } });
  t.equal(serverSide(open).heartbeat, null, "nes' own loop does not run");
  const [answering, mute] = [await guest(token), await guest(token)];
  const stranger = await raw();

  clock.advance(15_000);
  await Promise.all([answering, mute].map((client) => client.next((heard) => heard.type === 'ping')));
  await answering.ask({ type: 'unsub', path: PATH });
  clock.advance(5_000);
  t.equal(mute.ws.readyState, WebSocket.OPEN);
  clock.advance(500);
  t.equal((await mute.closed).code, 1006);
  t.same(stranger.heard, [], 'nobody is pinged before hello');
  await answering.ask({ type: 'unsub', path: PATH });

  clock.leap(60_000);
  await answering.ask({ type: 'unsub', path: PATH });
  clock.advance(500);
  t.equal(
    (await answering.ask({ type: 'unsub', path: PATH })).statusCode,
    undefined,
    'a server that slept blames nobody',
  );
});

t.test('the stock nes client works unchanged', async (t) => {
  const { access, stock, auth, server, clock, count } = await house(t);
  const client = stock();
  const heard: [unknown, unknown][] = [];
  let losses = 0;
  client.onDisconnect = () => losses++;
  const handler = (message: unknown, flags: unknown) => heard.push([message, flags]);
  const rejectsWith = async (status: number, answer: Promise<unknown>) => {
    const error: unknown = await answer.catch((reason: unknown) => reason);
    t.equal((error as { statusCode?: number }).statusCode, status);
  };
  await client.subscribe(OTHER, handler);
  await client.connect({ auth: auth(access.token('mira', 60_000)) });
  t.equal(server.feed.subscribers(OTHER), 1, 'subscriptions in hello');
  await client.subscribe(PATH, handler);
  server.feed.publish(PATH, '{"event":"operation:start"}');
  server.feed.publish(OTHER, '2');
  await until(() => heard.length === 2, 'both updates');
  t.same(heard, [
    [{ event: 'operation:start' }, {}],
    [2, {}],
  ]);
  await client.unsubscribe(OTHER, handler);
  t.equal(server.feed.subscribers(OTHER), 0);

  for (let n = 0; n < 3; n++) {
    clock.advance(15_000);
    await client.reauthenticate(auth(access.token('mira', 60_000)));
  }
  server.feed.publish(PATH, '3');
  await until(() => heard.length === 3, 'an update after 45 s of heartbeats and reauth');
  await rejectsWith(403, client.subscribe('/connections/7/operations', handler));
  t.equal(losses, 0);
  await t.rejects(client.request('/realtime'), 'request is blocked');

  const back = stock();
  let connects = 0;
  back.onConnect = () => connects++;
  await back.connect({ auth: auth(access.token('mira')), delay: 1 });
  await back.subscribe(PATH, handler);
  await until(async () => (await count('sockets')) === 1, 'the client of the blocked request gone');
  t.equal(connects, 1);
  await t.rejects(back.message('x'), 'message is blocked');
  await until(() => connects === 2 && server.feed.subscribers(PATH) === 1, 'the client back by itself');
  server.feed.publish(PATH, '4');
  await until(() => heard.length === 4, 'its update after the reconnect');

  const refused = stock();
  await rejectsWith(401, refused.connect({ auth: auth('nonsense'), reconnect: false }));
  await rejectsWith(401, stock().connect({ reconnect: false }));
});

t.test('the end of the server is told, with a time to come back', async (t) => {
  const open = await house(t, { limits: { closeTimeoutMs: 10_000 } });
  const { access, guest, stock, auth, server, clock } = open;
  const token = access.token('mira');
  const updates: unknown[] = [];
  const client = stock();
  client.onUpdate = (message) => updates.push(message);
  await client.connect({ auth: auth(token), reconnect: false });
  const raw = await guest(token);
  await raw.ask({ type: 'sub', path: PATH });
  const stranger = await open.raw();
  t.equal(clock.timers, 3);
  const slow = await guest(token);
  await slow.ask({ type: 'sub', path: PATH });
  slow.tcp.pause();
  const { clients } = serverSide(open);
  while (![...clients].some((ws) => ws.bufferedAmount > 64 * 1024)) {
    server.feed.publish(PATH, JSON.stringify('x'.repeat(32 * 1024)));
    await turn();
  }
  const stopped = server.stop({ timeout: 1_000 });
  slow.tcp.resume();
  await stopped;
  t.equal((await slow.closed).code, 1012);
  t.match(slow.heard.at(-1), { type: 'update', message: { event: 'server:drain' } }, 'a slow reader hears it as well');
  t.equal((await raw.closed).code, 1012);
  t.equal((await stranger.closed).code, 1012);
  t.same(stranger.heard, []);
  await until(() => updates.length === 1, 'the update of the stock client');
  const { retryAfterMs } = updates[0] as { retryAfterMs: number };
  t.same(updates, [{ event: 'server:drain', retryAfterMs }]);
  t.ok(Number.isInteger(retryAfterMs) && retryAfterMs >= 0 && retryAfterMs <= 2_000);
  t.match(raw.heard.at(-1), { type: 'update', message: { event: 'server:drain' } });
  server.feed.publish(PATH, '1');
  t.equal(clock.timers, 0);
  t.equal(access.listeners, 0);
});

t.test('GET /realtime says how to follow', async (t) => {
  const config: RealtimeOptions['config'] = {
    publicUrl: null,
    allowedOrigins: [],
    realtime: 'on',
    realtimeRollout: 100,
  };
  const { access, server, guest } = await house(t, { config });
  const ask = async (username: string, headers = {}) => {
    const authorization = `Bearer ${access.token(username)}`;
    const { result } = await server.inject({ url: '/realtime', headers: { authorization, ...headers } });
    return result as { transport: string; url: string; pollIntervalMs: number };
  };
  t.equal((await server.inject('/realtime')).statusCode, 401);
  const host = { host: 'box.example:8443' };
  t.same(await ask('mira', host), {
    transport: 'websocket',
    url: 'ws://box.example:8443/realtime',
    pollIntervalMs: 5_000,
  });
  t.match(await ask('mira', { ...host, 'x-forwarded-proto': 'https' }), { url: 'wss://box.example:8443/realtime' });
  config.publicUrl = 'https://signalbox.example/ops/';
  t.match(await ask('mira', host), { url: 'wss://signalbox.example/ops/realtime' });

  const users = Array.from({ length: 200 }, (_, n) => `user-${String(n)}`);
  for (const user of users) access.addUser(user, []);
  const socketUsers = async (rollout: number) => {
    config.realtimeRollout = rollout;
    const answers = await Promise.all(users.map(async (user) => [user, await ask(user)] as const));
    return answers.filter(([, { transport }]) => transport === 'websocket').map(([user]) => user);
  };
  t.equal((await socketUsers(0)).length, 0);
  const few = await socketUsers(30);
  t.ok(few.length > 30 && few.length < 90, `${String(few.length)} of 200 at 30 %`);
  t.same(await socketUsers(30), few, 'always the same users');
  const more = new Set(await socketUsers(60));
  t.ok(
    few.every((user) => more.has(user)),
    'a larger share keeps them',
  );
  t.equal((await socketUsers(100)).length, 200);

  const client = await guest(access.token('mira'));
  config.realtime = 'off';
  t.match(await ask('mira'), { transport: 'polling' });
  t.equal(client.ws.readyState, WebSocket.OPEN);
});

t.test('switched off, it closes the sockets that are open', async (t) => {
  const { access, guest, config, clock } = await house(t);
  const client = await guest(access.token('mira'));
  config.realtime = 'off';
  clock.advance(500);
  t.equal((await client.closed).code, 1012);
  t.match(client.heard.at(-1), { type: 'update', message: { event: 'realtime:off', retryAfterMs: Number } });
});

t.test('refuses a heartbeat that cannot work', async (t) => {
  await t.rejects(openHouse({ heartbeat: { intervalMs: 1_000, timeoutMs: 1_000 } }), { message: /heartbeat/ });
});
