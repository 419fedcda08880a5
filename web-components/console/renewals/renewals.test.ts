import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../../elements/provider/define.js';
import './elements.js';
import type { CertificateSummary } from '../../../server/certificates/contract.js';
import { lineOf } from '../../elements/expiry/line.js';
import { dayMs } from '../../elements/expiry/moments.js';
import { byHand, planned, summary } from '../../testing/certificates.js';
import { type FakeClient, problem } from '../../testing/fake-client.js';
import { notInstalled, renewalsClient, renewing } from '../../testing/renewals.js';
import { adoptStyles } from '../adopted-styles.js';
import type { RenewalsPage } from './page.js';
import { inventoryOf, matches, meanwhile, plannedMoment, verdictOf } from './words.js';

const words = (element: Element | null | undefined): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
const sheets = document.adoptedStyleSheets;

interface Scene {
  client: FakeClient;
  page: RenewalsPage;
  find<E extends HTMLElement = HTMLElement>(selector: string): E;
  all(selector: string): HTMLElement[];
  /** The panel under this heading. */
  panel(title: string): HTMLElement | undefined;
  shows(text: string): Promise<void>;
  type(text: string): Promise<void>;
}

async function stage(client = renewalsClient(), role: 'admin' | 'operator' | 'viewer' = 'admin'): Promise<Scene> {
  const provider = await fixture(
    html`<signalbox-provider .client=${client}
      ><main><console-renewals .user=${{ username: 'mira', role }}></console-renewals></main
    ></signalbox-provider>`,
  );
  const page = provider.querySelector('console-renewals') as RenewalsPage;
  const all = (selector: string): HTMLElement[] => [...page.querySelectorAll<HTMLElement>(selector)];
  const find = <E extends HTMLElement>(selector: string): E => all(selector)[0] as E;
  const panel = (title: string): HTMLElement | undefined =>
    all('section').find((section) => words(section.querySelector('h2')).startsWith(title));
  const shows = (text: string): Promise<void> =>
    waitUntil(() => words(page).includes(text), `the page shows “${text}”`);
  const type = async (text: string): Promise<void> => {
    find<HTMLInputElement>('[name=filter]').value = text;
    find('[name=filter]').dispatchEvent(new Event('input', { bubbles: true }));
    await page.updateComplete;
  };
  return { client, page, find, all, panel, shows, type };
}

/** The rows of the timeline, as they stand in its own tree. */
const pictured = ({ all }: Scene): string[] =>
  [...(all('signalbox-expiry')[0]?.shadowRoot?.querySelectorAll('li .name') ?? [])].map(words);

describe('the words of the renewals’ page', () => {
  const now = Date.now();
  const line = (one: CertificateSummary) => lineOf(one, null, now);
  const good = (days: number) => line(summary(1, 'web-1', days));

  it('has the verdict as its heading', () => {
    const needs = line(summary(2, 'web-2', 9, { next: byHand }));
    const runs = lineOf(summary(3, 'web-3', 29), renewing(1, { connectionId: 3 }), now);
    expect(verdictOf([], now)).to.equal('No certificates are known yet');
    expect(verdictOf([good(61), good(33)], now)).to.equal('All 2 certificates are good for 30 days or more');
    expect(verdictOf([good(20), good(33)], now)).to.equal('All 2 certificates are good for 20 days or more');
    expect(verdictOf([good(61)], now)).to.equal('The certificate is good for 30 days or more');
    expect(
      verdictOf([line(summary(1, 'six', 1, { next: planned({ runsAt: new Date(now + 1).toISOString() }) }))], now),
    ).to.equal('Nothing needs you; the next certificate ends in 24 hours');
    expect(verdictOf([good(61), runs], now)).to.equal('One renewal under way');
    expect(verdictOf([needs, good(61)], now)).to.equal('One renewal needs you');
    expect(verdictOf([needs, needs, runs, runs], now)).to.equal('Two renewals need you, two under way');
    const first = summary(4, 'new', null, { next: planned({ runsAt: new Date(now + dayMs).toISOString() }) });
    expect(verdictOf([line(first)], now)).to.equal('The first renewal is planned');
    expect(inventoryOf([good(61), needs])).to.equal('2 certificates, 1 issuer');
  });

  it('says what holds meanwhile, and when it comes in the schedule’s own zone', () => {
    const after = (one: CertificateSummary): string | null => meanwhile(line(one), now);
    expect(after(summary(1, 'a', 11, { next: byHand }))).to.equal(
      'The old certificate still serves. It ends in 11 days. Signalbox does not try again by itself.',
    );
    expect(after(summary(1, 'a', -1, { next: planned({ runsAt: '2026-01-01T00:00:00.000Z' }) }))).to.equal(
      'The old certificate has expired. Signalbox tries again at any moment.',
    );
    const at = Date.parse('2026-11-26T01:00:00.000Z');
    const next = planned({ runsAt: new Date(at).toISOString() });
    const moment = (timeZone: string): string[] => {
      const renewal = { automatic: true, cron: '0 2 * * *', timeZone };
      return plannedMoment(lineOf(summary(1, 'a', 60, { next, renewal }), null, at - dayMs), at - dayMs);
    };
    expect(moment('Europe/Berlin')).to.deep.equal(['Thu 26 Nov, 02:00', 'Europe/Berlin']);
    expect(moment('Mars/Olympus')).to.deep.equal(['Thu 26 Nov, 01:00', 'UTC']);
  });

  it('finds by any word of the name, the names, the issuer and the state', () => {
    const one = line(summary(1, 'cuc-01', 9, { next: byHand, names: ['mail.example'] }));
    for (const filter of ['', 'CUC', 'mail r11', 'unplanned']) expect(matches(one, filter), filter).to.equal(true);
    expect(matches(one, 'cuc web')).to.equal(false);
  });
});

describe('the renewals’ page', () => {
  before(() => adoptStyles(document));
  after(() => {
    document.adoptedStyleSheets = sheets;
  });

  it('shows what stopped, what runs, what comes next, and when all end', async () => {
    const scene = await stage();
    await scene.shows('Four renewals need you, one under way');
    const stopped = words(scene.panel('Renewal failed on imp-02'));
    expect(stopped).to.contain('by schedule, 14 min ago INSTALL_NO_SPACE The device has no space left on /common.');
    expect(stopped).to.match(/It ends in 11 days\. Signalbox tries again on \w/);
    expect(scene.panel('Renewal failed on imp-02')?.querySelector('.stations .bad')).not.to.equal(null);
    const output = scene.panel('Renewal failed on imp-02')?.querySelector('a.btn');
    expect(output?.getAttribute('href')).to.equal(`#/connections/5/operations/${notInstalled(30).id}`);
    const toSee = [...(scene.panel('To see to')?.querySelectorAll('li') ?? [])].map(words);
    expect(toSee.map((text) => text.split(' ')[0])).to.deep.equal(['web-14', 'ise-psn-03', 'web-13']);
    expect(toSee[2]).to.contain('not as wanted at 10.50.2.13:8443 It lacks mail.example.');
    await waitUntil(() => scene.panel('Renewing cucm-pub-01')?.querySelector('.stations .now') !== null);
    const progress = scene.find('signalbox-progress').shadowRoot;
    await waitUntil(() => words(progress?.querySelector('[part=status]')).startsWith('Step 7 of 12:'));
    const next = [...(scene.panel('Next planned')?.querySelectorAll('li') ?? [])].map(words);
    expect(next).to.have.length(6);
    expect(next[2]).to.match(/^expressway-e1 2 names A third of its lifetime is left then\. \w.+ Europe\/Berlin$/);
    await waitUntil(() => pictured(scene).length === 11);
    expect(words(scene.find('.crumb'))).to.equal('11 certificates, 1 issuer');
    await expect(scene.page).to.be.accessible();
  });

  it('retries, and says why where that is refused', async () => {
    const scene = await stage();
    await scene.shows('Renewal failed on imp-02');
    const retry = (): HTMLElement => scene.panel('Renewal failed')?.querySelector('button.primary') as HTMLElement;
    scene.client.onStart = () =>
      Promise.reject(problem(429, 'TOO_MANY_STARTS', 'Too many starts.', { retryAfter: 20 }));
    retry().click();
    await scene.shows('Too many starts. Try again in 0:20.');
    expect(scene.client.calls).to.include(`retry 5 ${notInstalled(30).id}`);
    await expect(scene.page).to.be.accessible();
    const again = renewing(40, { connectionId: 5, retryOf: notInstalled(30).id });
    scene.client.onStart = () => {
      scene.client.show(again, notInstalled(30));
      return scene.client.started(again);
    };
    retry().click();
    await waitUntil(() => scene.panel('Renewing imp-02') !== undefined);
    expect(scene.panel('Renewal failed')).to.equal(undefined);
    expect(words(scene.find('h1'))).to.equal('Three renewals need you, one under way');
  });

  it('offers a viewer nothing to start and nothing to set', async () => {
    const look = (one: CertificateSummary): CertificateSummary => ({
      ...one,
      connection: { ...one.connection, role: 'viewer' },
    });
    const client = renewalsClient(() => [look(summary(5, 'imp-02', 11)), look(summary(7, 'ise', 9, { next: byHand }))]);
    const scene = await stage(client, 'viewer');
    await scene.shows('Two renewals need you');
    expect(scene.all('button.primary')).to.deep.equal([]);
    expect(scene.panel('To see to')?.querySelector('.btn')).to.equal(null);
  });

  it('follows a renewal to its end', async () => {
    let days = 29;
    const client = renewalsClient(() => [summary(3, 'cucm-pub-01', days), summary(4, 'web-11', 70)]);
    const scene = await stage(client);
    await scene.shows('One renewal under way');
    days = 88;
    const completedAt = new Date().toISOString();
    client.show(renewing(31, { connectionId: 3, status: 'completed', completedAt, revision: 7 }));
    await scene.shows('All 2 certificates are good for 30 days or more');
    expect(scene.panel('Renewing')).to.equal(undefined);
    expect(scene.panel('Next planned')).not.to.equal(undefined);
    await expect(scene.page).to.be.accessible();
  });

  it('filters everything by words, and says when nothing matches', async () => {
    const scene = await stage();
    await scene.shows('Four renewals need you');
    await scene.type('imp');
    expect([scene.panel('Renewing'), scene.panel('To see to')]).to.deep.equal([undefined, undefined]);
    await waitUntil(() => pictured(scene).join() === 'imp-02');
    expect(words(scene.find('h1'))).to.contain('Four renewals need you');
    await scene.type('nowhere');
    expect(words(scene.find('section'))).to.equal('None of 11 match Clear filter');
    await expect(scene.page).to.be.accessible();
    scene.find('section button').click();
    await waitUntil(() => pictured(scene).length === 11);
    expect(scene.find<HTMLInputElement>('[name=filter]').value).to.equal('');
  });

  it('shows all that is planned when asked', async () => {
    const scene = await stage();
    await scene.shows('Show all 8');
    (scene.panel('Next planned')?.querySelector('.foot button') as HTMLElement).click();
    await waitUntil(() => scene.panel('Next planned')?.querySelectorAll('li').length === 8);
    expect(words(scene.page)).not.to.contain('Show all 8');
  });

  it('does not draw the picture anew each second while something runs', async () => {
    const scene = await stage();
    await scene.shows('Renewing cucm-pub-01');
    const expiry = scene.find('signalbox-expiry') as HTMLElement & { certificates: unknown };
    const before = expiry.certificates;
    scene.page.requestUpdate();
    await scene.page.updateComplete;
    expect(expiry.certificates).to.equal(before);
  });

  it('says what to do where no certificate is known, and what failed', async () => {
    const empty = await stage(renewalsClient(() => []));
    await empty.shows('No certificates are known yet');
    expect(words(empty.find('section'))).to.contain('Open a connection and set up its certificate.');
    await expect(empty.page).to.be.accessible();
    const client = renewalsClient();
    const before = client.answer;
    client.answer = () => {
      throw problem(500, 'INTERNAL', 'Something went wrong.');
    };
    const broken = await stage(client);
    await broken.shows('Something went wrong.');
    await expect(broken.page).to.be.accessible();
    client.answer = before;
    broken.find('[role=alert] button').click();
    await broken.shows('Four renewals need you');
  });
});
