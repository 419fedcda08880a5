import { EventEmitter, once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { generatedFrames, nastyFrames } from './testing/nasty-frames.js';
import { openHouse, type House } from './testing/house.js';
import { oneShot } from './testing/one-shot.js';
import { RawClient } from './testing/raw-client.js';
import { until } from './testing/until.js';
import type { RealtimeOptions } from './contract.js';

const PATH = '/connections/1/operations';
const GENERATED = 900;
const AT_ONCE = 10;
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

async function house(test: Test, options?: Partial<RealtimeOptions>): Promise<House> {
  const open = await openHouse(options);
  test.teardown(() => open.close());
  open.access.addUser('mira', [1, 2]);
  open.access.addUser('otto', [2]);
  return open;
}

/** Runs `work` for each item, a few at a time. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const lane = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

t.test('malformed frames cost their sender the socket, and nobody else anything', async (t) => {
  // The clock stands still, and the stock client's own does not: it must not miss our heartbeat while this lasts.
  const heartbeat = { intervalMs: 600_000, timeoutMs: 5_000 };
  const { access, server, stock, auth, count } = await house(t, { heartbeat });
  t.comment(`seed of the generated frames: ${String(seed)} (FUZZ_SEED repeats it)`);
  const rejections: unknown[] = [];
  const hear = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', hear);
  t.teardown(() => process.off('unhandledRejection', hear));

  const healthy = stock();
  const updates: unknown[] = [];
  let losses = 0;
  healthy.onDisconnect = () => losses++;
  await healthy.connect({ auth: auth(access.token('otto')) });
  await healthy.subscribe('/connections/2/operations', (message) => updates.push(message));
  const healthyStillHears = async (n: number) => {
    server.feed.publish('/connections/2/operations', String(n));
    await until(() => updates.at(-1) === n, 'the update of the healthy client');
  };

  const generated = generatedFrames(GENERATED, seed);
  const port = Number(server.info.port);
  const hello = JSON.stringify({ type: 'hello', id: 1, version: '2', auth: auth(access.token('mira')) });
  const probe = JSON.stringify({ type: 'unsub', id: 'probe', path: PATH });
  const openings: [string, string | null][] = [
    ['before hello', null],
    ['after hello', hello],
  ];
  for (const [when, opening] of openings) {
    const before = await count('refusedFrames');
    const fate = async (frame: string) => {
      const end = await oneShot({ port, opening, rest: [frame, probe] }, '"probe"');
      if (end !== 1008 && end !== 'answered') t.fail(`${when}: closed with ${String(end)} for ${frame.slice(0, 200)}`);
      return end;
    };
    await each(nastyFrames, async (frame) => {
      if ((await fate(frame)) === 'answered') t.fail(`${when}: taken as good: ${frame.slice(0, 200)}`);
    });
    t.equal(
      (await count('refusedFrames')) - before,
      nastyFrames.length,
      `${when}: every nasty frame is refused and counted`,
    );
    await healthyStillHears(1);

    let good = 0;
    await each(generated, async (frame) => {
      if ((await fate(frame)) === 'answered') good++;
    });
    t.comment(`${when}: ${String(GENERATED - good)} of ${String(GENERATED)} generated frames end their socket`);
    t.ok(opening === null ? good === 0 : good > 0 && good < GENERATED / 10, `${when}: only good frames are taken`);
    await healthyStillHears(2);
  }
  t.equal(losses, 0, 'the healthy client never lost its socket');
  t.same(rejections, [], 'no promise was left rejected');
  await until(async () => (await count('sockets')) === 1, 'all other sockets gone');
  t.equal(await count('subscriptions'), 1);
});

t.test('refuses what is not one small text message', async (t) => {
  const { guest, access, count } = await house(t);
  const token = access.token('mira');
  const binary = await guest(token);
  binary.ws.send(Buffer.from('{"type":"ping","id":1}'));
  t.equal((await binary.closed).code, 1008);
  t.equal(await count('refusedFrames', 'binary'), 1);

  const large = await guest(token);
  large.say(`"${'x'.repeat(16 * 1024)}"`);
  t.equal((await large.closed).code, 1009);
  t.equal(await count('refusedFrames', 'size'), 1);

  const pieces = await guest(token);
  for (let n = 0; n < 40; n++) pieces.ws.send('"', { fin: false });
  t.equal((await pieces.closed).code, 1008);

  const trickling = await guest(token);
  trickling.tcp.write(Buffer.from([0x81, 0xfe, 0x0f, 0xa0, 0, 0, 0, 0]));
  for (let n = 0; n < 4_000 && trickling.ws.readyState === 1; n++) {
    trickling.tcp.write('x');
    await turn();
  }
  t.equal((await trickling.closed).code, 1008, 'a message in very many pieces');

  const garbled = await guest(token);
  garbled.tcp.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]));
  t.equal((await garbled.closed).code, 1007);

  const unmasked = await guest(token);
  unmasked.tcp.write(Buffer.from([0x81, 0x01, 0x20]));
  t.equal((await unmasked.closed).code, 1002);
  t.equal(await count('refusedFrames', 'protocol'), 4);
});

t.test('a failure inside nes ends that socket only', async (t) => {
  const { access, guest, server, count } = await house(t);
  const logged: unknown[] = [];
  server.events.on({ name: 'log', channels: 'app' }, (event) => logged.push(event));
  server.subscription('/broken', {
    onSubscribe() {
      throw new TypeError('a fault in a plugin');
    },
  });
  const token = access.token('mira');
  const [victim, other] = [await guest(token), await guest(token)];
  victim.say({ type: 'sub', id: 1, path: '/broken' });
  t.equal((await victim.closed).code, 1006);
  t.equal(await count('refusedFrames', 'error'), 1);
  t.equal(logged.length, 1);
  t.equal((await other.ask({ type: 'sub', path: PATH })).statusCode, undefined);
});

t.test('opens only at its path, for allowed origins, while the feed is on', async (t) => {
  const config: RealtimeOptions['config'] = {
    publicUrl: 'https://signalbox.example/ops',
    allowedOrigins: ['https://portal.example', 'http://portal.example:8080/'],
    realtime: 'on',
    realtimeRollout: 100,
  };
  const { server, count } = await house(t, { config });
  const port = String(server.info.port);
  const knock = async (path: string, headers: Record<string, string> = {}) => {
    const client = new RawClient(`ws://127.0.0.1:${port}${path}`, { headers });
    const status = await client.opened();
    await client.end();
    return status;
  };
  for (const path of [
    '/',
    '/socket',
    '/realtime/',
    '/realtime?token=x',
    '/Realtime',
    '//realtime',
    '/realtime/x',
    '/%72ealtime',
  ])
    t.equal(await knock(path), 404, `no socket at ${path}`);
  t.equal(await count('refusedFrames', 'upgrade_path'), 8);

  const good = ['https://signalbox.example', 'https://portal.example', 'http://portal.example:8080'];
  for (const origin of [...good, `http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`])
    t.equal(await knock('/realtime', { origin }), 101, `lets ${origin} in`);
  t.equal(await knock('/realtime'), 101, 'lets a program without an origin in');
  const behindTls = { origin: 'https://box.example', host: 'box.example:443' };
  t.equal(await knock('/realtime', behindTls), 101, 'knows its own host behind TLS');

  const wrong = [
    'null',
    '',
    'https://portal.example.evil.example',
    'http://portal.example',
    'https://portal.example:444',
    'https://evil.example',
    'https://portal.example/',
    'https://signalbox.example/ops',
    'file://',
    'ws://127.0.0.1',
    `ftp://127.0.0.1:${port}`,
    'https://evil.example, https://portal.example',
    'https://portal.example@evil.example',
    'HTTPS://PORTAL.EXAMPLE',
    'undefined',
  ];
  for (const origin of wrong) t.equal(await knock('/realtime', { origin }), 403, `refuses the origin "${origin}"`);
  t.equal(await count('refusedFrames', 'upgrade_origin'), wrong.length);

  config.realtime = 'off';
  t.equal(await knock('/realtime'), 503);
  config.realtime = 'on';
  t.equal(await knock('/realtime', { cookie: 'nes=anything; %%%;=' }), 101);
});

t.test('a cookie is no login, and a broken one no hindrance', async (t) => {
  const { access, raw } = await house(t);
  const stranger = await raw({ headers: { cookie: 'nes=anything' } });
  t.equal((await stranger.ask({ type: 'hello', version: '2' })).statusCode, 401);
  const mira = await raw({ headers: { cookie: 'a=";;b, =,nes' } });
  t.equal((await mira.hello(access.token('mira'))).statusCode, undefined);
});

t.test('bounds the sockets of all, of an address and of a user', async (t) => {
  const { url, access, guest, raw, count } = await house(t, {
    limits: { sockets: 6, socketsPerAddress: 4, socketsPerUser: 2 },
    addressOf: (request) => String(request.headers['x-from'] ?? '10.0.0.1'),
  });
  const from = (address: string) => new RawClient(url, { headers: { 'x-from': address } }).opened();
  const token = access.token('mira');
  const first = await guest(token);
  await guest(access.token('mira'));
  const third = await raw();
  await t.rejects(third.hello(token), { message: /1008/ }, 'a third socket of one user is closed');
  t.equal(await count('refusedFrames', 'user_sockets'), 1);
  await until(async () => (await count('sockets')) === 2, 'the third socket gone');

  await guest(access.token('otto'));
  await raw();
  t.equal(await from('10.0.0.1'), 429, 'a fifth socket of one address is refused');
  t.equal(await from('::ffff:10.0.0.1'), 429, 'in its other spelling as well');
  t.equal(await from('2001:db8:0:1::5'), 101, 'another address is let in');
  t.equal(await from('2001:db8:0:2::5'), 101);
  t.equal(await from('10.0.0.9'), 503, 'a seventh socket in all is refused');

  await first.end();
  await until(async () => (await count('sockets')) === 5, 'the place free again');
  t.equal((await (await raw()).hello(token)).statusCode, undefined, 'a place that is free again can be taken');
});

t.test('bounds the messages of a socket', async (t) => {
  const { access, guest, clock, count } = await house(t);
  const client = await guest(access.token('mira'));
  const burst = async (messages: number) => {
    for (let n = 1; n < messages; n++) client.say({ type: 'ping', id: 1 });
    return client.ask({ type: 'unsub', path: PATH });
  };
  await burst(39);
  clock.advance(1_000);
  t.equal((await burst(20)).statusCode, undefined, '20 more after a second');
  client.say({ type: 'ping', id: 1 });
  t.equal((await client.closed).code, 1008);
  t.equal(await count('refusedFrames', 'rate'), 1);

  const pinger = await guest(access.token('mira'));
  for (let n = 0; n < 40; n++) pinger.ws.ping();
  t.equal((await pinger.closed).code, 1008, 'pings of the WebSocket itself count as well');
});

t.test('bounds what waits behind a slow message', async (t) => {
  const { access, raw, count } = await house(t, { limits: { queuedMessages: 3 } });
  const client = await raw();
  client.say({
    type: 'hello',
    id: 1,
    version: '2',
    auth: { headers: { authorization: `Bearer ${access.token('mira')}` } },
  });
  for (let n = 0; n < 4; n++) client.say({ type: 'sub', id: n + 2, path: PATH });
  t.equal((await client.closed).code, 1008);
  t.equal(await count('refusedFrames', 'queue'), 1);
});

t.test('closes a socket that shows no good token in time', async (t) => {
  const { access, raw, guest, clock } = await house(t);
  const mute = await raw();
  const refused = await raw();
  t.equal((await refused.hello('nonsense')).statusCode, 401);
  const good = await guest(access.token('mira'));
  clock.advance(4_500);
  t.equal(mute.ws.readyState, 1);
  clock.advance(500);
  t.equal((await mute.closed).code, 1008);
  t.equal((await refused.closed).code, 1008);
  t.equal((await good.ask({ type: 'sub', path: PATH })).statusCode, undefined);
});

t.test('takes nothing but hello before a good token', async (t) => {
  const { access, raw, count } = await house(t);
  const auth = { headers: { authorization: `Bearer ${access.token('mira')}` } };
  for (const message of [
    { type: 'sub', path: PATH },
    { type: 'unsub', path: PATH },
    { type: 'ping' },
    { type: 'reauth', auth },
  ]) {
    const client = await raw();
    t.equal((await client.hello('nonsense')).statusCode, 401);
    client.say({ ...message, id: 9 });
    t.equal((await client.closed).code, 1008, `${message.type} after a refused hello`);
  }
  t.equal(await count('refusedFrames', 'early'), 4);
});

t.test('ends a mute socket when its token ends', async (t) => {
  const { access, guest, clock, server } = await house(t);
  const client = await guest(access.token('mira', 3_000));
  await client.ask({ type: 'sub', path: PATH });
  server.feed.publish(PATH, '1');
  await client.next((heard) => heard.type === 'pub');
  clock.advance(2_999);
  t.equal(server.feed.subscribers(PATH), 1);
  clock.advance(501);
  t.equal(server.feed.subscribers(PATH), 0, 'at the sweep after its end it gets nothing more');
  server.feed.publish(PATH, '2');
  t.equal((await client.closed).code, 1008);
  t.same(client.pubs(PATH), [1]);
});

t.test('ends the sockets of a revoked token, announced or not', async (t) => {
  const { access, guest, clock, server } = await house(t);
  const [announced, silent, kept] = [access.token('mira'), access.token('mira'), access.token('mira')];
  const [first, second, third] = await Promise.all([guest(announced), guest(silent), guest(kept)]);
  for (const client of [first, second, third]) await client.ask({ type: 'sub', path: PATH });
  access.revoke(announced);
  t.equal((await first.closed).code, 1008);
  t.equal(server.feed.subscribers(PATH), 2);
  access.revokeSilently(silent);
  clock.advance(500);
  t.equal((await second.closed).code, 1008);
  t.equal(server.feed.subscribers(PATH), 1);
  t.equal((await third.ask({ type: 'unsub', path: PATH })).statusCode, undefined);
});

t.test('a lost grant is revoked once and comes back when it is granted again', async (t) => {
  const { access, guest, clock, server, count } = await house(t);
  const client = await guest(access.token('mira'));
  const other = '/connections/2/operations';
  const log = `${PATH}/0198-a/log`;
  for (const path of [PATH, log, other]) await client.ask({ type: 'sub', path });
  access.ungrant('mira', 1);
  access.ungrant('mira', 1);
  await client.next((heard) => heard.type === 'revoke' && heard.path === PATH);
  await client.next((heard) => heard.type === 'revoke' && heard.path === log);
  clock.advance(10_000);
  for (const path of [PATH, log, other]) server.feed.publish(path, '1');
  await client.next((heard) => heard.type === 'pub');
  t.same(client.pubs(PATH), []);
  t.same(client.pubs(other), [1], 'what he may still see goes on');
  t.equal(client.heard.filter(({ type }) => type === 'revoke').length, 2, 'one revoke a path');
  t.equal((await client.ask({ type: 'sub', path: PATH })).statusCode, 403);

  access.grant('mira', 1);
  t.equal((await client.ask({ type: 'sub', path: PATH })).statusCode, undefined);
  server.feed.publish(PATH, '2');
  await client.next((heard) => heard.type === 'pub' && heard.path === PATH);

  access.ungrantSilently('mira', 1);
  clock.advance(10_000);
  t.equal(server.feed.subscribers(PATH), 0, 'an unannounced loss is found within ten seconds');
  await until(() => client.heard.filter(({ type }) => type === 'revoke').length === 3, 'the third revoke');
  t.equal(await count('subscriptions'), 1);
});

t.test('a lost grant ends the delivery at once, even while the socket is busy', async (t) => {
  const { access, guest, server } = await house(t);
  const gate = new EventEmitter();
  const entered = once(gate, 'entered');
  server.subscription('/slow', {
    async onSubscribe() {
      gate.emit('entered');
      await once(gate, 'released');
    },
  });
  const client = await guest(access.token('mira'));
  await client.ask({ type: 'sub', path: PATH });
  client.say({ type: 'sub', id: 60, path: '/slow' });
  await entered;
  access.ungrant('mira', 1);
  await turn();
  t.equal(server.feed.subscribers(PATH), 0);
  server.feed.publish(PATH, '1');
  gate.emit('released');
  await client.next((heard) => heard.type === 'revoke');
  t.same(
    client.heard.slice(-2).map(({ type }) => type),
    ['sub', 'revoke'],
    'and is told in its turn',
  );
});

t.test('a revoke that comes between sub and unsub is not told twice', async (t) => {
  const { access, guest, server } = await house(t);
  const client = await guest(access.token('mira'));
  await client.ask({ type: 'sub', path: PATH });
  client.say({ type: 'unsub', id: 50, path: PATH });
  client.say({ type: 'sub', id: 51, path: PATH });
  client.say({ type: 'unsub', id: 52, path: PATH });
  access.ungrant('mira', 1);
  await client.next((heard) => heard.id === 52);
  t.equal(client.heard.filter(({ type }) => type === 'revoke').length, 1);
  t.equal(client.heard.find((heard) => heard.id === 51)?.statusCode, 403);
  t.equal(server.feed.subscribers(PATH), 0);
});

t.test('a rule that fails refuses', async (t) => {
  const { access, guest, server } = await house(t);
  let fails = true;
  server.feedSubscription('/odd/{id}', {
    authorize() {
      if (fails) throw new TypeError('a fault in a rule');
      return true;
    },
  });
  const client = await guest(access.token('mira'));
  t.equal((await client.ask({ type: 'sub', path: '/odd/1' })).statusCode, 403);
  fails = false;
  t.equal((await client.ask({ type: 'sub', path: '/odd/1' })).statusCode, undefined);
  fails = true;
  access.grant('mira', 1);
  await client.next((heard) => heard.type === 'revoke' && heard.path === '/odd/1');
  t.throws(() => server.feedSubscription('/Odd/%31', { authorize: () => true }), { message: /expected a path/ });
});

t.test('reauth prolongs the same user, and ends a socket that changes its user', async (t) => {
  const { access, guest, clock, auth, server, count } = await house(t);
  const client = await guest(access.token('mira', 5_000));
  await client.ask({ type: 'sub', path: PATH });
  t.equal((await client.ask({ type: 'reauth', auth: auth(access.token('mira', 60_000)) })).statusCode, undefined);
  clock.advance(10_000);
  t.equal((await client.ask({ type: 'unsub', path: '/connections/2/operations' })).statusCode, undefined);
  t.equal(server.feed.subscribers(PATH), 1);

  client.say({ type: 'reauth', id: 77, auth: auth(access.token('otto')) });
  t.equal((await client.closed).code, 1008);
  t.notOk(
    client.heard.some((heard) => heard.id === 77 && !heard.statusCode),
    'and is never told that it worked',
  );
  t.equal(server.feed.subscribers(PATH), 0);
  t.equal(await count('refusedFrames', 'reauth'), 1);

  const wrong = await guest(access.token('mira'));
  t.equal((await wrong.ask({ type: 'reauth', auth: auth('nonsense') })).statusCode, 401);
  await wrong.closed;
});

t.test('refuses what is missing, forbidden or unknown in the same words', async (t) => {
  const { access, guest, raw, count } = await house(t);
  const client = await guest(access.token('otto'));
  const paths = [
    PATH,
    '/connections/99/operations',
    '/connections/x/operations',
    '/nothing/here',
    '/connections/1',
    `${PATH}/a/log`,
  ];
  for (const path of paths) {
    const { statusCode, payload } = await client.ask({ type: 'sub', path });
    t.match({ statusCode, payload }, { statusCode: 403, payload: { message: 'This subscription is refused.' } }, path);
  }
  t.equal(await count('refusedSubscriptions', 'forbidden'), 4);
  t.equal(await count('refusedSubscriptions', 'unknown'), 2);

  const hasty = await raw();
  const answer = await hasty.hello(access.token('otto'), ['/connections/2/operations', PATH]);
  t.match(answer, { type: 'hello', statusCode: 403, path: PATH }, 'in hello the answer names the path');
});

t.test('bounds the subscriptions of a socket', async (t) => {
  const { access, guest, count } = await house(t, { limits: { subscriptionsPerSocket: 3 } });
  const client = await guest(access.token('mira'));
  const log = (n: number) => `${PATH}/${String(n)}/log`;
  for (const n of [1, 2, 3, 3]) t.equal((await client.ask({ type: 'sub', path: log(n) })).statusCode, undefined);
  t.equal((await client.ask({ type: 'sub', path: log(4) })).statusCode, 429);
  t.equal(await count('refusedSubscriptions', 'limit'), 1);
  await client.ask({ type: 'unsub', path: log(1) });
  t.equal((await client.ask({ type: 'sub', path: log(4) })).statusCode, undefined);
});

t.test('works on the messages of a socket one after another, and a close leaves nothing', async (t) => {
  const { access, guest, raw, server, count, auth } = await house(t);
  const token = access.token('mira');
  const client = await guest(token);
  for (const [id, type] of ['sub', 'sub', 'unsub'].entries()) client.say({ type, id: id + 90, path: PATH });
  await client.next((heard) => heard.id === 92);
  t.equal(server.feed.subscribers(PATH), 0, 'two quick subs and an unsub end unsubscribed');

  for (let n = 0; n < 50; n++) {
    const leaver = await raw();
    leaver.say({ type: 'hello', id: 1, version: '2', auth: auth(token), subs: [PATH] });
    leaver.say({ type: 'sub', id: 2, path: '/connections/2/operations' });
    if (n % 2) leaver.ws.close();
    else leaver.ws.terminate();
    await leaver.closed;
  }
  await until(async () => (await count('sockets')) === 1, 'the leavers gone');
  t.equal(server.feed.subscribers(PATH), 0);
  t.equal(await count('subscriptions'), 0);
  for (let n = 0; n < 20; n++) t.equal((await (await guest(token)).end()).code, 1006, 'their places are free');
});
