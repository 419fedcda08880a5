import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { CertificateSummary } from '../../../server/certificates/contract.js';
import type { Connection } from '../../../server/connections/contract.js';
import type { Operation } from '../../client/contract.js';
import '../provider/define.js';
import './define.js';
import { FakeClient, problem } from '../../testing/fake-client.js';
import { connection, keyChanged, manyConnections } from '../../testing/fleet.js';
import { completed, failed, restart, running } from '../../testing/operations.js';
import type { SignalboxFleet } from './fleet.js';
import type { FleetRow } from './row.js';

const words = (element: Element | null | undefined): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

const dayMs = 86_400_000;

function certificate(id: number, days: number, changes: Partial<CertificateSummary> = {}): CertificateSummary {
  return {
    ...{
      connection: { id, name: `c${id}`, role: 'admin' },
      names: ['a.example'],
      wanted: true,
      issuer: null,
      status: 'served',
    },
    notBefore: new Date(Date.now() - (90 - days) * dayMs).toISOString(),
    notAfter: new Date(Date.now() + days * dayMs + 60_000).toISOString(),
    ...{ endpoints: [], renewal: null, next: null },
    ...changes,
  };
}

interface Shown {
  connections?: readonly Connection[];
  certificates?: readonly CertificateSummary[];
  operations?: readonly Operation[];
  href?: string;
  /** What every other path answers. */
  other?: (path: string) => unknown;
}

const four: readonly Connection[] = [
  connection(1, 'web-10'),
  connection(2, 'web-9', { platform: 'vos' }),
  connection(3, 'edge-07', { hostname: '203.0.113.77' }),
  connection(4, 'imp-02'),
];
const happened = (): Operation[] => [
  restart(9, { connectionId: 3 }),
  failed(8, { connectionId: 4 }),
  completed(5, { connectionId: 2, requestedBy: 'jonas' }),
];

class Scene {
  readonly client = new FakeClient();
  connections: readonly Connection[];
  readonly opened: number[] = [];
  readonly drawn = { fleet: 0, rows: new Map<string, number>() };
  fleet!: SignalboxFleet;

  constructor({ connections = four, certificates = [], operations = happened(), other }: Shown) {
    this.connections = connections;
    this.client.answer = (_method, path) => {
      if (path === '/connections') return { connections: this.connections };
      if (path === '/certificates') return { certificates };
      if (other) return other(path);
      throw problem(404, 'NOT_FOUND', 'There is nothing here.');
    };
    this.client.show(...operations);
  }

  find<E extends HTMLElement>(selector: string): E | null {
    return this.fleet.shadowRoot?.querySelector<E>(selector) ?? null;
  }

  get rows(): FleetRow[] {
    return [...(this.fleet.shadowRoot?.querySelectorAll('signalbox-fleet-row') ?? [])];
  }

  get names(): (string | undefined)[] {
    return this.rows.map(({ line }) => line?.connection.name);
  }

  get headings(): string[] {
    return [...(this.fleet.shadowRoot?.querySelectorAll('.group') ?? [])].map(words);
  }

  row(id: number): FleetRow {
    return this.fleet.shadowRoot?.getElementById(`row-${id}`) as FleetRow;
  }

  text(id: number): string {
    return words(this.row(id).shadowRoot?.querySelector('.cells'));
  }

  inside<E extends HTMLElement>(id: number, selector: string): E | null {
    return this.row(id).shadowRoot?.querySelector<E>(selector) ?? null;
  }

  /** Counts from now on how often each element is drawn. */
  count(): void {
    const { drawn } = this;
    this.fleet.addController({ hostUpdated: () => (drawn.fleet += 1) });
    for (const row of this.rows) {
      row.addController({ hostUpdated: () => drawn.rows.set(row.id, (drawn.rows.get(row.id) ?? 0) + 1) });
    }
  }

  async filter(text: string): Promise<void> {
    const field = this.find<HTMLInputElement>('.search') as HTMLInputElement;
    field.value = text;
    field.dispatchEvent(new InputEvent('input'));
    await this.fleet.updateComplete;
  }
}

async function stage(shown: Shown = {}, widthPx = 1300): Promise<Scene> {
  const scene = new Scene(shown);
  const around = await fixture<HTMLElement>(
    html`<signalbox-provider .client=${scene.client}>
      <div>
        <signalbox-fleet
          href=${shown.href ?? '/devices/{id}'}
          @signalbox-open=${(event: CustomEvent<{ connection: number }>) => {
            event.preventDefault();
            scene.opened.push(event.detail.connection);
          }}
        ></signalbox-fleet>
      </div>
    </signalbox-provider>`,
  );
  (around.firstElementChild as HTMLElement).style.inlineSize = `${widthPx}px`;
  scene.fleet = around.querySelector('signalbox-fleet') as SignalboxFleet;
  return scene;
}

async function shownFleet(shown: Shown = {}, widthPx = 1300): Promise<Scene> {
  const scene = await stage(shown, widthPx);
  const count = (shown.connections ?? four).length;
  await waitUntil(() => scene.rows.length === count && scene.rows.at(-1)?.hasUpdated, 'the rows are there');
  await waitUntil(() => (shown.operations?.length === 0 ? true : scene.rows.some(({ line }) => line?.last)));
  await waitUntil(() => scene.rows.every(({ definitions }) => definitions.length > 0), 'the types are known');
  return scene;
}

describe('<signalbox-fleet>', () => {
  it('draws a large fleet in several pictures, from its beginning, and anew where a filter is cleared', async () => {
    const connections = Array.from({ length: 450 }, (_, at) => connection(at + 1, `host-${at + 1}`));
    const scene = await stage({ connections, operations: [] });
    const pictures: number[] = [];
    scene.fleet.addController({ hostUpdated: () => pictures.push(scene.rows.length) });
    const grown = (): number[] => [...new Set(pictures.splice(0))].filter(Boolean);
    await waitUntil(() => scene.rows.length === 450, undefined, { timeout: 20_000 });
    expect(grown().at(-1)).to.equal(450);
    expect(scene.names[449]).to.equal('host-450');
    expect(words(scene.find('.foot'))).to.equal('450 connections');
    await scene.filter('host-44');
    expect(scene.rows.length).to.equal(11);
    grown();
    await scene.filter('');
    await waitUntil(() => scene.rows.length === 450, undefined, { timeout: 20_000 });
    const steps = [11, ...grown()];
    for (const [at, rows] of steps.entries()) expect(rows - (steps[at - 1] ?? 11)).to.be.at.most(100);
    expect(scene.names[449]).to.equal('host-450');
  });

  it('gives the rows that come later their room at once', async () => {
    const scene = await stage({ connections: manyConnections(450), operations: [] });
    await waitUntil(() => scene.rows.length > 0);
    const height = scene.fleet.getBoundingClientRect().height;
    expect(scene.rows.length).to.be.below(450);
    await waitUntil(() => scene.rows.length === 450, undefined, { timeout: 20_000 });
    expect(Math.abs(scene.fleet.getBoundingClientRect().height / height - 1)).to.be.below(0.2);
  });

  it('groups by state, what is wrong first, names in their natural order', async () => {
    const scene = await shownFleet();
    expect(scene.headings).to.deep.equal(['Needs you 1', 'Running 1', 'Clear 2']);
    expect(scene.names).to.deep.equal(['imp-02', 'edge-07', 'web-9', 'web-10']);
    expect(scene.text(4)).to.match(/SSH test failed at Authenticate The server refused the password\..* Retry$/);
    expect(scene.text(3)).to.match(/Service restart: Cisco Tomcat .*remaining Step 4 of 5: Cisco Tomcat is starting/);
    expect(scene.text(2)).to.match(/vos Clear .*SSH test jonas, now$/);
    expect(scene.text(1)).to.match(/Nothing has run yet .*Not known$/);
    expect(words(scene.find('.foot'))).to.equal('4 connections');
    await expect(scene.fleet).to.be.accessible();
  });

  it('draws one row, and nothing else, when one operation moves on', async () => {
    const scene = await shownFleet({
      connections: manyConnections(300),
      operations: [running(9, { connectionId: 7 })],
    });
    scene.count();
    scene.client.show(running(9, { connectionId: 7, progress: 62, revision: 5, message: 'Nearly there' }));
    await waitUntil(() => scene.text(7).includes('Nearly there'));
    expect([...scene.drawn.rows.keys()]).to.deep.equal(['row-7']);
    expect(scene.drawn.fleet).to.equal(0);
  });

  it('draws a row once a picture, however many messages come', async () => {
    const scene = await shownFleet({ connections: manyConnections(20), operations: [running(9, { connectionId: 7 })] });
    scene.count();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    scene.drawn.rows.clear();
    for (let at = 5; at < 105; at += 1) {
      scene.client.show(running(9, { connectionId: 7, progress: 41, revision: at, message: `Message ${at}` }));
    }
    await waitUntil(() => scene.text(7).includes('Message 104'));
    expect(scene.drawn.rows.get('row-7')).to.equal(1);
  });

  it('moves a row to its new group with the focus in it, and keeps the rest as it is', async () => {
    const scene = await shownFleet();
    scene.row(3).focus();
    scene.count();
    scene.client.show(completed(9, { connectionId: 3, type: 'service_restart' }), failed(8, { connectionId: 4 }));
    await waitUntil(() => scene.headings.join() === 'Needs you 1,Clear 3');
    await waitUntil(() => scene.fleet.shadowRoot?.activeElement?.id === 'row-3');
    expect(scene.row(3).shadowRoot?.activeElement?.className).to.equal('name');
    expect(scene.text(3)).to.contain('Clear');
    expect([...scene.drawn.rows.keys()].filter((id) => id !== 'row-3')).to.deep.equal([]);
  });

  it('makes no row anew but the one that moves, also in a large fleet', async () => {
    const connections = Array.from({ length: 200 }, (_, at) => connection(at + 1, `host-${at + 1}`));
    const scene = await stage({ connections, operations: [] });
    await waitUntil(() => scene.rows.length === 200, undefined, { timeout: 20_000 });
    const before = new Set(scene.rows);
    scene.client.show(failed(8, { connectionId: 90 }));
    await waitUntil(() => scene.headings.join() === 'Needs you 1,Clear 199');
    expect(scene.rows.filter((row) => !before.has(row)).map(({ id }) => id)).to.deep.equal(['row-90']);
  });

  it('shows connections that are added, and lets go those that are taken away', async () => {
    const scene = await shownFleet();
    scene.connections = [...four.slice(1), connection(5, 'new-one')];
    scene.client.show(running(30, { connectionId: 5 }), ...happened());
    await waitUntil(() => scene.names.includes('new-one') && !scene.names.includes('web-10'));
    expect(scene.headings).to.deep.equal(['Needs you 1', 'Running 2', 'Clear 1']);
  });

  it('sorts by name, by state and by the last operation, and says so in the headers', async () => {
    const scene = await shownFleet();
    const header = (text: string): HTMLElement =>
      [...(scene.fleet.shadowRoot?.querySelectorAll<HTMLElement>('[role=columnheader]') ?? [])].find(
        (one) => words(one).replace(/ ?[↑↓]/, '') === text,
      ) as HTMLElement;
    const press = async (text: string): Promise<void> => {
      header(text).querySelector('button')?.click();
      await scene.fleet.updateComplete;
    };
    expect(header('State').ariaSort).to.equal('ascending');
    await press('Connection');
    expect(scene.names).to.deep.equal(['edge-07', 'imp-02', 'web-9', 'web-10']);
    expect(scene.headings).to.deep.equal([]);
    expect([header('Connection').ariaSort, header('State').ariaSort]).to.deep.equal(['ascending', 'none']);
    await press('Connection');
    expect(scene.names).to.deep.equal(['web-10', 'web-9', 'imp-02', 'edge-07']);
    await press('Last operation');
    expect(scene.names).to.deep.equal(['edge-07', 'imp-02', 'web-9', 'web-10']);
    expect(header('Last operation').ariaSort).to.equal('descending');
    await press('Last operation');
    expect(scene.names).to.deep.equal(['web-9', 'imp-02', 'edge-07', 'web-10']);
    await press('State');
    await press('State');
    expect(scene.headings).to.deep.equal(['Clear 2', 'Running 1', 'Needs you 1']);
    await expect(scene.fleet).to.be.accessible();
  });

  it('filters by name, host, platform and state words, and clears with a button or Escape', async () => {
    const scene = await shownFleet();
    await scene.filter('WEB vos');
    expect(scene.names).to.deep.equal(['web-9']);
    await scene.filter('203.0');
    expect(scene.names).to.deep.equal(['edge-07']);
    expect(words(scene.find('[role=status]'))).to.equal('1 of 4 match');
    await scene.filter('failed');
    expect(scene.names).to.deep.equal(['imp-02']);
    await scene.filter('nothing like it');
    expect(words(scene.find('.none'))).to.equal('None of 4 match Clear filter');
    await expect(scene.fleet).to.be.accessible();
    scene.find('.none button')?.click();
    await waitUntil(() => scene.rows.length === 4);
    await waitUntil(() => scene.fleet.shadowRoot?.activeElement === scene.find('.search'));
    await sendKeys({ type: 'edge' });
    await waitUntil(() => scene.rows.length === 1);
    await sendKeys({ press: 'Escape' });
    await waitUntil(() => scene.rows.length === 4);
    expect(scene.find<HTMLInputElement>('.search')?.value).to.equal('');
  });

  it('narrows to one group by its chip', async () => {
    const scene = await shownFleet();
    const chips = (): HTMLElement[] => [
      ...(scene.fleet.shadowRoot?.querySelectorAll<HTMLElement>('.chips .btn') ?? []),
    ];
    expect(chips().map(words)).to.deep.equal(['All 4', 'Needs you 1', 'Running 1', 'Clear 2']);
    chips()[3]?.click();
    await waitUntil(() => scene.names.join() === 'web-9,web-10');
    expect(chips().map(({ ariaPressed }) => ariaPressed)).to.deep.equal(['false', 'false', 'false', 'true']);
    expect(words(scene.find('[role=status]'))).to.equal('2 of 4 match');
  });

  it('goes from row to row by the arrow keys, and opens a connection as the page wants', async () => {
    const scene = await shownFleet();
    scene.row(4).focus();
    await sendKeys({ press: 'ArrowDown' });
    expect(scene.fleet.shadowRoot?.activeElement).to.equal(scene.row(3));
    await sendKeys({ press: 'End' });
    expect(scene.fleet.shadowRoot?.activeElement).to.equal(scene.row(1));
    await sendKeys({ press: 'Home' });
    await sendKeys({ press: 'Enter' });
    expect(scene.opened).to.deep.equal([4]);
    expect(scene.inside<HTMLAnchorElement>(4, 'a.name')?.getAttribute('href')).to.equal('/devices/4');
    expect(location.pathname).not.to.equal('/devices/4');
  });

  it('sends only the event where it has no address', async () => {
    const scene = await shownFleet({ href: '' });
    scene.inside(3, 'button.name')?.click();
    expect(scene.opened).to.deep.equal([3]);
    await expect(scene.fleet).to.be.accessible();
  });

  it('retries from the row, keeps the focus there, and shows a refusal', async () => {
    const scene = await shownFleet();
    scene.client.onStart = () => {
      throw problem(429, 'TOO_MANY_STARTS', 'Too many operations were started.', { retryAfter: 9 });
    };
    scene.inside(4, '.c-act .btn')?.click();
    await waitUntil(
      () => words(scene.inside(4, '[role=alert]')) === 'Too many operations were started. Try again in 0:09.',
    );
    await expect(scene.fleet).to.be.accessible();
    scene.client.onStart = (connectionId) => scene.client.started(running(20, { connectionId }));
    scene.inside(4, '.c-act .btn')?.focus();
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => scene.headings.join() === 'Running 2,Clear 2');
    expect(scene.client.calls.filter((call) => call.startsWith('retry'))).to.deep.equal([
      `retry 4 ${failed(8).id}`,
      `retry 4 ${failed(8).id}`,
    ]);
    await waitUntil(() => scene.fleet.shadowRoot?.activeElement === scene.row(4));
    expect(scene.inside(4, '[role=alert]')).to.equal(null);
  });

  it('fills one Retry only, and offers none where a host key has changed or the caller only looks', async () => {
    const connections = [...four.slice(0, 3), connection(4, 'imp-02', { role: 'viewer' as const })];
    const operations = [keyChanged(9, { connectionId: 3 }), ...[1, 2, 4].map((id) => failed(id, { connectionId: id }))];
    const scene = await shownFleet({ connections, operations });
    expect(scene.names).to.deep.equal(['edge-07', 'imp-02', 'web-9', 'web-10']);
    expect([3, 4, 2, 1].map((id) => words(scene.inside(id, '.c-act')))).to.deep.equal([
      'Compare keys',
      '',
      'Retry',
      'Retry',
    ]);
    expect([2, 1].map((id) => scene.inside(id, '.primary') !== null)).to.deep.equal([true, false]);
    await expect(scene.fleet).to.be.accessible();
  });

  it('shows when certificates end, and which are due', async () => {
    const certificates = [certificate(1, 9), certificate(2, 61), certificate(2, 70), certificate(4, 3)];
    const scene = await shownFleet({ certificates });
    await waitUntil(() => scene.headings.join() === 'Needs you 1,Running 1,Due 1,Clear 1');
    expect(scene.text(1)).to.contain('Certificate: 9 days left No renewal is planned before it ends. 9 days');
    expect(words(scene.inside(2, '.c-cert'))).to.equal('61 days');
    await expect(scene.fleet).to.be.accessible();
    await scene.filter('due');
    expect(scene.names).to.deep.equal(['web-10']);
  });

  it('does not call a short-lived certificate due while most of its life is left', async () => {
    const short = certificate(1, 5, { notBefore: new Date(Date.now() - dayMs).toISOString() });
    const scene = await shownFleet({ certificates: [short] });
    await waitUntil(() => words(scene.inside(1, '.c-cert')) === '5 days');
    expect(scene.headings).to.deep.equal(['Needs you 1', 'Running 1', 'Clear 2']);
  });

  it('keeps the last picture while it is cut off, and says since when', async () => {
    const scene = await shownFleet();
    const at = new Date(2026, 10, 22, 21, 49, 40).getTime();
    scene.client.setState({ phase: 'reconnecting', lastKnownAt: at });
    await waitUntil(() => words(scene.find('.stale')) === 'Reconnecting… last known at 21:49:40');
    expect(scene.inside(3, '.c-lamp .lamp')?.classList.contains('caution')).to.equal(true);
    expect(scene.names).to.have.length(4);
    await expect(scene.fleet).to.be.accessible();
    const reads = scene.client.calls.filter((call) => call === 'GET /connections').length;
    scene.client.setState({ phase: 'live' });
    await waitUntil(() => scene.find('.stale') === null);
    expect(scene.client.calls.filter((call) => call === 'GET /connections')).to.have.length(reads + 1);
    await waitUntil(() => scene.inside(3, '.c-lamp .lamp')?.classList.contains('taken') === true);
  });

  it('takes nothing over to the one who signs in next, and reads everything anew', async () => {
    const scene = await shownFleet();
    scene.client.setState({ phase: 'signed-out' });
    await waitUntil(() => scene.find('.stale') !== null);
    expect(scene.names).to.have.length(4);
    scene.client.setState({ phase: 'connecting', lastKnownAt: null });
    await waitUntil(() => scene.rows.length === 0);
    expect(scene.fleet.lines).to.equal(null);
    scene.connections = four.slice(1, 3);
    scene.client.calls.length = 0;
    scene.client.setState({ phase: 'live' });
    await waitUntil(() => scene.rows.length === 2);
    expect(scene.headings).to.deep.equal(['Running 1', 'Clear 1']);
    expect(scene.client.calls.sort()).to.deep.equal(['GET /certificates', 'GET /connections']);
  });

  it('asks a large fleet’s history for older failures and for the rows that are seen, and says what it does not know', async () => {
    const operations = Array.from({ length: 200 }, (_, at) => completed(1000 - at, { connectionId: 1 }));
    const asked: string[] = [];
    const answers: Record<string, Operation[]> = {
      '/operations?status=failed&limit=200': [failed(50, { connectionId: 2 }), failed(40, { connectionId: 4 })],
      '/connections/2/operations?type=ssh_test&limit=1': [completed(60, { connectionId: 2 })],
      '/connections/4/operations?type=ssh_test&limit=1': [failed(40, { connectionId: 4 })],
      '/connections/3/operations?limit=20': [],
    };
    const other = (path: string): unknown => {
      asked.push(path);
      if (answers[path]) return { operations: answers[path], next: null };
      throw problem(503, 'UNAVAILABLE', 'Not now.');
    };
    const scene = await stage({ operations, other });
    await waitUntil(() => scene.rows.length === 4);
    await waitUntil(() => scene.headings.join() === 'Needs you 1,Clear 3');
    await waitUntil(() => scene.text(3).includes('Nothing has run yet'));
    expect(scene.row(4).line?.group).to.equal('needs');
    await waitUntil(() => asked.includes('/connections/2/operations?type=ssh_test&limit=1'));
    expect(asked.filter((path) => path.includes('type='))).to.have.length(2);
  });

  it('asks no history where the feed holds everything', async () => {
    const scene = await shownFleet();
    expect(scene.client.calls.sort()).to.deep.equal(['GET /certificates', 'GET /connections']);
  });

  it('says that it reads, that there is nothing, and that it may not', async () => {
    const waiting = await stage({ connections: [] });
    waiting.fleet.remove();
    const before = waiting.client.answer;
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    waiting.client.answer = (method, path, body) => held.then(() => before(method, path, body));
    await fixture(html`<signalbox-provider .client=${waiting.client}>${waiting.fleet}</signalbox-provider>`);
    await waitUntil(() => words(waiting.find('.loading')) === 'Reading the connections…');
    await expect(waiting.fleet).to.be.accessible();
    answer();
    await waitUntil(() => words(waiting.find('.empty')) === 'No connections yet');
    await expect(waiting.fleet).to.be.accessible();
    const refused = new Scene({});
    refused.client.answer = () => {
      throw problem(403, 'FORBIDDEN', 'Your token does not allow this.');
    };
    const around = await fixture<HTMLElement>(
      html`<signalbox-provider .client=${refused.client}><signalbox-fleet></signalbox-fleet></signalbox-provider>`,
    );
    refused.fleet = around.querySelector('signalbox-fleet') as SignalboxFleet;
    await waitUntil(() => words(refused.find('.loading')) === 'Your token does not allow this.');
    await expect(refused.fleet).to.be.accessible();
  });

  it('drops the last operation first, then the platform, and makes cards of the rows on a phone', async () => {
    const scene = await shownFleet();
    const around = scene.fleet.parentElement as HTMLElement;
    const isThere = (column: string): boolean =>
      getComputedStyle(scene.inside(4, column) as Element).display !== 'none';
    const at = async (widthPx: number): Promise<boolean[]> => {
      around.style.inlineSize = `${widthPx}px`;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return ['.c-last', '.c-plat', '.c-name', '.c-now', '.c-act'].map(isThere);
    };
    expect(await at(1300)).to.deep.equal([true, true, true, true, true]);
    expect(await at(900)).to.deep.equal([false, true, true, true, true]);
    expect(await at(700)).to.deep.equal([false, false, true, true, true]);
    expect(await at(360)).to.deep.equal([false, false, true, true, true]);
    expect(scene.fleet.getBoundingClientRect().width).to.equal(360);
    expect(scene.fleet.scrollWidth).to.equal(360);
    const [name, now] = ['.c-name', '.c-now'].map((column) => scene.inside(4, column)?.getBoundingClientRect());
    expect((now?.top ?? 0) >= (name?.bottom ?? Infinity)).to.equal(true);
    const select = scene.find<HTMLSelectElement>('.sorting select') as HTMLSelectElement;
    expect(getComputedStyle(select).display).not.to.equal('none');
    select.value = 'name';
    select.dispatchEvent(new Event('change'));
    await waitUntil(() => scene.names.join() === 'edge-07,imp-02,web-9,web-10');
    await expect(scene.fleet).to.be.accessible();
  });

  it('leaves nothing behind when it goes', async () => {
    const scene = await shownFleet();
    scene.count();
    scene.fleet.remove();
    const calls = scene.client.calls.length;
    scene.client.show(failed(99, { connectionId: 1 }));
    scene.client.setState({ phase: 'reconnecting' });
    scene.client.setState({ phase: 'live' });
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(scene.client.calls).to.have.length(calls);
    expect(scene.fleet.lines).to.equal(null);
  });
});
