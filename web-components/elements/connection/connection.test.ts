import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import type { Connection } from '../../../server/connections/contract.js';
import type { Operation } from '../../client/contract.js';
import type { SignalboxButton } from '../button/button.js';
import '../provider/define.js';
import './define.js';
import { look, planned, renewalType as renewal, served, settings, view } from '../../testing/certificates.js';
import { FakeClient, problem } from '../../testing/fake-client.js';
import { connection } from '../../testing/fleet.js';
import { completed, failed, restart, running, sshTest } from '../../testing/operations.js';
import { type PageTime, takePageTime } from '../../testing/page-time.js';
import { renewing } from '../../testing/renewals.js';
import type { SignalboxConnection } from './connection.js';

const words = (element: Element | null | undefined): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000 + 60_000).toISOString();
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

class Scene {
  readonly client = new FakeClient();
  card!: SignalboxConnection;

  constructor(about: Connection | null, certificate: () => object = view) {
    this.client.answer = (_method, path) => {
      if (path === '/connections/1' && about) return about;
      if (path === '/connections/1/certificate') return certificate();
      throw problem(404, 'NOT_FOUND', 'There is nothing here.');
    };
  }

  find<E extends HTMLElement>(selector: string): E | null {
    return this.card.shadowRoot?.querySelector<E>(selector) ?? null;
  }

  text(selector: string): string {
    return words(this.find(selector));
  }

  get buttons(): string[] {
    return [...(this.card.shadowRoot?.querySelectorAll<SignalboxButton>('signalbox-button') ?? [])].map(
      ({ type }) => type,
    );
  }

  get runs(): string[] {
    return [...(this.card.shadowRoot?.querySelectorAll('.runs li') ?? [])].map(words);
  }
}

interface Shown {
  about?: Partial<Connection> | null;
  operations?: Operation[];
  certificate?: () => object;
  actions?: string;
  prepare?: (client: FakeClient) => void;
}

async function stage({
  about = {},
  operations = [],
  certificate,
  actions = 'ssh_test',
  prepare,
}: Shown = {}): Promise<Scene> {
  const scene = new Scene(about && connection(1, 'elm-court', about), certificate);
  scene.client.show(...operations);
  prepare?.(scene.client);
  const around = await fixture<HTMLElement>(
    html`<signalbox-provider .client=${scene.client}>
      <signalbox-connection connection="1" actions=${actions}></signalbox-connection>
    </signalbox-provider>`,
  );
  scene.card = around.querySelector('signalbox-connection') as SignalboxConnection;
  if (about) await waitUntil(() => scene.text('h2').startsWith('elm-court'));
  return scene;
}

describe('<signalbox-connection>', () => {
  let time: PageTime;
  beforeEach(() => (time = takePageTime()));
  afterEach(() => time.end());

  it('shows name, host, state and what ran last', async () => {
    const operations = [
      completed(4, { completedAt: ago(14.5), requestedBy: 'jonas' }),
      completed(3, { createdBy: 'cron', completedAt: ago(45.5) }),
      failed(2, { completedAt: ago(50) }),
      failed(1, { completedAt: ago(55) }),
    ];
    const scene = await stage({ operations });
    await waitUntil(() => scene.runs[0]?.startsWith('SSH test'));
    expect(scene.text('h2')).to.equal('elm-court 10.50.2.11');
    expect(scene.text('.state')).to.equal('Clear');
    expect(scene.runs).to.have.length(3);
    expect(scene.runs[0]).to.match(/^SSH test by jonas 14 min/);
    expect(scene.runs[1]).to.match(/^SSH test by schedule 45 min/);
    expect(scene.find('[part~=bar]')).to.equal(null);
    await expect(scene.card).to.be.accessible();
  });

  it('draws the rail while something runs, and its countdown moves', async () => {
    const scene = await stage({ operations: [restart(5, { startedAt: new Date(time.now - 60_000).toISOString() })] });
    await waitUntil(() => scene.text('.state').includes('4:00 remaining'));
    expect(scene.text('.state')).to.equal('Restarting… · Step 4 of 5 · 4:00 remaining');
    const bar = scene.find('[role=progressbar]') as HTMLElement;
    expect(bar.getAttribute('aria-valuenow')).to.equal('30');
    expect(bar.getAttribute('aria-valuetext')).to.equal('Step 4 of 5: Starting');
    time.pass(2000);
    await waitUntil(() => scene.text('.state').includes('3:58 remaining'));
    await expect(scene.card).to.be.accessible();
  });

  it('has no value to tell while nothing is known of how far it is', async () => {
    const scene = await stage({ operations: [running(5, { status: 'pending', progress: 0, step: null })] });
    await waitUntil(() => scene.find('[role=progressbar]') !== null);
    expect(scene.find('[role=progressbar]')?.hasAttribute('aria-valuenow')).to.equal(false);
  });

  it('says why the last run failed, once', async () => {
    const scene = await stage({ operations: [failed(5, { completedAt: ago(1) })] });
    await waitUntil(() => scene.text('.state') === 'SSH test failed at Authenticate');
    expect(scene.text('.notice')).to.equal(
      'The server refused the password. Correct the password before you retry. SSH_AUTH_REFUSED',
    );
    const button = scene.find<SignalboxButton>('signalbox-button') as SignalboxButton;
    await waitUntil(() => words(button.shadowRoot?.querySelector('button')) === 'Failed. Retry');
    const note = button.shadowRoot?.querySelector('[part~=failure]') as HTMLElement;
    expect(getComputedStyle(note).display).to.equal('none');
    await expect(scene.card).to.be.accessible();
  });

  it('offers the named types in their order, else all that make sense, and none where none is wanted', async () => {
    const named = await stage({ actions: 'service_restart ssh_test' });
    expect(named.buttons).to.deep.equal(['service_restart', 'ssh_test']);
    const prepare = (client: FakeClient): void => void (client.published = [sshTest, renewal]);
    const all = await stage({ actions: '', prepare });
    await waitUntil(() => all.buttons.length > 0);
    expect(all.buttons).to.deep.equal(['ssh_test']);
    const wanted = await stage({ actions: '', prepare, about: { certificate: settings } });
    await waitUntil(() => wanted.buttons.join() === 'ssh_test,certificate_renewal');
    expect((await stage({ actions: 'none' })).buttons).to.deep.equal([]);
  });

  it('tells a viewer once that he may only look', async () => {
    const scene = await stage({ about: { role: 'viewer' } });
    await waitUntil(() => scene.text('.body').endsWith('You may look, not start.'));
    expect(scene.buttons).to.deep.equal([]);
    await expect(scene.card).to.be.accessible();
  });

  it('lets the events of its buttons through, and a page can stop a start', async () => {
    const scene = await stage();
    const heard: string[] = [];
    const around = scene.card.parentElement as HTMLElement;
    around.addEventListener('signalbox-before-start', (event) => {
      heard.push(`${event.detail.connection} ${event.detail.type}`);
      event.preventDefault();
    });
    const button = scene.find<SignalboxButton>('signalbox-button') as SignalboxButton;
    await waitUntil(() => words(button.shadowRoot?.querySelector('button')) === 'Test SSH');
    button.shadowRoot?.querySelector('button')?.click();
    expect(heard).to.deep.equal(['1 ssh_test']);
    expect(scene.client.calls.filter((call) => call.startsWith('start'))).to.deep.equal([]);
  });

  it('shows the days that the certificate has left, and whether it renews', async () => {
    const certificate = (): object =>
      view({
        served: [look(443, served({ notAfter: inDays(61) })), look(8443, served({ notAfter: inDays(70) }))],
        next: planned({ runsAt: inDays(30) }),
      });
    const scene = await stage({ about: { certificate: settings }, certificate });
    await waitUntil(() => scene.text('.facts') === 'Certificate 61 days left, renews by itself');
    await expect(scene.card).to.be.accessible();
  });

  it('says that a certificate is due, and reads it again after a renewal', async () => {
    let days = 9;
    const certificate = (): object => view({ served: [look(443, served({ notAfter: inDays(days) }))], next: null });
    const prepare = (client: FakeClient): void => void (client.published = [sshTest, renewal]);
    const scene = await stage({ about: { certificate: settings }, certificate, prepare });
    await waitUntil(() => scene.text('.facts') === 'Certificate 9 days left, no renewal is planned');
    expect(scene.text('.state')).to.equal('Certificate due');
    await expect(scene.card).to.be.accessible();
    scene.client.show(renewing(7, { connectionId: 1 }));
    await waitUntil(() => scene.text('.state').startsWith('Processing Renewal'));
    days = 90;
    const ended = { connectionId: 1, status: 'completed' as const, completedAt: new Date().toISOString(), revision: 9 };
    scene.client.show(renewing(7, ended));
    await waitUntil(() => scene.text('.facts').startsWith('Certificate 90 days left'));
    expect(scene.text('.state')).to.equal('Clear');
  });

  it('shows a padlock where it may not be seen', async () => {
    const scene = await stage({
      about: null,
      prepare: (client) => client.showProblem(problem(404, 'NOT_FOUND', 'There is nothing here.')),
    });
    await waitUntil(() => scene.text('h2') === 'No access');
    expect(scene.text('.body')).to.equal('No access This connection is not there, or not shared with you.');
    expect(scene.buttons).to.deep.equal([]);
    await expect(scene.card).to.be.accessible();
    scene.client.showProblem(null);
    await waitUntil(() => scene.text('h2') !== 'No access');
  });

  it('says when it is stale and from when the picture is', async () => {
    const scene = await stage({ operations: [restart(5)] });
    await waitUntil(() => scene.text('.state').startsWith('Restarting…'));
    scene.client.setState({ phase: 'reconnecting', lastKnownAt: new Date(2026, 10, 22, 21, 49, 40).getTime() });
    await waitUntil(() => scene.text('.stale') === 'Reconnecting… last known at 21:49:40');
    expect(scene.find('.title .lamp')?.classList.contains('caution')).to.equal(true);
    await expect(scene.card).to.be.accessible();
    scene.client.setState({ phase: 'signed-out' });
    await waitUntil(() => scene.text('.stale') === 'Signed out, last known at 21:49:40. Sign in to go on.');
    expect(scene.find('.title .lamp')?.classList.contains('caution')).to.equal(true);
    scene.client.setState({ phase: 'polling' });
    await waitUntil(() => scene.text('.stale') === 'No live connection: refreshed every few seconds');
    scene.client.setState({ phase: 'live' });
    await waitUntil(() => scene.find('.stale') === null);
  });

  it('takes what the page puts into its slots', async () => {
    const client = new FakeClient();
    client.answer = () => connection(1, 'elm-court');
    const around = await fixture<HTMLElement>(
      html`<signalbox-provider .client=${client}>
        <signalbox-connection connection="1" actions="none">
          <span slot="label">Elm Court call server</span><i slot="icon">☎</i>
          <p slot="empty">Never tested.</p>
          <p>Calls in progress are not cut off.</p>
        </signalbox-connection>
      </signalbox-provider>`,
    );
    const card = around.querySelector('signalbox-connection') as SignalboxConnection;
    await waitUntil(() => card.shadowRoot?.querySelector('slot[name=label]') !== null);
    const slotted = (name: string): string =>
      [...(card.shadowRoot?.querySelector<HTMLSlotElement>(`slot${name}`)?.assignedElements() ?? [])].map(words).join();
    expect(slotted('[name=label]')).to.equal('Elm Court call server');
    expect(slotted('[name=icon]')).to.equal('☎');
    expect(slotted('[name=empty]')).to.equal('Never tested.');
    expect(slotted(':not([name])')).to.equal('Calls in progress are not cut off.');
    await expect(card).to.be.accessible();
  });
});
