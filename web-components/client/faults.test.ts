/** A page that sleeps, a network that goes, a clock that is set: what the browser tells, and what it doesn't. */
import { expect } from '@open-wc/testing';
import { surroundings } from './surroundings.js';
import { settle } from './testing/fake-clock.js';
import { Rig } from './testing/rig.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

let rig: Rig;
let five: ReturnType<Rig['watch']>;

beforeEach(async () => {
  rig = new Rig();
  five = rig.watch(5);
  await rig.clock.advance(SECOND);
  expect(rig.phase).to.equal('live');
});

afterEach(() => {
  rig.client.close();
  expect(rig.server.breaches).to.deep.equal([]);
});

describe('a network that has gone', () => {
  it('is said at once, and the page is right as soon as it is back', async () => {
    rig.offline();
    await settle();
    expect(rig.phase).to.equal('reconnecting');
    rig.server.store.insert(5);
    await rig.clock.advance(5 * 60 * SECOND);
    expect(rig.phase).to.equal('reconnecting');
    expect(five.shown).to.deep.equal([]);
    rig.server.up = true;
    rig.wake();
    await rig.clock.advance(100);
    expect(rig.phase).to.equal('live');
    expect(five.shown).to.deep.equal(rig.stored(5));
  });

  it('that never went brings the page back in a moment', async () => {
    rig.offline();
    rig.server.up = true;
    await rig.clock.advance(600);
    expect(rig.phase).to.equal('live');
    expect(rig.server.sockets.length).to.equal(2);
  });

  it('is heard of the browser: offline, online and a look at the page', () => {
    const told: string[] = [];
    const { onWake } = surroundings({ url: 'http://box.test', fetchToken: () => Promise.resolve(null) });
    const unbind = onWake(
      () => told.push('woken'),
      () => told.push('gone'),
    );
    window.dispatchEvent(new Event('offline'));
    window.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    expect(told).to.deep.equal(['gone', 'woken', 'woken']);
    unbind();
    window.dispatchEvent(new Event('offline'));
    window.dispatchEvent(new Event('online'));
    expect(told.length).to.equal(3);
  });
});

describe('a page that is hidden', () => {
  it('goes on hearing while its timers wait, and is right when it is looked at', async () => {
    rig.page.sleep();
    rig.server.insert(5);
    await rig.clock.advance(10 * 60 * SECOND);
    rig.wake();
    await rig.clock.advance(20);
    expect(rig.phase).to.equal('live');
    expect(five.shown).to.deep.equal(rig.stored(5));
    expect(rig.server.sockets.length).to.equal(1);
  });
});

describe('a laptop that slept', () => {
  it('finds its link dead within seconds of waking, though nobody told it, and its token ended', async () => {
    rig.page.sleep();
    rig.server.unplug();
    rig.server.tokens.clear();
    rig.server.tokens.add('token-2');
    rig.token = () => Promise.resolve('token-2');
    rig.server.store.insert(5);
    await rig.clock.advance(8 * HOUR);
    expect(rig.phase).to.equal('live');
    rig.wake();
    await rig.clock.advance(5 * SECOND);
    expect(rig.phase).to.equal('live');
    expect(rig.server.sockets.length).to.be.within(2, 3);
    expect(rig.asked).to.deep.equal(['initial', 'rejected']);
    expect(five.shown).to.deep.equal(rig.stored(5));
  });
});

describe('a clock that somebody sets', () => {
  for (const skewMs of [-24 * HOUR, 24 * HOUR]) {
    it(`${skewMs / HOUR} hours ahead holds up nothing`, async () => {
      rig.server.socket.push({ type: 'update', message: { event: 'server:drain', retryAfterMs: 4_000 } });
      await rig.clock.advance(100);
      rig.page.skewMs = skewMs;
      rig.watch(6);
      await rig.clock.advance(SECOND);
      expect(rig.server.socket.paths.size).to.equal(2);
      rig.server.cut(1012);
      rig.server.store.insert(5);
      await rig.clock.advance(5 * SECOND);
      expect(rig.phase).to.equal('live');
      expect(five.shown).to.deep.equal(rig.stored(5));
      expect(Math.abs((rig.client.state.lastKnownAt ?? 0) - rig.page.now())).to.be.at.most(6 * SECOND);
    });
  }
});

describe('a server that was started anew', () => {
  it('with the same epoch is read again, with another one from nothing', async () => {
    const { server, clock } = rig;
    const operation = server.insert(5);
    server.change(operation.id, { progress: 80 });
    await clock.advance(SECOND);
    server.restart();
    await clock.advance(SECOND);
    expect(five.shown).to.deep.equal(['op-000001 in_progress r2']);
    server.store.epoch = 'epoch-2';
    server.store.operations.set(operation.id, { ...operation, progress: 20 });
    server.restart();
    await clock.advance(2 * SECOND);
    expect(five.shown).to.deep.equal(['op-000001 in_progress r1']);
  });
});

describe('a proxy that lets no socket through', () => {
  it('leaves the page polling, said as such, and current', async () => {
    const phases: string[] = [];
    rig.client.onState(({ phase }) => void (phases.at(-1) === phase || phases.push(phase)));
    rig.server.socketsBlocked = true;
    rig.server.cut();
    rig.server.store.insert(5);
    await rig.clock.advance(12 * SECOND);
    expect(phases).to.deep.equal(['live', 'reconnecting', 'polling']);
    expect(five.shown).to.deep.equal(rig.stored(5));
    rig.server.socketsBlocked = false;
    await rig.clock.advance(40 * SECOND);
    expect(phases.at(-1)).to.equal('live');
  });
});
