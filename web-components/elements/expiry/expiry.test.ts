import { expect, fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import '../provider/define.js';
import './define.js';
import type { CertificateSummary } from '../../../server/certificates/contract.js';
import { summaries, summary } from '../../testing/certificates.js';
import { type FakeClient, problem } from '../../testing/fake-client.js';
import { notInstalled, renewalsClient, renewing } from '../../testing/renewals.js';
import type { SignalboxExpiry } from './expiry.js';
import { dayMs } from './moments.js';

interface Scene {
  client: FakeClient;
  element: SignalboxExpiry;
  find(selector: string): HTMLElement;
  all(selector: string): HTMLElement[];
  text(selector?: string): string;
  row(name: string): HTMLElement;
}

const plain = (element: Element | null | undefined): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

async function stage(client = renewalsClient(), width = 1000): Promise<Scene> {
  const provider = await fixture(
    html`<signalbox-provider .client=${client}>
      <div style="inline-size: ${width}px"><signalbox-expiry></signalbox-expiry></div>
    </signalbox-provider>`,
  );
  const element = provider.querySelector('signalbox-expiry') as SignalboxExpiry;
  const all = (selector: string): HTMLElement[] => [
    ...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []),
  ];
  const find = (selector: string): HTMLElement => all(selector)[0] as HTMLElement;
  const text = (selector?: string): string =>
    plain(selector ? find(selector) : element.shadowRoot?.querySelector('section, p, div, slot'));
  const row = (name: string): HTMLElement => all('li').find((li) => plain(li).startsWith(name)) as HTMLElement;
  return { client, element, find, all, text, row };
}

async function drawn(client?: FakeClient, width?: number): Promise<Scene> {
  const scene = await stage(client, width);
  await waitUntil(() => scene.all('li').length > 0, 'rows are drawn');
  return scene;
}

const inDays = (days: number): string => new Date(Date.now() + days * dayMs).toISOString();
const labelOf = (row: HTMLElement): HTMLElement => row.querySelector('em') as HTMLElement;
const inPercent = (scene: Scene, name: string, part: string): number => {
  const rail = scene.row(name).querySelector('.rail')?.getBoundingClientRect() as DOMRect;
  const mark = scene.row(name).querySelector(part)?.getBoundingClientRect() as DOMRect;
  return ((mark.left + mark.width / 2 - rail.left) / rail.width) * 100;
};

function asked(client: FakeClient): number {
  return client.calls.filter((call) => call === 'GET /certificates').length;
}

describe('signalbox-expiry', () => {
  it('draws each certificate from today to its end, those that need somebody first', async () => {
    const scene = await drawn();
    expect(scene.all('li').map((li) => plain(li.querySelector('.name')))).to.deep.equal([
      ...['web-14', 'ise-psn-03', 'imp-02', 'web-13'],
      ...['cucm-pub-01', 'expressway-e1', 'cuc-01', 'web-11', 'ise-pan-01', 'vault-01', 'web-12'],
    ]);
    expect(inPercent(scene, 'cuc-01', '.buffer')).to.be.closeTo((48 / 90) * 100, 0.5);
    expect(inPercent(scene, 'cuc-01', '.lamp')).to.be.closeTo((18 / 90) * 100, 0.5);
    const month = scene.all('.grid > i:not(.today)')[0]?.getBoundingClientRect().left ?? 0;
    const first = new Date(new Date().getFullYear(), new Date().getMonth() + 1, 1).getTime();
    const rail = scene.row('cuc-01').querySelector('.rail')?.getBoundingClientRect() as DOMRect;
    expect((month - rail.left) / rail.width).to.be.closeTo((first - Date.now()) / (90 * dayMs), 0.01);
    expect(scene.text('footer [role=status]')).to.equal('9 of 11 end within 90 days');
    await expect(scene.element).to.be.accessible();
  });

  it('says in each row what its rail shows', async () => {
    const scene = await drawn();
    expect(plain(labelOf(scene.row('ise-psn-03')))).to.equal('9 days, nothing planned');
    expect(plain(labelOf(scene.row('imp-02')))).to.match(/^11 days, renewal failed, next try \w/);
    expect(plain(labelOf(scene.row('cucm-pub-01')))).to.equal('29 days, renewing now');
    expect(plain(scene.row('cuc-01').querySelector('.vh'))).to.match(/^Ends on .+ 20\d\d\. Renews on .+\.$/);
    expect(scene.row('imp-02').querySelector('.lamp.stop rect')).not.to.equal(null);
    expect(scene.row('ise-psn-03').querySelector('.lamp.caution path')).not.to.equal(null);
  });

  it('ends what lives longer at the edge, with an arrow and its date', async () => {
    const scene = await drawn();
    expect(inPercent(scene, 'vault-01', '.line') * 2).to.be.closeTo(100, 0.5);
    expect(plain(labelOf(scene.row('vault-01')))).to.match(/^\d+ \w+ 20\d\d$/);
    expect(scene.row('vault-01').querySelector('.lamp')).to.equal(null);
    scene.element.days = 500;
    await scene.element.updateComplete;
    expect(plain(labelOf(scene.row('vault-01')))).to.equal('400 days');
    expect(inPercent(scene, 'vault-01', '.buffer')).to.be.closeTo(80, 0.5);
    expect(scene.text('footer [role=status]')).to.equal('10 of 11 end within 500 days');
    scene.element.days = -1;
    await scene.element.updateComplete;
    expect(scene.text('footer [role=status]')).to.equal('9 of 11 end within 90 days');
  });

  it('puts the words behind the stop, beneath where they are long or the place is narrow', async () => {
    const wide = await drawn();
    const box = (scene: Scene, name: string, part: string): DOMRect =>
      scene.row(name).querySelector(part)?.getBoundingClientRect() as DOMRect;
    for (const name of ['cuc-01', 'imp-02'])
      expect(box(wide, name, 'em').left).to.be.greaterThan(box(wide, name, '.buffer').right);
    expect(box(wide, 'web-13', 'em').top).to.be.greaterThan(box(wide, 'web-13', '.buffer').bottom - 1);
    for (const li of wide.all('li'))
      expect(labelOf(li).getBoundingClientRect().right).to.be.lessThan(
        wide.find('section').getBoundingClientRect().right,
      );
    const narrow = await drawn(renewalsClient(), 360);
    for (const li of narrow.all('li')) {
      const [label, rail] = [labelOf(li).getBoundingClientRect(), li.querySelector('.line')?.getBoundingClientRect()];
      expect(label.top).to.be.greaterThan(rail?.bottom ?? Infinity);
      expect(label.right).to.be.lessThan(narrow.find('section').getBoundingClientRect().right);
    }
    await expect(narrow.element).to.be.accessible();
  });

  it('names no month where its name would cover another or leave the panel, however wide it is', async () => {
    for (const width of [328, 500, 660, 800, 1100])
      for (const days of [30, 45, 90, 240, 420]) {
        const scene = await stage(renewalsClient(), width);
        scene.element.days = days;
        await waitUntil(() => scene.all('.tick').length > 0, 'ticks are drawn');
        const panel = scene.find('section').getBoundingClientRect();
        const today = scene.find('.axis .today').getBoundingClientRect();
        const shown = scene.all('.tick').map((tick) => tick.getBoundingClientRect());
        let taken = today.right;
        const what = `${days} days on ${width} px`;
        for (const { left, right } of shown.filter((tick) => tick.width > 0)) {
          expect(left, what).to.be.at.least(taken);
          taken = right;
        }
        expect(taken, what).to.be.below(panel.right);
        expect(taken, `${what}: some are named`).to.be.above(today.right);
      }
  });

  it('keeps a long label in the panel, on more lines where it needs them', async () => {
    const wrong = { endpoint: 'a-host-with-a-long-name.data-centre.example:8443', failure: 'It lacks a name.' };
    const endpoints = [{ ...wrong, seenAt: inDays(-0.1), notAfter: inDays(40) }];
    const scene = await drawn(
      renewalsClient(() => [summary(1, 'web-12', 40, { endpoints })]),
      660,
    );
    const label = labelOf(scene.row('web-12')).getBoundingClientRect();
    expect(label.height).to.be.above(16);
    expect(label.right).to.be.below(scene.find('section').getBoundingClientRect().right);
    expect(label.bottom).to.be.at.most(scene.row('web-12').getBoundingClientRect().bottom);
  });

  it('leads to a connection by its link, or tells the page which was chosen', async () => {
    const scene = await drawn();
    const button = scene.row('imp-02').querySelector('button.name') as HTMLElement;
    setTimeout(() => button.click());
    const { detail, bubbles, composed } = (await oneEvent(scene.element, 'signalbox-open')) as CustomEvent<object>;
    expect([detail, bubbles, composed]).to.deep.equal([{ connection: 5 }, true, true]);
    scene.element.href = '/devices/{id}?from=certificates';
    await scene.element.updateComplete;
    const link = scene.row('imp-02').querySelector('a.name') as HTMLAnchorElement;
    expect(link.getAttribute('href')).to.equal('/devices/5?from=certificates');
    expect(link.getBoundingClientRect().height).to.be.at.least(24);
    scene.element.addEventListener('signalbox-open', (event) => event.preventDefault(), { once: true });
    const click = new MouseEvent('click', { bubbles: true, cancelable: true, composed: true });
    expect(link.dispatchEvent(click)).to.equal(false);
  });

  it('shows the same as a table, and goes back', async () => {
    const scene = await drawn();
    scene.find('footer button').click();
    await scene.element.updateComplete;
    expect(scene.all('thead th').map(plain)).to.deep.equal(['Connection', 'Names', 'Ends on', 'Renewal', 'State']);
    expect(scene.all('tbody tr').map((tr) => plain(tr.querySelector('th')))[0]).to.equal('web-14');
    expect(plain(scene.all('tbody tr')[1])).to.match(
      /^ise-psn-03 ise-psn-03\.example .+ not planned 9 days, nothing planned$/,
    );
    expect(scene.all('li')).to.deep.equal([]);
    await expect(scene.element).to.be.accessible();
    scene.find('footer button').click();
    await scene.element.updateComplete;
    expect(scene.all('li')).to.have.length(11);
  });

  it('hatches the times in which nothing may be changed', async () => {
    const scene = await drawn();
    expect(scene.all('.freeze')).to.deep.equal([]);
    expect(scene.text('.legend')).to.equal('ends renewal planned');
    const past = { from: inDays(-9), until: inDays(-1) };
    scene.element.freezes = [past, { from: inDays(30), until: inDays(45), label: 'Christmas' }];
    await scene.element.updateComplete;
    const freeze = scene.all('.freeze');
    expect(freeze).to.have.length(1);
    const [one, grid] = [freeze[0]?.getBoundingClientRect(), scene.find('.grid').getBoundingClientRect()];
    expect((one?.width ?? 0) / grid.width).to.be.closeTo(15 / 90, 0.01);
    expect(scene.text('.legend')).to.equal('ends renewal planned change freeze');
    expect(scene.text('.frozen')).to.match(/^Change freeze Christmas: .+ to .+\.$/);
  });

  it('follows a renewal, and reads anew when it has ended', async () => {
    let days = 29;
    const scene = await drawn(renewalsClient(() => [summary(3, 'cucm-pub-01', days)]));
    expect(plain(labelOf(scene.row('cucm-pub-01')))).to.equal('29 days, renewing now');
    expect(asked(scene.client)).to.equal(1);
    scene.client.show(renewing(31, { connectionId: 3, progress: 70, revision: 6 }));
    await scene.element.updateComplete;
    expect(asked(scene.client)).to.equal(1);
    days = 80;
    const completedAt = new Date().toISOString();
    scene.client.show(renewing(31, { connectionId: 3, status: 'completed', completedAt, revision: 7 }));
    await waitUntil(() => plain(labelOf(scene.row('cucm-pub-01'))) === '80 days');
    expect(asked(scene.client)).to.equal(2);
  });

  it('asks once more after an answer that was on its way', async () => {
    const answers: (() => void)[] = [];
    const client = renewalsClient();
    const before = client.answer;
    client.answer = (method, path, body) =>
      path === '/certificates'
        ? new Promise((resolve) => answers.push(() => resolve(before(method, path, body))))
        : before(method, path, body);
    const scene = await stage(client);
    await waitUntil(() => answers.length === 1);
    for (let times = 0; times < 3; times += 1) {
      client.setState({ phase: 'reconnecting' });
      client.setState({ phase: 'live' });
    }
    answers[0]?.();
    await waitUntil(() => answers.length === 2);
    answers[1]?.();
    await waitUntil(() => scene.all('li').length === 11);
    expect(asked(client)).to.equal(2);
  });

  it('says while it is stale since when, keeps the picture, and reads anew when the server is back', async () => {
    const scene = await drawn();
    const lastKnownAt = new Date(2026, 10, 22, 21, 49, 40).getTime();
    scene.client.setState({ phase: 'reconnecting', lastKnownAt });
    await waitUntil(() => scene.text('.stale') === 'Reconnecting… last known at 21:49:40');
    expect(scene.all('li')).to.have.length(11);
    await expect(scene.element).to.be.accessible();
    scene.client.setState({ phase: 'signed-out' });
    await waitUntil(() => scene.text('.stale') === 'Signed out, last known at 21:49:40. Sign in to go on.');
    expect(scene.all('li')).to.have.length(11);
    scene.client.setState({ phase: 'live', lastKnownAt: Date.now() });
    await waitUntil(() => asked(scene.client) === 2 && scene.all('.stale').length === 0);
  });

  it('keeps what it knew where a later answer is a refusal', async () => {
    const scene = await drawn();
    scene.client.answer = () => {
      throw problem(503, 'UNAVAILABLE', 'The server is starting.');
    };
    scene.client.setState({ phase: 'reconnecting' });
    scene.client.setState({ phase: 'live' });
    await waitUntil(() => scene.text('.stale') === 'The server is starting.');
    expect(scene.all('li')).to.have.length(11);
  });

  it('says that it reads, that nothing is known, that there is no access, and what failed', async () => {
    const never = renewalsClient();
    never.answer = () => new Promise(() => undefined);
    const loading = await stage(never);
    await waitUntil(() => loading.text() === 'Reading the certificates…');
    await expect(loading.element).to.be.accessible();

    const empty = await stage(renewalsClient(() => []));
    await waitUntil(() => empty.text('slot[name=empty]') === 'No certificates are known yet');
    await expect(empty.element).to.be.accessible();

    const closed = renewalsClient();
    closed.answer = () => {
      throw problem(403, 'EMBED_REFUSED', 'This token does not open this.');
    };
    const refused = await stage(closed);
    await waitUntil(() => refused.text() === 'No access');
    await expect(refused.element).to.be.accessible();

    const broken = renewalsClient();
    const before = broken.answer;
    broken.answer = () => {
      throw problem(500, 'INTERNAL', 'Something went wrong.');
    };
    const failing = await stage(broken);
    await waitUntil(() => failing.text('[role=alert]').startsWith('Something went wrong.'));
    await expect(failing.element).to.be.accessible();
    expect(asked(broken)).to.equal(1);
    broken.answer = before;
    failing.find('[role=alert] button').click();
    await waitUntil(() => failing.all('li').length === 11);
  });

  it('takes certificates that the page has read itself, and asks for none', async () => {
    const client = renewalsClient();
    const given: CertificateSummary[] = summaries().slice(0, 2);
    const provider = await fixture(
      html`<signalbox-provider .client=${client}
        ><signalbox-expiry .certificates=${given}></signalbox-expiry
      ></signalbox-provider>`,
    );
    const element = provider.querySelector('signalbox-expiry') as SignalboxExpiry;
    await waitUntil(() => element.shadowRoot?.querySelectorAll('li').length === 2);
    expect(asked(client)).to.equal(0);
  });

  it('draws of 500 only those that are in sight', async () => {
    const many = Array.from({ length: 500 }, (_, index) => summary(100 + index, `host-${index}`, 31 + index));
    const scene = await drawn(renewalsClient(() => many));
    expect(scene.all('li')).to.have.length(500);
    const inSight = (li: HTMLElement): boolean =>
      (li.querySelector('.name') as HTMLElement).checkVisibility({ contentVisibilityAuto: true });
    await waitUntil(() => inSight(scene.all('li')[0] as HTMLElement));
    expect(inSight(scene.all('li')[499] as HTMLElement)).to.equal(false);
    expect(scene.find('.timeline').scrollHeight).to.be.within(499 * 32, 501 * 34);
  });

  it('leaves the rows alone while something else runs', async () => {
    const scene = await drawn();
    const writes: MutationRecord[] = [];
    const observer = new MutationObserver((records) => writes.push(...records));
    const options = { subtree: true, childList: true, characterData: true, attributes: true };
    observer.observe(scene.find('ol'), options);
    const other = renewing(50, { connectionId: 77, type: 'ssh_test' });
    const kept = [renewing(31, { connectionId: 3 }), notInstalled(30)];
    scene.client.show(other, ...kept);
    await scene.element.updateComplete;
    const before = writes.push(...observer.takeRecords());
    scene.client.show({ ...other, revision: 9 }, ...kept);
    await scene.element.updateComplete;
    expect(observer.takeRecords()).to.deep.equal([]);
    expect(writes).to.have.length(before);
    scene.client.show(other, renewing(31, { connectionId: 3, progress: 75, revision: 8 }), notInstalled(30));
    await scene.element.updateComplete;
    const rows = new Set(
      [...writes.slice(before), ...observer.takeRecords()].map(({ target }) => (target as Element).closest('li')),
    );
    expect([...rows]).to.deep.equal([scene.row('cucm-pub-01')]);
    observer.disconnect();
  });

  it('mirrors from right to left', async () => {
    const scene = await drawn();
    document.documentElement.dir = 'rtl';
    const rail = scene.row('cuc-01').querySelector('.rail')?.getBoundingClientRect() as DOMRect;
    const stop = scene.row('cuc-01').querySelector('.buffer')?.getBoundingClientRect() as DOMRect;
    expect((rail.right - stop.left) / rail.width).to.be.closeTo(48 / 90, 0.01);
    await expect(scene.element).to.be.accessible();
    document.documentElement.dir = '';
  });
});
