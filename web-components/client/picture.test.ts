/** What a page shows of the store: subscribed, then read, merged, and right again after every gap. */
import { expect } from '@open-wc/testing';
import { settle } from './testing/fake-clock.js';
import { problem } from './testing/fake-server.js';
import { Rig } from './testing/rig.js';

const SECOND = 1_000;

describe('what a page shows', () => {
  let rig: Rig;

  beforeEach(() => {
    rig = new Rig();
  });

  afterEach(() => {
    rig.client.close();
    expect(rig.server.breaches).to.deep.equal([]);
  });

  it('is empty and unknown until the store has answered', async () => {
    rig.server.store.insert(5);
    const five = rig.watch(5);
    expect(five.pictures).to.deep.equal([{ operations: [], known: false, problem: null }]);
    await rig.clock.advance(SECOND);
    expect(five.pictures.at(-1)?.known).to.equal(true);
    expect(five.shown).to.deep.equal(['op-000001 in_progress r1']);
  });

  it('is subscribed before it is read', async () => {
    rig.watch(5);
    const paths: string[][] = [];
    rig.server.intercept = ({ path }) => {
      if (path.startsWith('/connections')) paths.push([...rig.server.socket.paths]);
      return undefined;
    };
    await rig.clock.advance(SECOND);
    expect(paths).to.deep.equal([['/connections/5/operations']]);
  });

  it('keeps what is published while the store is being read', async () => {
    const known = rig.server.store.insert(5);
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.cut();
    rig.server.intercept = ({ path }) => {
      if (!path.startsWith('/connections')) return undefined;
      const page = rig.server.store.page(5, 50);
      rig.server.intercept = () => undefined;
      rig.server.insert(5, { type: 'service_restart' });
      rig.server.change(known.id, { progress: 40 });
      return { status: 200, body: page };
    };
    await rig.clock.advance(SECOND);
    expect(five.shown).to.deep.equal(['op-000002 in_progress r1', 'op-000001 in_progress r2']);
    expect(rig.server.count('GET', /^\/connections/)).to.equal(2);
  });

  it('reads once more where something was heard before the history was known', async () => {
    const known = rig.server.store.insert(5);
    const five = rig.watch(5);
    rig.server.intercept = ({ path }) => {
      if (!path.startsWith('/connections')) return undefined;
      rig.server.intercept = () => undefined;
      rig.server.announce('operation:update', { ...known, revision: 7, progress: 70 });
      return { status: 200, body: rig.server.store.page(5, 50) };
    };
    await rig.clock.advance(SECOND);
    expect(five.shown).to.deep.equal(rig.stored(5));
  });

  it('never goes back to an earlier revision', async () => {
    const operation = rig.server.store.insert(5);
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    const early = rig.server.change(operation.id, { progress: 10 });
    rig.server.change(operation.id, { progress: 20 });
    rig.server.announce('operation:update', early);
    rig.server.announce('operation:update', { ...early, revision: 3, progress: 99 });
    await rig.clock.advance(SECOND);
    expect(five.pictures.at(-1)?.operations.map(({ progress }) => progress)).to.deep.equal([20]);
  });

  it('has active operations first, then the newest', async () => {
    const old = rig.server.store.insert(5);
    rig.server.store.insert(5, { status: 'completed' });
    rig.server.store.insert(5, { status: 'failed' });
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    expect(five.shown.map((line) => line.split(' ')[0])).to.deep.equal(['op-000001', 'op-000003', 'op-000002']);
    rig.server.change(old.id, { status: 'completed' });
    await rig.clock.advance(SECOND);
    expect(five.shown.map((line) => line.split(' ')[0])).to.deep.equal(['op-000003', 'op-000002', 'op-000001']);
  });

  it('is drawn once for many messages', async () => {
    const operation = rig.server.store.insert(5);
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    const before = five.pictures.length;
    for (let progress = 1; progress <= 50; progress += 1) rig.server.change(operation.id, { progress });
    await rig.clock.advance(SECOND);
    expect(five.pictures.length - before).to.equal(1);
    expect(five.shown).to.deep.equal(['op-000001 in_progress r51']);
  });

  it('shows a started operation as soon as the start is answered, with a key of its own', async () => {
    const five = rig.watch(5);
    const fleet = rig.watch(null);
    await rig.clock.advance(SECOND);
    rig.server.announce = () => undefined;
    const starting = rig.client.start(5, 'ssh_test', { quick: true });
    await rig.clock.advance(SECOND);
    const answer = await starting;
    expect(answer.status).to.equal('started');
    expect(five.shown).to.deep.equal(['op-000001 in_progress r1']);
    expect(fleet.shown).to.deep.equal(five.shown);
    const posted = rig.server.requests.find(({ method }) => method === 'POST');
    expect(posted?.path).to.equal('/connections/5/operations/ssh_test');
    expect(posted?.body).to.deep.equal({ params: { quick: true } });
    expect(posted?.headers['idempotency-key']).to.match(/^\d+(-\d+){3}$/);
  });

  it('keeps a started operation that an older answer does not hold yet', async () => {
    await rig.clock.advance(SECOND);
    rig.server.announce = () => undefined;
    const five = rig.watch(5);
    let started: Promise<unknown> = Promise.resolve();
    rig.server.intercept = ({ method, path }) => {
      if (method !== 'GET' || !path.startsWith('/connections/5/operations?')) return undefined;
      const page = rig.server.store.page(5, 50);
      rig.server.intercept = () => undefined;
      started = rig.client.start(5, 'ssh_test');
      rig.server.latency = () => 1;
      return { status: 200, body: page };
    };
    await rig.clock.advance(SECOND);
    await started;
    expect(five.shown).to.deep.equal(rig.stored(5));
    expect(five.shown.length).to.equal(1);
  });

  it('shows a cancelled and a retried operation at once', async () => {
    const operation = rig.server.store.insert(5);
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.announce = () => undefined;
    const cancelling = rig.client.cancel(5, operation.id);
    await rig.clock.advance(SECOND);
    expect((await cancelling).status).to.equal('cancelled');
    const retrying = rig.client.retry(5, operation.id);
    await rig.clock.advance(SECOND);
    expect((await retrying).operationId).to.equal('op-000002');
    expect(five.shown).to.deep.equal(['op-000002 in_progress r1', 'op-000001 cancelled r2']);
  });

  it('equals the store again after changes that were missed', async () => {
    const ended = rig.server.store.insert(5);
    const pruned = rig.server.store.insert(5, { status: 'completed' });
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.cut();
    rig.server.store.change(ended.id, { status: 'failed' });
    rig.server.store.operations.delete(pruned.id);
    rig.server.store.insert(5);
    await settle();
    expect(rig.phase).to.equal('reconnecting');
    await rig.clock.advance(SECOND);
    expect(rig.phase).to.equal('live');
    expect(five.shown).to.deep.equal(rig.stored(5));
    expect(five.shown).to.deep.equal(['op-000003 in_progress r1', 'op-000001 failed r2']);
  });

  it('drops an active operation that ended and fell off the first page', async () => {
    const long = rig.server.store.insert(5, { id: 'op-000000' });
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.cut();
    rig.server.store.change(long.id, { status: 'completed' });
    for (let made = 0; made < 60; made += 1) rig.server.store.insert(5, { status: 'completed' });
    await rig.clock.advance(SECOND);
    expect(five.shown).to.deep.equal(rig.stored(5));
    expect(five.pictures.at(-1)?.operations.filter(({ status }) => status === 'in_progress')).to.deep.equal([]);
  });

  it('drops an active operation that is gone from the store', async () => {
    const gone = rig.server.store.insert(5, { id: 'op-000000' });
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.cut();
    rig.server.store.operations.delete(gone.id);
    for (let made = 0; made < 60; made += 1) rig.server.store.insert(5, { status: 'completed' });
    await rig.clock.advance(SECOND);
    expect(five.shown).to.deep.equal(rig.stored(5));
  });

  it('holds no more than a first page, however long it stays open', async () => {
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    for (let made = 0; made < 120; made += 1) {
      rig.server.change(rig.server.insert(5).id, { status: 'completed' });
      await rig.clock.advance(20);
    }
    await rig.clock.advance(SECOND);
    expect(five.shown.length).to.equal(50);
    expect(five.shown).to.deep.equal(rig.stored(5));
  });

  it('drops everything when the store is another one', async () => {
    const operation = rig.server.store.insert(5);
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.change(operation.id, { progress: 80 });
    await rig.clock.advance(SECOND);
    rig.server.cut();
    rig.server.store.epoch = 'epoch-2';
    rig.server.store.operations.clear();
    rig.server.store.insert(5, { id: operation.id, progress: 20 });
    await rig.clock.advance(SECOND);
    expect(five.pictures.at(-1)?.operations.map(({ progress, revision }) => [progress, revision])).to.deep.equal([
      [20, 1],
    ]);
  });

  it('says why a connection cannot be read, and shows it when it is granted', async () => {
    rig.server.hidden.add(5);
    rig.server.store.insert(5);
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    expect(rig.phase).to.equal('live');
    expect(five.pictures.at(-1)).to.deep.include({ operations: [], known: true });
    expect(five.pictures.at(-1)?.problem).to.include({ status: 404, code: 'NOT_FOUND', hint: 'Do otherwise.' });
    rig.server.hidden.clear();
    await rig.clock.advance(130 * SECOND);
    expect(five.shown).to.deep.equal(rig.stored(5));
    expect(five.pictures.at(-1)?.problem).to.equal(null);
    expect([...rig.server.socket.paths]).to.deep.equal(['/connections/5/operations']);
  });

  it('drops its rows when the grant is revoked', async () => {
    rig.server.store.insert(5);
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.hidden.add(5);
    rig.server.socket.paths.clear();
    rig.server.socket.push({ type: 'revoke', path: '/connections/5/operations' });
    await rig.clock.advance(SECOND);
    expect(five.shown).to.deep.equal([]);
    expect(five.pictures.at(-1)?.problem?.status).to.equal(404);
  });

  it('tries a failed read again, and is not live meanwhile', async () => {
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.cut();
    rig.server.store.insert(5);
    let failures = 3;
    rig.server.intercept = ({ path }) => {
      if (!path.startsWith('/connections') || failures === 0) return undefined;
      failures -= 1;
      return problem(503, 'UNAVAILABLE', { 'retry-after': '2' });
    };
    await rig.clock.advance(4 * SECOND);
    expect(rig.phase).to.equal('reconnecting');
    await rig.clock.advance(6 * SECOND);
    expect(rig.phase).to.equal('live');
    expect(five.shown).to.deep.equal(rig.stored(5));
  });
});

describe('what a page watches', () => {
  let rig: Rig;

  beforeEach(async () => {
    rig = new Rig();
    await rig.clock.advance(SECOND);
  });

  afterEach(() => {
    rig.client.close();
    expect(rig.server.breaches).to.deep.equal([]);
  });

  it('is subscribed once, however many watch it, and goes on when one of them leaves', async () => {
    const first = rig.watch(5);
    const second = rig.watch(5);
    await rig.clock.advance(SECOND);
    expect(rig.server.count('GET', /^\/connections\/5/)).to.equal(1);
    first.stop();
    first.stop();
    await rig.clock.advance(10 * SECOND);
    rig.server.insert(5);
    await rig.clock.advance(SECOND);
    expect(second.shown).to.deep.equal(rig.stored(5));
    expect(first.shown).to.deep.equal([]);
  });

  it('counts one listener that watches twice as two', async () => {
    const told: number[] = [];
    const listener = (): void => void told.push(1);
    const stop = rig.client.watchConnection(5, listener);
    rig.client.watchConnection(5, listener);
    await rig.clock.advance(SECOND);
    stop();
    told.length = 0;
    rig.server.insert(5);
    await rig.clock.advance(SECOND);
    expect(told.length).to.equal(1);
  });

  it('is left 5 s after the last watcher, and kept where one comes back before', async () => {
    const first = rig.watch(5);
    await rig.clock.advance(SECOND);
    first.stop();
    await rig.clock.advance(4_900);
    const second = rig.watch(5);
    await rig.clock.advance(10 * SECOND);
    expect([...rig.server.socket.paths]).to.deep.equal(['/connections/5/operations']);
    expect(rig.server.count('GET', /^\/connections\/5/)).to.equal(1);
    second.stop();
    await rig.clock.advance(4_900);
    expect(rig.server.socket.paths.size).to.equal(1);
    await rig.clock.advance(200);
    expect(rig.server.socket.paths.size).to.equal(0);
  });

  it('tells the other watchers when one of them fails', async () => {
    const failures: unknown[] = [];
    const { onerror } = window;
    window.onerror = (message) => {
      failures.push(message);
      return true;
    };
    let fails = false;
    rig.client.watchConnection(5, () => {
      if (fails) throw new Error('a broken listener');
    });
    const second = rig.watch(5);
    await rig.clock.advance(SECOND);
    fails = true;
    rig.server.insert(5);
    await rig.clock.advance(SECOND);
    window.onerror = onerror;
    expect(second.shown).to.deep.equal(rig.stored(5));
    expect(failures.length).to.equal(1);
  });

  it('keeps more connections right than a socket may subscribe', async () => {
    for (let id = 1; id <= 230; id += 1) rig.server.store.insert(id);
    const watched = Array.from({ length: 230 }, (_unused, index) => rig.watch(index + 1));
    await rig.clock.advance(30 * SECOND);
    expect(rig.phase).to.equal('live');
    expect(rig.server.socket.paths.size).to.equal(200);
    expect(rig.server.socket.received.filter(({ type }) => type === 'sub').length).to.equal(230);
    for (const operation of [...rig.server.store.operations.values()])
      rig.server.change(operation.id, { progress: 50 });
    await rig.clock.advance(7 * SECOND);
    expect(watched.flatMap(({ shown }) => shown)).to.deep.equal(
      watched.flatMap((_unused, index) => rig.stored(index + 1)),
    );
    rig.server.cut();
    for (const operation of [...rig.server.store.operations.values()])
      rig.server.store.change(operation.id, { progress: 60 });
    await rig.clock.advance(40 * SECOND);
    expect(rig.phase).to.equal('live');
    expect(watched.flatMap(({ shown }) => shown)).to.deep.equal(
      watched.flatMap((_unused, index) => rig.stored(index + 1)),
    );
  });

  it('polls the fleet where its subscription is refused, and stays live', async () => {
    rig.server.fleetAllowed = false;
    rig.server.store.insert(5);
    const fleet = rig.watch(null);
    await rig.clock.advance(SECOND);
    expect(rig.phase).to.equal('live');
    expect(fleet.shown).to.deep.equal(rig.stored(null));
    rig.server.insert(6);
    await rig.clock.advance(6 * SECOND);
    expect(fleet.shown).to.deep.equal(rig.stored(null));
    await rig.clock.advance(20 * SECOND);
    const polls = rig.server.requests.filter(({ path }) => path.startsWith('/operations?'));
    expect(polls.slice(1).every(({ headers }) => 'if-none-match' in headers)).to.equal(true);
    expect(polls.length).to.be.within(5, 8);
  });

  it('refuses an id that is no connection', () => {
    expect(() => rig.client.watchConnection(Number.NaN, () => undefined)).to.throw(RangeError, 'got: NaN');
    expect(() => rig.client.watchConnection(1.5, () => undefined)).to.throw(RangeError, 'got: 1.5');
  });

  it('asks for the definitions once, and again where that failed', async () => {
    let fails = true;
    rig.server.intercept = ({ path }) =>
      fails && path === '/operations/types' ? problem(503, 'UNAVAILABLE') : undefined;
    const failed = rig.client.definitions().catch((error: unknown) => error);
    await rig.clock.advance(SECOND);
    expect(await failed).to.include({ status: 503, code: 'UNAVAILABLE' });
    fails = false;
    const both = Promise.all([rig.client.definitions(), rig.client.definitions()]);
    await rig.clock.advance(SECOND);
    expect((await both).map((types) => types.map(({ type }) => type))).to.deep.equal([['ssh_test'], ['ssh_test']]);
    expect(rig.server.count('GET', /types$/)).to.equal(2);
  });
});
