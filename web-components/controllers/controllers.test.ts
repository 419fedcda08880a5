/** The controllers, in Lit hosts, with a real client of a fake server. */
import { expect } from '@open-wc/testing';
import { ContextProvider } from '@lit/context';
import { html, LitElement, type TemplateResult } from 'lit';
import type { SignalboxClient } from '../client/contract.js';
import { settle } from '../client/testing/fake-clock.js';
import { Rig } from '../client/testing/rig.js';
import { clientContext } from '../context/client-context.js';
import { ClockController, FleetController, LogController, OperationsController } from './index.js';
import { FakeClient } from '../testing/fake-client.js';
import { operation } from '../testing/operations.js';
import { Ticker } from './ticker.js';

const SECOND = 1_000;

class Around extends LitElement {
  readonly #clients = new ContextProvider(this, { context: clientContext });

  give(client: SignalboxClient): void {
    this.#clients.setValue(client);
  }

  override createRenderRoot(): HTMLElement {
    return this;
  }
}

class Shows extends LitElement {
  static ticker = new Ticker();
  connection = 5;
  operation: string | null = null;
  counting = false;
  drawn = 0;
  early: string[] = [];
  readonly operations = new OperationsController(this, () => this.connection);
  readonly fleet = new FleetController(this);
  readonly log = new LogController(this, () =>
    this.operation === null ? null : { connection: this.connection, operation: this.operation },
  );
  readonly clock = new ClockController(this, Shows.ticker);

  get ids(): string[] {
    return this.operations.operations.map(({ id }) => id);
  }

  protected override willUpdate(): void {
    this.early = this.ids;
  }

  override render(): TemplateResult {
    this.drawn += 1;
    return html`${this.ids.join()} ${this.counting ? this.clock.now : ''}`;
  }
}

customElements.define('test-around', Around);
customElements.define('test-shows', Shows);

describe('the server’s time', () => {
  const minute = 60 * SECOND;
  interface Change {
    /** Of the server's clock against this one's, ms. */
    ahead: number;
    /** How long ago it was made, ms. */
    delay: number;
    revision: number;
  }

  /** The offset after each of these changes of one operation; the first comes into sight, the others happen there. */
  function offsets(changes: readonly Change[], id = 'x'): number[] {
    const ticker = new Ticker({ now: () => 1_000_000_000, setTimer: () => null, clearTimer: () => undefined });
    const client = new FakeClient();
    const see = ticker.timed(client, () => undefined);
    see({ operations: [], known: false, problem: null });
    return changes.map(({ ahead, delay, revision }) => {
      const updatedAt = new Date(ticker.now() + ahead - delay).toISOString();
      see({ operations: [operation(1, { id, revision, updatedAt })], known: true, problem: null });
      return ticker.of(client).offsetMs;
    });
  }
  const steps = (ahead: number, ...delays: number[]): Change[] =>
    delays.map((delay, index) => ({ ahead, delay, revision: index + 1 }));

  it('is taken for right while it differs by no more than the network’s delay', () => {
    expect(offsets(steps(0, 5 * minute, 30, 700, 90, 1200, 2))).to.deep.equal([0, 0, 0, 0, 0, 0]);
    expect(offsets(steps(400, 0, 30, 700))).to.deep.equal([0, 0, 0]);
  });

  it('is learnt where this clock is slow, at once from what lies in its future', () => {
    expect(offsets(steps(10 * minute, 4 * minute, 20))).to.deep.equal([6 * minute, 10 * minute - 20]);
  });

  it('is learnt where this clock is fast, from the second change on', () => {
    const learnt = offsets(steps(-10 * minute, minute, 900, 40, 300));
    expect(learnt).to.deep.equal([0, 0, -10 * minute - 40, -10 * minute - 40]);
  });

  it('is not misled by what happened while the page was cut off', () => {
    expect(offsets(steps(0, minute, 7 * minute, 50, 60))).to.deep.equal([0, 0, 0, 0]);
    const late = offsets(steps(3 * minute, 10, 10, 7 * minute, 20));
    expect(late).to.deep.equal(Array.from({ length: 4 }, () => 3 * minute - 10));
  });

  it('follows a clock that somebody sets', () => {
    const wrong = steps(10 * minute, 10, 10, 10);
    const right = Array.from({ length: 9 }, (_, index) => ({ ahead: 0, delay: 10, revision: 4 + index }));
    const learnt = offsets([...wrong, ...right]);
    expect(learnt.slice(0, 4)).to.deep.equal(Array.from({ length: 4 }, () => 10 * minute - 10));
    expect(learnt.at(-1)).to.equal(-10);
  });
});

describe('a controller', () => {
  let rig: Rig;
  let around: Around;
  let shows: Shows;

  /** Time goes on, and every host is drawn that asked for it. */
  async function pass(ms: number): Promise<void> {
    await rig.clock.advance(ms);
    await settle();
  }

  beforeEach(async () => {
    rig = new Rig();
    rig.server.store.insert(5, { status: 'failed' });
    rig.server.store.insert(5);
    rig.server.store.insert(6, { type: 'service_restart' });
    Shows.ticker = new Ticker({ now: rig.clock.now, setTimer: rig.clock.setTimer, clearTimer: rig.clock.clearTimer });
    around = document.createElement('test-around') as Around;
    shows = document.createElement('test-shows') as Shows;
    around.append(shows);
    document.body.append(around);
    around.give(rig.client);
    await pass(SECOND);
  });

  afterEach(() => {
    around.remove();
    rig.client.close();
    expect(rig.server.breaches).to.deep.equal([]);
  });

  it('draws its host when something changed, and only then', async () => {
    expect(shows.textContent ?? '').to.equal('');
    expect(shows.shadowRoot?.textContent?.trim()).to.equal('op-000002,op-000001');
    expect(shows.operations.connectionState.phase).to.equal('live');
    const { drawn } = shows;
    rig.server.insert(9);
    rig.server.fleetAllowed = true;
    await pass(SECOND);
    expect(shows.fleet.operations.map(({ id }) => id)).to.include('op-000004');
    expect(shows.drawn).to.equal(drawn + 1);
    await pass(10 * SECOND);
    expect(shows.drawn).to.equal(drawn + 1);
  });

  it('finds the active one and the latest of a type', () => {
    expect(shows.operations.active('ssh_test')?.id).to.equal('op-000002');
    expect(shows.operations.latest('ssh_test')?.id).to.equal('op-000002');
    expect(shows.operations.active('service_restart')).to.equal(null);
    expect(shows.operations.latest('service_restart')).to.equal(null);
  });

  it('follows its host to another connection, before the host draws', async () => {
    shows.connection = 6;
    shows.requestUpdate();
    await settle();
    expect(shows.early).to.deep.equal([]);
    await pass(SECOND);
    expect(shows.early).to.deep.equal(['op-000003']);
    await pass(6 * SECOND);
    expect([...rig.server.socket.paths].sort()).to.deep.equal(['/connections/6/operations', '/operations']);
    shows.connection = 0;
    shows.requestUpdate();
    await settle();
    expect(shows.ids).to.deep.equal([]);
    expect(shows.operations.snapshot.known).to.equal(false);
  });

  it('starts, cancels and retries on the connection of its host', async () => {
    const starting = shows.operations.start('service_restart', { service: 'tomcat' });
    await pass(SECOND);
    const { operationId } = await starting;
    expect(shows.operations.active('service_restart')?.id).to.equal(operationId);
    const cancelling = shows.operations.cancel(operationId);
    await pass(SECOND);
    expect((await cancelling).status).to.equal('cancelled');
    const retrying = shows.operations.retry(operationId);
    await pass(SECOND);
    expect((await retrying).operation.connectionId).to.equal(5);
    const posted = rig.server.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
    expect(posted).to.deep.equal([
      '/connections/5/operations/service_restart',
      `/connections/5/operations/${operationId}/cancel`,
      `/connections/5/operations/${operationId}/retry`,
    ]);
  });

  it('watches a log while there is one to watch', async () => {
    expect(shows.log.log).to.deep.equal({ lines: [], known: false, problem: null });
    rig.server.store.append('op-000002', 3);
    shows.operation = 'op-000002';
    shows.requestUpdate();
    await pass(SECOND);
    expect(shows.log.log.lines.map(({ seq }) => seq)).to.deep.equal([1, 2, 3]);
    shows.operation = null;
    expect(shows.log.log.lines).to.deep.equal([]);
  });

  it('lets go when its host leaves the page, and takes up again when it is back', async () => {
    shows.remove();
    await pass(6 * SECOND);
    expect(rig.server.socket.paths.size).to.equal(0);
    const { drawn } = shows;
    rig.server.insert(5);
    await pass(SECOND);
    expect(shows.drawn).to.equal(drawn);
    around.append(shows);
    await pass(SECOND);
    expect(shows.ids).to.deep.equal(['op-000004', 'op-000002', 'op-000001']);
  });

  it('takes another client when its provider gives one', async () => {
    const other = new Rig();
    other.server.store.insert(5, { id: 'op-other' });
    around.give(other.client);
    await settle();
    await other.clock.advance(SECOND);
    await settle();
    expect(shows.ids).to.deep.equal(['op-other']);
    other.client.close();
    await pass(6 * SECOND);
    expect(rig.server.socket.paths.size).to.equal(0);
  });

  it('says that it has no provider when it is asked to start', async () => {
    const alone = document.createElement('test-shows') as Shows;
    document.body.append(alone);
    await settle();
    let code = '';
    await alone.operations.start('ssh_test').catch((error: { code: string }) => (code = error.code));
    expect(code).to.equal('NO_PROVIDER');
    expect(alone.operations.connectionState).to.deep.equal({ phase: 'connecting', lastKnownAt: null });
    alone.remove();
  });

  it('ticks each full second for the hosts that draw the time, with one timer, and for no others', async () => {
    const second = document.createElement('test-shows') as Shows;
    around.append(second);
    await pass(SECOND);
    const resting = [shows.drawn, second.drawn];
    await pass(5 * SECOND);
    expect([shows.drawn, second.drawn]).to.deep.equal(resting);

    const { waiting } = rig.clock;
    for (const host of [shows, second]) {
      host.counting = true;
      host.requestUpdate();
    }
    await settle();
    expect(rig.clock.waiting).to.equal(waiting + 1);
    const start = shows.drawn;
    await pass(5 * SECOND);
    expect(shows.drawn - start).to.be.within(5, 6);
    expect(shows.clock.now).to.equal(second.clock.now);

    shows.counting = false;
    second.counting = false;
    await pass(2 * SECOND);
    expect(rig.clock.waiting).to.equal(waiting);
  });

  it('lets the time stand still while what is shown is stale', async () => {
    shows.counting = true;
    shows.requestUpdate();
    await pass(3 * SECOND);
    rig.server.up = false;
    rig.server.cut();
    await pass(SECOND);
    const [at, { drawn }] = [shows.clock.now, shows];
    await pass(20 * SECOND);
    expect(shows.clock.now).to.equal(at);
    expect(shows.drawn).to.equal(drawn);
    rig.server.up = true;
    await pass(40 * SECOND);
    expect(shows.clock.now - at).to.be.greaterThan(30 * SECOND);
  });

  it('does not tick in a page that nobody sees', async () => {
    shows.counting = true;
    shows.requestUpdate();
    await pass(SECOND);
    const see = (hidden: boolean): void => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange'));
    };
    see(true);
    const { drawn } = shows;
    await pass(10 * SECOND);
    expect(shows.drawn).to.equal(drawn);
    see(false);
    await pass(100);
    expect(shows.drawn).to.equal(drawn + 1);
    Reflect.deleteProperty(document, 'hidden');
  });
});
