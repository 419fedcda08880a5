import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../provider/define.js';
import './define.js';
import type { SignalboxHistory } from './history.js';
import { FakeClient, problem } from '../../testing/fake-client.js';
import { output } from '../../testing/fleet.js';
import { completed, failed, operation, restart, running } from '../../testing/operations.js';

interface Scene {
  client: FakeClient;
  element: SignalboxHistory;
  rows(): string[];
  find(selector: string): HTMLElement;
}

const words = (element: Element | null | undefined): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

async function stage(client = new FakeClient(), limit = 20): Promise<Scene> {
  const provider = await fixture(
    html`<signalbox-provider .client=${client}>
      <signalbox-history connection="1" limit=${limit}></signalbox-history>
    </signalbox-provider>`,
  );
  const element = provider.querySelector('signalbox-history') as SignalboxHistory;
  const root = (): ShadowRoot => element.shadowRoot as ShadowRoot;
  return {
    client,
    element,
    rows: () => [...root().querySelectorAll('.entry')].map(words),
    find: (selector) => root().querySelector(selector) as HTMLElement,
  };
}

const ended = (minutes: number): { startedAt: string; completedAt: string } => {
  const completedAt = Date.now() - minutes * 60_000;
  return { startedAt: new Date(completedAt - 3200).toISOString(), completedAt: new Date(completedAt).toISOString() };
};

describe('signalbox-history', () => {
  it('shows what, by whom, how long and when, and the reason of a failure', async () => {
    const scene = await stage();
    await waitUntil(() => words(scene.find('.empty')) === 'Nothing has run here yet.');
    scene.client.show(
      running(4, { type: 'ping' }),
      completed(3, { createdBy: 'cron', ...ended(14) }),
      failed(2, ended(30)),
      operation(1, { status: 'cancelled', type: 'gone_type', requestedBy: null, createdBy: 'auto', ...ended(59) }),
    );
    await waitUntil(() => scene.rows()[1]?.startsWith('SSH test'));
    expect(scene.rows()).to.deep.equal([
      'Ping by mira running, now',
      'SSH test by schedule 3.2 s, 14 min ago',
      'SSH test by mira 3.2 s, 30 min ago The server refused the password.',
      'Gone type by Signalbox 3.2 s, 59 min ago',
    ]);
    const labels = [...(scene.element.shadowRoot?.querySelectorAll('.entry > .lamp') ?? [])];
    expect(labels.map((lamp) => lamp.getAttribute('aria-label'))).to.deep.equal([
      'running',
      'completed',
      'failed',
      'cancelled',
    ]);
    await expect(scene.element).to.be.accessible();
  });

  it('shows no more rows than its limit', async () => {
    const scene = await stage(new FakeClient(), 2);
    scene.client.show(completed(3), completed(2), completed(1));
    await waitUntil(() => scene.rows().length === 2);
    expect(words(scene.find('.more'))).to.equal('Show more');
  });

  it('opens a row by keyboard to its facts, steps and output', async () => {
    const scene = await stage();
    scene.client.show(completed(1));
    scene.client.showLog(output());
    await waitUntil(() => scene.rows()[0]?.startsWith('SSH test'));
    scene.find('.entry').focus();
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => scene.find('.details') !== null);
    expect(scene.find('.entry').getAttribute('aria-expanded')).to.equal('true');
    const facts = words(scene.find('.facts'));
    expect(facts).to.contain('Banner Authorised use only');
    expect(facts).to.contain('Fingerprint: SHA256:9fKq3Vt0aYxN2mRr7Lw4cPz1uJHs8bEoTdGi0000000');
    expect(facts).not.to.contain('Mac');
    expect(words(scene.find('.stations li'))).to.equal('Name resolved 90 ms');
    await waitUntil(() => words(scene.find('signalbox-log')?.shadowRoot?.querySelector('.foot')).includes('11 lines'));
    await expect(scene.element).to.be.accessible();
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => scene.find('.details') === null);
  });

  it('shows remote text as text', async () => {
    const scene = await stage();
    scene.client.show(completed(1, { result: { banner: '<img src=x onerror="document.title=1">' } }));
    await waitUntil(() => scene.rows().length === 1);
    scene.find('.entry').click();
    await waitUntil(() => words(scene.find('.facts')).includes('<img src=x'));
    expect(scene.find('img')).to.equal(null);
  });

  it('names what was restarted, and shows the output that a failure keeps', async () => {
    const scene = await stage();
    const why = '<img src=x onerror="document.title=1"> unknown directive "lsten"';
    scene.client.show(
      restart(3, {
        status: 'failed',
        ...ended(5),
        error: { code: 'SERVICE_RESTART_FAILED', message: 'nginx: it did not start.', hint: null, retryable: false },
        result: {
          state: 'failed',
          detail: {
            exitCode: 1,
            output: [`nginx: [emerg] ${why}`, '  nginx: configuration file test failed'],
            journal: 'line 1\nline 2',
            states: { list: 'STOPPED', port: 'closed' },
            nothing: [],
            empty: null,
          },
        },
      }),
      restart(2, {
        status: 'completed',
        ...ended(50),
        params: { service: 'Cisco DirSync', port: 8443, preflight: true, forced: false, deep: { a: 1 } },
      }),
      restart(1, { status: 'completed', ...ended(55), params: { note: 'x'.repeat(65) } }),
    );
    await waitUntil(() => scene.rows()[0]?.startsWith('Service restart'));
    expect(scene.rows()).to.deep.equal([
      'Service restart: Cisco Tomcat by mira 3.2 s, 5 min ago nginx: it did not start.',
      'Service restart: Cisco DirSync, 8443, preflight by mira 3.2 s, 50 min ago',
      'Service restart by mira 3.2 s, 55 min ago',
    ]);
    scene.find('.entry').click();
    await waitUntil(() => scene.find('.details') !== null);
    const outputs = [...(scene.element.shadowRoot?.querySelectorAll('.details section') ?? [])];
    expect(
      outputs.map((one) => [one.querySelector('h3')?.textContent, one.querySelector('pre')?.textContent]),
    ).to.deep.equal([
      ['Output', `nginx: [emerg] ${why}\n  nginx: configuration file test failed`],
      ['Journal', 'line 1\nline 2'],
    ]);
    expect(scene.find('img')).to.equal(null);
    expect(getComputedStyle(scene.find('.output')).whiteSpace).to.equal('pre-wrap');
    expect(words(scene.find('.facts'))).to.equal('State failedExit code 1States List: STOPPED Port: closed');
    await expect(scene.element).to.be.accessible();
  });

  it('says when it is stale, and why it shows nothing', async () => {
    const scene = await stage();
    scene.client.setState({ phase: 'reconnecting', lastKnownAt: new Date(2026, 10, 22, 9, 5, 7).getTime() });
    await waitUntil(() => words(scene.find('.stale')) === 'Reconnecting… last known at 09:05:07');
    scene.client.setState({ phase: 'polling' });
    await waitUntil(() => words(scene.find('.stale')) === 'No live connection: refreshed every few seconds');
    scene.client.setState({ phase: 'signed-out' });
    await waitUntil(() => words(scene.find('.stale')) === 'Signed out, last known at 09:05:07. Sign in to go on.');
    await expect(scene.element).to.be.accessible();
    scene.client.setState({ phase: 'live' });
    scene.client.showProblem(problem(404, 'NOT_FOUND', 'There is nothing here.'));
    await waitUntil(() => words(scene.find('.empty')) === 'There is nothing here.');
  });
});
