/** Tokens for widgets: what a page sees by one that is bound to connections, or to types of operations. */
import { expect } from '@open-wc/testing';
import { Rig } from './testing/rig.js';
import { embedToken } from './testing/tokens.js';
import type { Bounds } from './token.js';

const SECOND = 1_000;

let rig: Rig;

/** A page whose portal gives it tokens of these bounds. */
function bind(bounds: Bounds): void {
  const token = embedToken(bounds, { jti: rig.server.tokens.size });
  rig.server.tokens.clear();
  rig.server.tokens.add(token);
  rig.server.bounds = bounds;
  rig.token = () => Promise.resolve(token);
}

const gets = (): string[] =>
  rig.server.requests.filter(({ method }) => method === 'GET').map(({ path }) => path.split('?')[0] ?? '');

beforeEach(() => {
  rig = new Rig();
});

afterEach(() => {
  rig.client.close();
  expect(rig.server.breaches).to.deep.equal([]);
});

describe('a token that is bound to types', () => {
  beforeEach(() => bind({ connections: [5, 7], operations: ['ssh_test', 'issue_cert'] }));

  it('hears a connection type by type, live, without being refused or asking anything more', async () => {
    const five = rig.watch(5);
    await rig.clock.advance(SECOND);
    expect(rig.phase).to.equal('live');
    expect([...rig.server.socket.paths]).to.deep.equal([
      '/connections/5/operations/ssh_test',
      '/connections/5/operations/issue_cert',
    ]);
    const requests = gets();
    expect(requests).to.deep.equal(['/realtime', '/connections/5/operations']);
    const operation = rig.server.insert(5);
    rig.server.insert(5, { type: 'issue_cert' });
    rig.server.insert(5, { type: 'service_restart' });
    rig.server.change(operation.id, { progress: 40 });
    await rig.clock.advance(SECOND);
    expect(five.shown).to.deep.equal(['op-000002 in_progress r1', 'op-000001 in_progress r2']);
    expect(five.shown).to.deep.equal(rig.stored(5));
    await rig.clock.advance(60 * SECOND);
    expect(gets()).to.deep.equal(requests);
    expect(rig.server.refused).to.deep.equal([]);
  });

  it('shows a fleet of what it may see, live, and shares topics with its connections', async () => {
    const fleet = rig.watch(null);
    const five = rig.watch(5);
    await rig.clock.advance(2 * SECOND);
    expect([...rig.server.socket.paths].sort()).to.deep.equal([
      '/connections/5/operations/issue_cert',
      '/connections/5/operations/ssh_test',
      '/connections/7/operations/issue_cert',
      '/connections/7/operations/ssh_test',
    ]);
    five.stop();
    await rig.clock.advance(10 * SECOND);
    for (const id of [5, 7, 9]) rig.server.insert(id);
    await rig.clock.advance(SECOND);
    expect(fleet.shown).to.deep.equal(['op-000002 in_progress r1', 'op-000001 in_progress r1']);
    fleet.stop();
    await rig.clock.advance(10 * SECOND);
    expect([...rig.server.socket.paths]).to.deep.equal([]);
    expect(rig.server.refused).to.deep.equal([]);
  });

  it('is told of those types only', async () => {
    rig.server.types = ['ssh_test', 'service_restart', 'issue_cert'];
    const asked = rig.client.definitions();
    await rig.clock.advance(SECOND);
    expect((await asked).map(({ type }) => type)).to.deep.equal(['ssh_test', 'issue_cert']);
  });

  it('hears more as soon as a renewed token reaches more', async () => {
    const five = rig.watch(5);
    const [token] = rig.server.tokens;
    rig.token = () =>
      Promise.resolve({ token: token ?? '', expiresAt: new Date(rig.clock.now() + 100_000).toISOString() });
    await rig.clock.advance(SECOND);
    bind({ connections: [5, 7], operations: null });
    rig.server.store.insert(5, { type: 'service_restart' });
    await rig.clock.advance(80 * SECOND);
    expect([...rig.server.socket.paths]).to.include('/connections/5/operations');
    expect(five.shown).to.deep.equal(rig.stored(5));
    rig.server.insert(5, { type: 'service_restart' });
    await rig.clock.advance(SECOND);
    expect(five.shown).to.deep.equal(rig.stored(5));
    expect(rig.server.sockets.length).to.equal(1);
  });

  it('says of another connection that it is not to be seen', async () => {
    const nine = rig.watch(9);
    await rig.clock.advance(SECOND);
    expect(nine.pictures.at(-1)?.problem?.status).to.equal(404);
    expect(rig.phase).to.equal('live');
  });
});

describe('a token that is bound to connections', () => {
  it('hears each of them in one topic', async () => {
    bind({ connections: [5, 7], operations: null });
    const fleet = rig.watch(null);
    await rig.clock.advance(SECOND);
    expect([...rig.server.socket.paths]).to.deep.equal(['/connections/5/operations', '/connections/7/operations']);
    rig.server.insert(7);
    await rig.clock.advance(SECOND);
    expect(fleet.shown).to.deep.equal(rig.stored(null));
  });

  it('polls the fleet where it is of more than 50 topics', async () => {
    bind({ connections: Array.from({ length: 51 }, (_unused, index) => index + 1), operations: null });
    const fleet = rig.watch(null);
    await rig.clock.advance(SECOND);
    expect([...rig.server.socket.paths]).to.deep.equal([]);
    expect(rig.phase).to.equal('live');
    rig.server.insert(51);
    await rig.clock.advance(6 * SECOND);
    expect(fleet.shown).to.deep.equal(rig.stored(null));
    expect(rig.server.refused).to.deep.equal([]);
  });
});

describe('an ordinary token', () => {
  it('costs the same requests and topics as before', async () => {
    rig.watch(5);
    rig.watch(null);
    await rig.clock.advance(SECOND);
    expect(gets().sort()).to.deep.equal(['/connections/5/operations', '/operations', '/realtime']);
    expect([...rig.server.socket.paths]).to.deep.equal(['/connections/5/operations', '/operations']);
  });
});
