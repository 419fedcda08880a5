/** The line to the server: tokens, reconnection, polling, and what the page is told of it. */
import { expect } from '@open-wc/testing';
import type { Problem } from './contract.js';
import { settle } from './testing/fake-clock.js';
import { backoffMs } from './surroundings.js';
import { problem } from './testing/fake-server.js';
import { Rig } from './testing/rig.js';
import { tokenOf } from './testing/tokens.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

async function failureOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work;
  } catch (error) {
    return error as Problem;
  }
  throw new Error('expected a failure');
}

let rig: Rig;
let phases: string[];

/** A client, connected, whose phases are kept. */
async function connected(more: (rig: Rig) => void = () => undefined): Promise<void> {
  rig = new Rig();
  more(rig);
  phases = [];
  rig.client.onState(({ phase }) => void (phases.at(-1) === phase || phases.push(phase)));
  await rig.clock.advance(SECOND);
}

afterEach(() => {
  rig.client.close();
  expect(rig.server.breaches).to.deep.equal([]);
});

describe('the state', () => {
  it('is connecting, then live, and at the end closed with no timer left', async () => {
    await connected((fresh) => {
      const expiresAt = new Date(fresh.clock.now() + 600_000).toISOString();
      fresh.token = () => Promise.resolve({ token: 'token-1', expiresAt });
    });
    const stop = rig.watch(5).stop;
    await rig.clock.advance(SECOND);
    expect(phases).to.deep.equal(['connecting', 'live']);
    stop();
    rig.client.close();
    expect(phases).to.deep.equal(['connecting', 'live', 'closed']);
    await rig.clock.advance(6 * SECOND);
    expect(rig.clock.waiting).to.equal(1); // the fake server's own heartbeat
    expect(rig.server.sockets.every(({ closed }) => closed)).to.equal(true);
    expect((await failureOf(rig.client.request('GET', '/connections'))).code).to.equal('ABANDONED');
  });

  it('knows when what is shown was last true', async () => {
    await connected();
    const start = rig.client.state.lastKnownAt ?? 0;
    expect(start).to.be.greaterThan(0);
    await rig.clock.advance(31 * SECOND);
    const pinged = rig.client.state.lastKnownAt ?? 0;
    expect(pinged - start).to.be.within(28 * SECOND, 31 * SECOND);
    rig.server.up = false;
    rig.server.cut();
    await rig.clock.advance(MINUTE);
    expect(rig.client.state).to.deep.equal({ phase: 'reconnecting', lastKnownAt: pinged });
  });

  it('is not live before everything shown is right again', async () => {
    await connected();
    rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.latency = () => 100;
    rig.server.cut();
    await rig.clock.advance(250 + 650);
    expect(rig.server.socket.paths.size).to.equal(1);
    expect(rig.phase).to.equal('reconnecting');
    await rig.clock.advance(400);
    expect(rig.phase).to.equal('live');
  });

  it('goes with requests that fail as the Problem that the server sent', async () => {
    await connected();
    rig.server.intercept = ({ path }) =>
      path === '/x' ? problem(429, 'TOO_MANY_STARTS', { 'retry-after': '7' }) : undefined;
    const failing = failureOf(rig.client.request('PATCH', '/x', { a: 1 }));
    await rig.clock.advance(SECOND);
    const failure = await failing;
    expect(failure).to.be.instanceOf(Error);
    expect(failure).to.include({
      status: 429,
      code: 'TOO_MANY_STARTS',
      hint: 'Do otherwise.',
      retryAfter: 7,
      message: 'Refused.',
    });
    expect(failure.body).to.include({ title: 'Refused.' });
    rig.server.up = false;
    const unreached = failureOf(rig.client.request('GET', '/x'));
    await rig.clock.advance(SECOND);
    expect(await unreached).to.include({ status: 0, code: 'NETWORK' });
  });

  it('gives up a request that is never answered', async () => {
    await connected();
    rig.server.latency = () => 10 * MINUTE;
    const failing = failureOf(rig.client.request('GET', '/connections/5/operations'));
    await rig.clock.advance(31 * SECOND);
    expect(await failing).to.include({ status: 0, code: 'NETWORK' });
  });
});

describe('the socket', () => {
  it('says hello without subscriptions and answers the heartbeat', async () => {
    await connected();
    rig.watch(5);
    await rig.clock.advance(40 * SECOND);
    const { received } = rig.server.socket;
    expect(received[0]).to.deep.equal({
      type: 'hello',
      version: '2',
      auth: { headers: { authorization: 'Bearer token-1' } },
      id: 1,
    });
    expect(received[1]).to.deep.include({ type: 'sub', path: '/connections/5/operations' });
    expect(received.filter(({ type }) => type === 'ping').length).to.equal(2);
    expect(rig.server.sockets.length).to.equal(1);
  });

  it('reads frames that were cut', async () => {
    await connected();
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    const operation = rig.server.store.insert(5);
    const message = { event: 'operation:start', operation };
    const text = JSON.stringify({ type: 'pub', path: '/connections/5/operations', message });
    rig.server.socket.pushText(`+${text.slice(0, 40)}`);
    rig.server.socket.pushText(`+${text.slice(40, 90)}`);
    rig.server.socket.pushText(`!${text.slice(90)}`);
    await rig.clock.advance(SECOND);
    expect(five.shown).to.deep.equal(rig.stored(5));
    rig.server.socket.pushText('{not json');
    await rig.clock.advance(SECOND);
    expect(rig.server.sockets.length).to.equal(2);
    expect(rig.phase).to.equal('live');
  });

  it('is dropped when the server falls silent, without waiting for a handshake', async () => {
    await connected();
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.unplug();
    rig.server.store.insert(5);
    await rig.clock.advance(23 * SECOND);
    expect(rig.phase).to.equal('live');
    expect(rig.server.sockets.length).to.equal(2);
    expect(five.shown).to.deep.equal(rig.stored(5));
  });

  it('is dropped where it does not open, or answers nothing', async () => {
    await connected((fresh) => {
      fresh.server.mute = true;
    });
    await rig.clock.advance(9 * SECOND);
    expect(rig.phase).to.equal('connecting');
    rig.server.mute = false;
    await rig.clock.advance(3 * SECOND);
    expect(rig.phase).to.equal('live');
    rig.server.cut();
    rig.server.latency = () => 15 * SECOND;
    await rig.clock.advance(50 * SECOND);
    expect(rig.phase).to.equal('reconnecting');
    rig.server.latency = () => 5;
    await rig.clock.advance(MINUTE);
    expect(rig.phase).to.equal('live');
  });

  it('is proved when the page is looked at again', async () => {
    await connected();
    await rig.clock.advance(10 * SECOND);
    rig.server.unplug();
    rig.wake();
    await rig.clock.advance(6 * SECOND);
    expect(rig.server.sockets.length).to.equal(2);
    expect(rig.phase).to.equal('live');
  });

  it('is left alone at a look while it has just spoken', async () => {
    await connected();
    rig.wake();
    await rig.clock.advance(SECOND);
    expect(rig.server.socket.received.map(({ type }) => type)).to.deep.equal(['hello']);
  });

  it('waits as long as a draining server asks, even when it is woken', async () => {
    await connected();
    rig.server.socket.push({ type: 'update', message: { event: 'server:drain', retryAfterMs: 4_000 } });
    await rig.clock.advance(SECOND);
    rig.server.cut(1012);
    rig.wake();
    await rig.clock.advance(2_800);
    expect(rig.server.sockets.length).to.equal(1);
    await rig.clock.advance(400);
    expect(rig.server.sockets.length).to.equal(2);
    expect(rig.phase).to.equal('live');
  });

  it('goes by wss where the page came by https, and is tried again where the address is refused', async () => {
    const addresses: string[] = [];
    rig = new Rig();
    class Refusing {
      constructor(url: string) {
        addresses.push(url);
        throw new DOMException('refused by the policy', 'SecurityError');
      }
    }
    rig.client.close();
    rig = new Rig({ url: 'https://box.test', WebSocket: Refusing as never, fetch: answering });
    function answering(): Promise<Response> {
      const answer = { transport: 'websocket', url: 'ws://box.test/realtime', pollIntervalMs: 5_000 };
      return Promise.resolve(new Response(JSON.stringify(answer)));
    }
    await new Promise<void>((resolve) => setTimeout(resolve));
    await rig.clock.advance(SECOND);
    expect(addresses[0]).to.equal('wss://box.test/realtime');
    await new Promise<void>((resolve) => setTimeout(resolve));
    await rig.clock.advance(MINUTE);
    expect(addresses.length).to.be.greaterThan(1);
  });
});

describe('reconnection', () => {
  it('draws each wait from 0 to a bound that doubles to 30 s', () => {
    const attempts = Array.from({ length: 9 }, (_unused, attempt) => attempt);
    const highest = attempts.map((attempt) => backoffMs(attempt, () => 1));
    expect(highest).to.deep.equal([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(attempts.map((attempt) => backoffMs(attempt, () => 0))).to.deep.equal(attempts.map(() => 0));
    const drawn = Array.from({ length: 2_000 }, () => backoffMs(0, Math.random));
    expect(drawn.every((wait) => wait >= 0 && wait <= 500)).to.equal(true);
    expect(drawn.some((wait) => wait < 125) && drawn.some((wait) => wait > 375)).to.equal(true);
  });

  it('goes on for ever, and comes back after an hour without a server', async () => {
    await connected();
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.up = false;
    rig.server.cut();
    await rig.clock.advance(60 * MINUTE);
    expect(rig.phase).to.equal('reconnecting');
    const tries = rig.server.count('GET', /^\/realtime$/);
    expect(tries).to.be.within(200, 280);
    rig.server.up = true;
    rig.server.store.insert(5);
    await rig.clock.advance(16 * SECOND);
    expect(rig.phase).to.equal('live');
    expect(five.shown).to.deep.equal(rig.stored(5));
  });

  it('is tried at once when the network is back', async () => {
    await connected();
    rig.server.up = false;
    rig.server.cut();
    await rig.clock.advance(10 * MINUTE);
    rig.server.up = true;
    rig.wake();
    await rig.clock.advance(100);
    expect(rig.phase).to.equal('live');
  });

  it('begins anew with short waits after a minute of a stable socket only', async () => {
    await connected();
    for (let drop = 0; drop < 4; drop += 1) {
      rig.server.cut();
      await rig.clock.advance(5 * SECOND);
    }
    expect(rig.phase).to.equal('live');
    rig.server.cut();
    await rig.clock.advance(3_900);
    expect(rig.server.living.length).to.equal(0);
    await rig.clock.advance(MINUTE + 5 * SECOND);
    rig.server.cut();
    await rig.clock.advance(300);
    expect(rig.phase).to.equal('live');
  });
});

describe('polling', () => {
  it('steps in after three failed sockets, with ETags, and ends when a socket is back', async () => {
    await connected((fresh) => {
      fresh.server.socketsBlocked = true;
    });
    rig.server.store.insert(5);
    const five = rig.watch(5);
    await rig.clock.advance(5 * SECOND);
    expect(phases).to.deep.equal(['connecting', 'polling']);
    expect(five.shown).to.deep.equal(rig.stored(5));
    const known = rig.client.state.lastKnownAt ?? 0;
    rig.server.store.change('op-000001', { progress: 50 });
    await rig.clock.advance(6 * SECOND);
    expect(five.shown).to.deep.equal(rig.stored(5));
    const pictures = five.pictures.length;
    await rig.clock.advance(MINUTE);
    expect(five.pictures.length).to.equal(pictures);
    expect((rig.client.state.lastKnownAt ?? 0) - known).to.be.greaterThan(MINUTE);
    const polls = rig.server.requests.filter(({ path }) => path.startsWith('/connections/5'));
    expect(polls.slice(1).every(({ headers }) => 'if-none-match' in headers)).to.equal(true);

    rig.server.socketsBlocked = false;
    await rig.clock.advance(31 * SECOND);
    expect(rig.phase).to.equal('live');
    const before = rig.server.count('GET', /^\/connections\/5/);
    rig.server.change('op-000001', { progress: 70 });
    await rig.clock.advance(MINUTE);
    expect(rig.server.count('GET', /^\/connections\/5/)).to.equal(before);
    expect(five.shown).to.deep.equal(rig.stored(5));
    rig.server.cut();
    await settle();
    expect(rig.phase).to.equal('reconnecting');
  });

  it('is obeyed where the server says so, and asked again once a minute', async () => {
    await connected((fresh) => {
      fresh.server.transport = 'polling';
    });
    expect(rig.phase).to.equal('polling');
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    expect(five.pictures.at(-1)?.known).to.equal(true);
    await rig.clock.advance(5 * MINUTE);
    expect(rig.server.sockets.length).to.equal(0);
    expect(rig.server.count('GET', /^\/realtime$/)).to.be.within(5, 8);
    rig.server.transport = 'websocket';
    await rig.clock.advance(67 * SECOND);
    expect(rig.phase).to.equal('live');
    expect(five.shown).to.deep.equal(rig.stored(5));
  });

  for (const isTold of [true, false]) {
    it(`begins within one heartbeat where the live feed is switched off${isTold ? '' : ' and the hint is lost'}`, async () => {
      await connected();
      rig.server.store.insert(5);
      const five = rig.watch(5);
      await rig.clock.advance(SECOND);
      expect(rig.phase).to.equal('live');
      const message = { event: 'realtime:off', retryAfterMs: 1_500 };
      if (isTold) rig.server.socket.push({ type: 'update', message });
      await rig.clock.advance(20);
      rig.server.transport = 'polling';
      rig.server.socketsBlocked = true;
      const before = rig.server.count('GET', /^\/realtime$/);
      rig.server.cut(1012);
      await rig.clock.advance(1_400);
      expect(rig.server.count('GET', /^\/realtime$/) - before).to.equal(isTold ? 0 : 1);
      rig.server.store.change('op-000001', { progress: 50 });
      await rig.clock.advance(rig.server.heartbeat.interval - 1_420);
      expect(rig.phase).to.equal('polling');
      expect(five.shown).to.deep.equal(rig.stored(5));
      expect(rig.server.sockets.length).to.equal(1);
      await rig.clock.advance(5 * MINUTE);
      expect(phases).to.deep.equal(['connecting', 'live', 'reconnecting', 'polling']);
      expect(rig.server.sockets.length).to.equal(1);
    });
  }

  it('that is still under way when a socket is back does not undo it', async () => {
    const held: (() => void)[] = [];
    let holding = false;
    const slow = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
      const response = await rig.server.fetch(input, init);
      if (holding && String(input).includes('/operations?')) await new Promise<void>((resolve) => held.push(resolve));
      return response;
    };
    rig = new Rig({ fetch: slow });
    rig.server.transport = 'polling';
    const watched = Array.from({ length: 10 }, (_unused, index) => rig.watch(index + 1));
    await rig.clock.advance(SECOND);
    holding = true;
    await rig.clock.advance(6 * SECOND);
    expect(held.length).to.equal(10);
    holding = false;
    rig.server.transport = 'websocket';
    await rig.clock.advance(67 * SECOND);
    expect(rig.phase).to.equal('live');
    for (let id = 1; id <= 10; id += 1) rig.server.insert(id);
    await rig.clock.advance(SECOND);
    held.forEach((release) => release());
    await rig.clock.advance(SECOND);
    expect(rig.phase).to.equal('live');
    expect(watched.flatMap(({ shown }) => shown).length).to.equal(10);
  });

  it('says that it is stale when polls fail, waits longer, and recovers', async () => {
    await connected((fresh) => {
      fresh.server.transport = 'polling';
    });
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.intercept = () => problem(503, 'UNAVAILABLE', { 'retry-after': '20' });
    await rig.clock.advance(6 * SECOND);
    expect(rig.phase).to.equal('reconnecting');
    const asked = rig.server.count('GET', /^\/connections/);
    await rig.clock.advance(18 * SECOND);
    expect(rig.server.count('GET', /^\/connections/)).to.equal(asked);
    rig.server.intercept = () => undefined;
    rig.server.store.insert(5);
    await rig.clock.advance(10 * SECOND);
    expect(rig.phase).to.equal('polling');
    expect(five.shown).to.deep.equal(rig.stored(5));
  });
});

describe('the token', () => {
  it('is asked for once, however many need it', async () => {
    rig = new Rig();
    const all = Promise.all([1, 2, 3].map((id) => rig.client.request('GET', `/connections/${id}/operations`)));
    await rig.clock.advance(SECOND);
    expect((await all).length).to.equal(3);
    expect(rig.asked).to.deep.equal(['initial']);
  });

  it('is renewed at four fifths of its life on the living socket', async () => {
    rig = new Rig();
    let made = 0;
    rig.token = () => {
      made += 1;
      rig.server.tokens.add(`token-${made}`);
      return Promise.resolve({ token: `token-${made}`, expiresAt: new Date(rig.clock.now() + 600_000).toISOString() });
    };
    await rig.clock.advance(479 * SECOND);
    expect(rig.asked).to.deep.equal(['initial']);
    await rig.clock.advance(2 * SECOND);
    expect(rig.asked).to.deep.equal(['initial', 'refresh']);
    expect(rig.server.socket.received.filter(({ type }) => type !== 'ping').at(-1)).to.deep.include({
      type: 'reauth',
      auth: { headers: { authorization: 'Bearer token-2' } },
    });
    await rig.clock.advance(60 * MINUTE);
    expect(rig.server.sockets.length).to.equal(1);
    expect(rig.phase).to.equal('live');
  });

  it('tells its end itself where nobody else does', async () => {
    rig = new Rig();
    rig.token = () => {
      const token = tokenOf({ sub: 'mira', exp: Math.floor(rig.clock.now() / 1_000) + 100 });
      rig.server.tokens.add(token);
      return Promise.resolve(token);
    };
    await rig.clock.advance(79 * SECOND);
    expect(rig.asked.length).to.equal(1);
    await rig.clock.advance(12 * SECOND);
    expect(rig.asked).to.deep.equal(['initial', 'refresh']);
  });

  it('is not asked for over and over where the page has a wrong clock', async () => {
    rig = new Rig();
    rig.token = () =>
      Promise.resolve({ token: 'token-1', expiresAt: new Date(rig.clock.now() - 3_600_000).toISOString() });
    await rig.clock.advance(5 * MINUTE);
    expect(rig.asked.length).to.be.within(4, 6);
    expect(rig.phase).to.equal('live');
  });

  it('stays in use when its renewal finds no network', async () => {
    rig = new Rig();
    rig.token = () =>
      Promise.resolve({ token: 'token-1', expiresAt: new Date(rig.clock.now() + 600_000).toISOString() });
    await rig.clock.advance(SECOND);
    rig.token = () => Promise.reject(new TypeError('Failed to fetch'));
    await rig.clock.advance(500 * SECOND);
    expect(rig.phase).to.equal('live');
    expect(rig.asked.length).to.be.within(3, 5);
  });

  it('is replaced where the server refuses it, and the request sent again', async () => {
    await connected();
    rig.server.tokens.delete('token-1');
    rig.server.tokens.add('token-2');
    rig.token = () => Promise.resolve('token-2');
    const answered = rig.client.start(5, 'ssh_test');
    await rig.clock.advance(SECOND);
    expect((await answered).status).to.equal('started');
    expect(rig.asked).to.deep.equal(['initial', 'rejected']);
    const keys = rig.server.requests
      .filter(({ method }) => method === 'POST')
      .map(({ headers }) => headers['idempotency-key']);
    expect(keys.length).to.equal(2);
    expect(keys[0]).to.equal(keys[1]);
    expect(rig.server.socket.received.at(-1)).to.deep.include({ type: 'reauth' });
  });

  it('is not replaced for a mistyped password', async () => {
    await connected();
    rig.server.intercept = ({ method }) => (method === 'PATCH' ? problem(401, 'AUTH_BAD_CREDENTIALS') : undefined);
    const failing = failureOf(rig.client.request('PATCH', '/users/mira', { currentPassword: 'x' }));
    await rig.clock.advance(SECOND);
    expect((await failing).code).to.equal('AUTH_BAD_CREDENTIALS');
    expect(rig.asked).to.deep.equal(['initial']);
    expect(rig.phase).to.equal('live');
  });

  it('that ended while the page slept is replaced, and the page is right again', async () => {
    await connected();
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.tokens.clear();
    rig.server.tokens.add('token-2');
    rig.token = () => Promise.resolve('token-2');
    rig.server.cut(1008);
    rig.server.store.insert(5);
    await rig.clock.advance(5 * SECOND);
    expect(rig.phase).to.equal('live');
    expect(rig.asked).to.deep.equal(['initial', 'rejected']);
    expect(five.shown).to.deep.equal(rig.stored(5));
  });

  it('that is missing signs the page out: the picture stays, everything stops, until it is asked anew', async () => {
    await connected();
    rig.server.store.insert(5);
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    const { lastKnownAt } = rig.client.state;
    rig.server.tokens.clear();
    rig.token = () => Promise.resolve(null);
    rig.server.cut(1008);
    await rig.clock.advance(5 * SECOND);
    expect(rig.client.state).to.deep.equal({ phase: 'signed-out', lastKnownAt });
    expect(five.shown).to.deep.equal(['op-000001 in_progress r1']);
    const [requests, asked] = [rig.server.requests.length, rig.asked.length];
    expect(await failureOf(rig.client.request('GET', '/connections'))).to.include({
      status: 401,
      code: 'AUTH_REQUIRED',
    });
    rig.wake();
    await rig.clock.advance(60 * MINUTE);
    expect([rig.server.requests.length, rig.asked.length]).to.deep.equal([requests, asked]);

    rig.server.tokens.add('token-3');
    rig.token = () => Promise.resolve('token-3');
    rig.server.store.insert(5);
    rig.client.reauthenticate();
    await rig.clock.advance(20);
    expect(five.shown).to.deep.equal([]);
    await rig.clock.advance(SECOND);
    expect(rig.phase).to.equal('live');
    expect(five.shown).to.deep.equal(rig.stored(5));
    expect(rig.asked.at(-1)).to.equal('initial');
  });

  it('that fetchToken fails to give signs the page out, a network that it does not find is waited for', async () => {
    await connected((fresh) => {
      fresh.token = () => Promise.reject(new Error('no session'));
    });
    expect(phases).to.deep.equal(['connecting', 'signed-out']);
    rig.client.close();
    await connected((fresh) => {
      fresh.token = () => Promise.reject(new TypeError('Failed to fetch'));
    });
    expect(phases).to.deep.equal(['connecting']);
    rig.token = () => Promise.resolve('token-1');
    await rig.clock.advance(10 * SECOND);
    expect(rig.phase).to.equal('live');
  });

  it('that is refused however often it is replaced signs the page out', async () => {
    await connected((fresh) => {
      fresh.server.tokens.clear();
    });
    await rig.clock.advance(30 * SECOND);
    expect(rig.phase).to.equal('signed-out');
    expect(rig.asked).to.deep.equal(['initial', 'rejected', 'rejected', 'rejected']);
  });

  it('of a user who left is used no more, though it was still on its way', async () => {
    rig = new Rig();
    let give: (token: string) => void = () => undefined;
    rig.token = () => new Promise<string>((resolve) => (give = resolve));
    await rig.clock.advance(SECOND);
    rig.token = () => Promise.resolve('token-2');
    rig.server.tokens.add('token-2');
    rig.client.reauthenticate();
    give('token-1');
    await rig.clock.advance(SECOND);
    expect(rig.phase).to.equal('live');
    expect(rig.server.socket.token).to.equal('token-2');
    expect(rig.server.requests.every(({ headers }) => headers['authorization'] === 'Bearer token-2')).to.equal(true);
  });

  it('whose renewal the socket refuses brings a new socket', async () => {
    rig = new Rig();
    rig.token = () =>
      Promise.resolve({ token: 'token-1', expiresAt: new Date(rig.clock.now() + 100_000).toISOString() });
    await rig.clock.advance(SECOND);
    rig.token = () => {
      rig.clock.setTimer(() => rig.server.tokens.add('token-2'), 200);
      return Promise.resolve({ token: 'token-2', expiresAt: new Date(rig.clock.now() + 900_000).toISOString() });
    };
    await rig.clock.advance(90 * SECOND);
    expect(rig.server.sockets.length).to.equal(2);
    expect(rig.server.socket.token).to.equal('token-2');
    expect(rig.phase).to.equal('live');
  });
});
