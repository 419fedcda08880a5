/** One operation's log: in order, without holes, whatever way it comes. */
import { expect } from '@open-wc/testing';
import type { LogLine, LogSnapshot, Operation } from './contract.js';
import { Rig } from './testing/rig.js';

const SECOND = 1_000;

describe('a log', () => {
  let rig: Rig;
  let operation: Operation;
  let told: LogSnapshot[];

  const watch = (): (() => void) => rig.client.watchLog(5, operation.id, (log) => void told.push(log));
  const shown = (): number[] => (told.at(-1)?.lines ?? []).map(({ seq }) => seq);
  const stored = (): number[] => (rig.server.store.logs.get(operation.id) ?? []).map(({ seq }) => seq);
  const reads = (): string[] =>
    rig.server.requests.filter(({ path }) => path.includes('/log?')).map(({ path }) => path.split('?')[1] ?? '');

  beforeEach(() => {
    rig = new Rig();
    told = [];
    operation = rig.server.store.insert(5);
  });

  afterEach(() => {
    rig.client.close();
    expect(rig.server.breaches).to.deep.equal([]);
  });

  it('is read whole where its answers are cut, then follows', async () => {
    rig.server.store.append(operation.id, 2_500);
    watch();
    expect(told).to.deep.equal([{ lines: [], known: false, problem: null }]);
    await rig.clock.advance(SECOND);
    expect(told.at(-1)?.known).to.equal(true);
    expect(reads()).to.deep.equal(['after=0', 'after=1000', 'after=2000', 'after=2500']);
    rig.server.append(operation, 3);
    await rig.clock.advance(SECOND);
    expect(shown()).to.deep.equal(stored());
    expect(reads().length).to.equal(4);
  });

  it('fills a hole by asking for what is missing', async () => {
    watch();
    await rig.clock.advance(SECOND);
    rig.server.append(operation, 2);
    rig.server.append(operation, 3, false);
    rig.server.append(operation, 1);
    await rig.clock.advance(SECOND);
    expect(shown()).to.deep.equal([1, 2, 3, 4, 5, 6]);
    expect(reads().at(-2)).to.equal('after=2');
  });

  it('shows a line once that one message holds twice', async () => {
    watch();
    await rig.clock.advance(SECOND);
    rig.server.append(operation, 1);
    const path = `/connections/5/operations/${operation.id}/log`;
    const line: LogLine = { seq: 2, at: operation.startedAt, stream: 'out', text: 'twice' };
    rig.server.store.logs.get(operation.id)?.push(line);
    rig.server.publish(path, { seq: 2, lines: [line, line] });
    await rig.clock.advance(SECOND);
    expect(shown()).to.deep.equal([1, 2]);
  });

  it('fills a hole that shows while it is read', async () => {
    rig.server.intercept = ({ path }) => {
      if (!path.includes('/log?')) return undefined;
      rig.server.intercept = () => undefined;
      rig.server.append(operation, 2, false);
      rig.server.append(operation, 1);
      return { status: 200, body: { seq: 1, lines: [] } };
    };
    watch();
    await rig.clock.advance(SECOND);
    expect(shown()).to.deep.equal([1, 2, 3]);
  });

  it('takes a hole that the store has too', async () => {
    watch();
    await rig.clock.advance(SECOND);
    const path = `/connections/5/operations/${operation.id}/log`;
    const line: LogLine = { seq: 9, at: operation.startedAt, stream: 'out', text: 'after pruned lines' };
    rig.server.store.logs.set(operation.id, [line]);
    rig.server.publish(path, { seq: 9, lines: [line] });
    await rig.clock.advance(SECOND);
    expect(shown()).to.deep.equal([9]);
  });

  it('keeps lines that come while it is read, once and in order', async () => {
    rig.server.store.append(operation.id, 10);
    let more = true;
    rig.server.intercept = ({ path }) => {
      if (!path.includes('/log?') || !more) return undefined;
      more = false;
      const lines = rig.server.store.linesAfter(operation.id, 0, 1_000);
      rig.server.append(operation, 2);
      rig.server.append(operation, 2);
      return { status: 200, body: { seq: 1, lines } };
    };
    watch();
    await rig.clock.advance(SECOND);
    expect(shown()).to.deep.equal(stored());
    expect(shown().length).to.equal(14);
  });

  it('goes on where it was after a reconnection', async () => {
    rig.server.store.append(operation.id, 5);
    watch();
    await rig.clock.advance(SECOND);
    rig.server.cut();
    rig.server.append(operation, 5);
    await rig.clock.advance(SECOND);
    expect(shown()).to.deep.equal(stored());
    expect(reads().slice(2)).to.deep.equal(['after=5', 'after=10']);
  });

  it('is read anew when the store is another one', async () => {
    rig.server.store.append(operation.id, 5);
    watch();
    rig.watch(5);
    await rig.clock.advance(SECOND);
    rig.server.cut();
    rig.server.store.epoch = 'epoch-2';
    rig.server.store.logs.clear();
    rig.server.store.append(operation.id, 3);
    await rig.clock.advance(SECOND);
    expect(shown()).to.deep.equal([1, 2, 3]);
  });

  it('is polled without a socket, until its operation has ended', async () => {
    rig.server.transport = 'polling';
    watch();
    await rig.clock.advance(SECOND);
    rig.server.append(operation, 4);
    await rig.clock.advance(6 * SECOND);
    expect(shown()).to.deep.equal(stored());
    rig.server.append(operation, 1);
    rig.server.change(operation.id, { status: 'completed' });
    await rig.clock.advance(6 * SECOND);
    expect(shown()).to.deep.equal(stored());
    const before = reads().length;
    await rig.clock.advance(60 * SECOND);
    expect(reads().length).to.equal(before);
  });

  it('is empty where there is nothing to read, and says why', async () => {
    operation = { ...operation, id: 'op-unknown' };
    watch();
    await rig.clock.advance(SECOND);
    const { problem, ...log } = told.at(-1) as LogSnapshot;
    expect(log).to.deep.equal({ lines: [], known: true });
    expect(problem?.status).to.equal(404);
    expect(rig.phase).to.equal('live');
  });
});
