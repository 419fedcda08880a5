/** Whatever the network, the server and the clock do, and in whatever order: at the end every page shows the store. */
import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { Operation, Snapshot } from './contract.js';
import { isActive } from './scope.js';
import { problem } from './testing/fake-server.js';
import { Rig } from './testing/rig.js';
import { embedToken } from './testing/tokens.js';
import type { Bounds } from './token.js';

const FULL = import.meta.env.SIGNALBOX_TEST_FULL;
/** A fifth of them in an ordinary run. */
const RUNS = FULL ? 2_000 : 400;
const WATCHED = [1, 2];
const TYPES = ['ssh_test', 'service_restart', 'issue_cert'];
const BOUNDS = [
  { connections: [1, 2, 3], operations: null },
  { connections: [1, 2], operations: ['ssh_test', 'service_restart'] },
];

declare global {
  interface ImportMeta {
    /** Written in by web-test-runner.config.mjs: whether this is `npm run test:full`. */
    readonly env: { readonly SIGNALBOX_TEST_FULL: boolean };
  }
}

type Step = { act: string; pick: number; waitMs: number };

const acts = [
  'insert',
  'insert',
  'progress',
  'progress',
  'progress',
  'end',
  'start',
  'cancel',
  'log',
  'log',
  'cut',
  'unplug',
  'drain',
  'down',
  'up',
  'block',
  'unblock',
  'restore',
  'prune',
  'expire',
  'polling',
  'websocket',
  'watch',
  'unwatch',
  'wake',
  'slow',
  'fast',
  'late',
  'doubled',
  'cut up',
  'in order',
  'restart',
  'failing',
  'answering',
  'hide',
  'show',
  'sleep',
  'set the clock',
  'offline',
] as const;

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom(...acts),
  pick: fc.nat(1_000),
  waitMs: fc.oneof(fc.constant(0), fc.nat(40), fc.nat(900), fc.nat(12_000)),
});

/** Counts the pictures that show an operation at an earlier revision than the one before them. */
class Regressions {
  count = 0;
  readonly #seen = new Map<string, number>();

  look(snapshot: Snapshot): void {
    const back = snapshot.operations.filter(({ id, revision }) => revision < (this.#seen.get(id) ?? 0));
    if (back.length > 0) this.count += 1;
    for (const { id, revision } of snapshot.operations) this.#seen.set(id, revision);
  }
}

class World {
  readonly rig: Rig;
  readonly pictures = new Map<number | null, Snapshot>();
  readonly regressions: Regressions[] = [];
  log: readonly number[] = [];
  logged: Operation;
  #stops: (() => void)[] = [];
  /** Only a restored backup may take a picture back, and only once. */
  restores = 0;
  #tokens = 1;

  constructor(seed: number, bounds: Bounds | null) {
    const random = fc.sample(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { numRuns: 64, seed });
    let drawn = 0;
    const next = (): number => random[drawn++ % random.length] ?? 0.5;
    this.rig = new Rig({ random: next });
    this.rig.server.latency = () => 1 + next() * 60;
    this.rig.server.bounds = bounds;
    this.rig.server.fleetAllowed = seed % 2 === 0;
    this.rig.server.tokens.add(this.#token());
    this.rig.token = () => Promise.resolve(this.#token());
    this.logged = this.rig.server.store.insert(1);
    for (const id of [...WATCHED, null]) this.#watch(id);
    this.rig.client.watchLog(1, this.logged.id, ({ lines }) => (this.log = lines.map(({ seq }) => seq)));
  }

  async take({ act, pick, waitMs }: Step): Promise<void> {
    this.#act(act, pick);
    await this.rig.clock.advance(waitMs);
  }

  /** Everything works again; nothing else is done for the client. */
  async heal(): Promise<void> {
    const { server, clock } = this.rig;
    server.up = true;
    server.socketsBlocked = false;
    server.transport = 'websocket';
    server.intercept = () => undefined;
    server.latency = () => 20;
    server.fault = () => null;
    this.rig.wake();
    await clock.advance(150_000);
  }

  #token(): string {
    const { bounds } = this.rig.server;
    return bounds ? embedToken(bounds, { jti: this.#tokens }) : `token-${this.#tokens}`;
  }

  #watch(id: number | null): void {
    const regressions = new Regressions();
    this.regressions.push(regressions);
    const listener = (snapshot: Snapshot): void => {
      this.pictures.set(id, snapshot);
      regressions.look(snapshot);
    };
    if (id === null) this.rig.client.watchFleet(listener);
    else this.rig.client.watchConnection(id, listener);
  }

  #pick(pick: number, wanted: (operation: Operation) => boolean): Operation | undefined {
    const found = [...this.rig.server.store.operations.values()].filter(wanted);
    return found[pick % Math.max(1, found.length)];
  }

  #act(act: string, pick: number): void {
    const { server, client, clock } = this.rig;
    const connectionId = 1 + (pick % 3);
    const active = this.#pick(pick, isActive);
    const ignore = (): undefined => undefined;
    if (act === 'insert') server.insert(connectionId, { type: TYPES[pick % TYPES.length] ?? '' });
    else if (act === 'progress' && active) server.change(active.id, { progress: pick % 100 });
    else if (act === 'end' && active) server.change(active.id, { status: pick % 2 ? 'completed' : 'failed' });
    else if (act === 'start') void client.start(connectionId, 'ssh_test').catch(ignore);
    else if (act === 'cancel' && active) void client.cancel(active.connectionId, active.id).catch(ignore);
    else if (act === 'log') server.append(this.logged, 1 + (pick % 4));
    else if (act === 'cut') server.cut();
    else if (act === 'unplug') server.unplug();
    else if (act === 'drain') this.#drain(pick);
    else if (act === 'down') {
      server.up = false;
      server.cut();
    } else if (act === 'up') server.up = true;
    else if (act === 'block') {
      server.socketsBlocked = true;
      server.cut();
    } else if (act === 'unblock') server.socketsBlocked = false;
    else if (act === 'restore') this.#restore();
    else if (act === 'prune') this.#prune(pick);
    else if (act === 'expire') this.#expire();
    else if (act === 'polling' || act === 'websocket') server.transport = act;
    else if (act === 'watch') this.#stops.push(client.watchConnection(connectionId, ignore));
    else if (act === 'unwatch') this.#stops.shift()?.();
    else if (act === 'wake') this.rig.wake();
    else if (act === 'slow') server.latency = () => 1 + ((clock.now() * 7919 + pick) % 3_000);
    else if (act === 'fast') server.latency = () => 1 + ((clock.now() * 7919 + pick) % 20);
    else this.#disturb(act, pick);
  }

  /** What the link, the server's answers and the page's own time do. */
  #disturb(act: string, pick: number): void {
    const { server, page } = this.rig;
    if (act === 'late' || act === 'doubled') server.fault = () => act;
    else if (act === 'cut up') server.fault = () => 'cut';
    else if (act === 'in order') server.fault = () => null;
    else if (act === 'restart') server.restart();
    else if (act === 'failing')
      server.intercept = ({ method }) => (method === 'GET' ? problem(503, 'UNAVAILABLE') : undefined);
    else if (act === 'answering') server.intercept = () => undefined;
    else if (act === 'hide') page.sleep();
    else if (act === 'show') this.rig.wake();
    else if (act === 'sleep') {
      page.sleep();
      server.unplug();
    } else if (act === 'set the clock') page.skewMs = (pick - 500) * 30_000;
    else if (act === 'offline') this.rig.offline();
  }

  #drain(pick: number): void {
    for (const socket of this.rig.server.living) {
      socket.push({ type: 'update', message: { event: 'server:drain', retryAfterMs: pick * 3 } });
    }
    this.rig.clock.setTimer(() => this.rig.server.cut(1012), 100);
  }

  /** A restored backup: rows and lines go back, the epoch changes, and the server has been started anew. */
  #restore(): void {
    const { server } = this.rig;
    this.restores += 1;
    server.store.epoch = `epoch-${this.restores + 1}`;
    server.restart();
    for (const operation of [...server.store.operations.values()]) {
      server.store.operations.set(operation.id, { ...operation, status: 'failed', revision: 1, progress: 1 });
    }
    server.store.logs.get(this.logged.id)?.splice(3);
  }

  /** Nothing is published of a pruned row, so a restart goes with it. */
  #prune(pick: number): void {
    const ended = this.#pick(pick, (operation) => !isActive(operation) && operation.id !== this.logged.id);
    if (!ended) return;
    this.rig.server.store.operations.delete(ended.id);
    this.rig.server.restart();
  }

  #expire(): void {
    const { server } = this.rig;
    server.tokens.clear();
    this.#tokens += 1;
    server.tokens.add(this.#token());
    server.cut(1008);
  }
}

const lines = (operations: readonly Operation[]): string[] =>
  operations.map(({ id, revision, status, progress }) => `${id} ${status} ${progress} r${revision}`);

/** At the end, whatever happened. */
function expectTruth({ rig, pictures, log, logged, regressions, restores }: World): void {
  const { server } = rig;
  expect(rig.phase).to.equal('live');
  for (const id of [...WATCHED, null]) {
    const shown = lines(pictures.get(id)?.operations ?? []);
    expect(shown).to.deep.equal(lines(server.page(id, id === null ? 200 : 50).operations));
  }
  expect(log).to.deep.equal((server.store.logs.get(logged.id) ?? []).map(({ seq }) => seq));
  expect(Math.max(...regressions.map(({ count }) => count))).to.be.at.most(restores);
  expect(server.breaches).to.deep.equal([]);
}

const schedule = fc.array(step, { minLength: 5, maxLength: 30 });
const boundTo = fc.constantFrom<Bounds | null>(null, null, ...BOUNDS);

describe('any schedule of faults', () => {
  it(`ends with every page showing the store (${RUNS} runs)`, async function () {
    this.timeout(FULL ? 1_500_000 : 110_000);
    const seed = Date.now() % 2 ** 31;
    console.log(`fast-check seed: ${seed}, ${RUNS} schedules`);
    await fc.assert(
      fc.asyncProperty(schedule, fc.nat(), boundTo, async (steps, draws, bounds) => {
        const world = new World(draws, bounds);
        try {
          for (const next of steps) await world.take(next);
          await world.heal();
          expectTruth(world);
        } finally {
          world.rig.client.close();
        }
      }),
      { numRuns: RUNS, seed, includeErrorInReport: true },
    );
  });
});
