import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../provider/define.js';
import { LaterPart } from '../later-part.js';
import './define.js';
import type { SignalboxProgress } from './progress.js';
import { FakeClient, problem } from '../../testing/fake-client.js';
import { type PageTime, takePageTime } from '../../testing/page-time.js';
import { SilentClient } from '../../testing/states/silent-client.js';
import { completed, failed, operation, restart, running, sshTest } from '../../testing/operations.js';
import type { Operation } from '../../client/contract.js';
import { stationsOf, ticksOf } from '../steps/stations.js';

interface Scene {
  client: FakeClient;
  element: SignalboxProgress;
  find(selector: string): HTMLElement;
  all(selector: string): HTMLElement[];
  text(selector: string): string;
  show(...operations: Operation[]): Promise<void>;
}

async function stage(large: boolean, width = 400, client = new FakeClient()): Promise<Scene> {
  const provider = await fixture(
    html`<signalbox-provider .client=${client}>
      <div style="inline-size: ${width}px">
        <signalbox-progress connection="1" ?large=${large}><p slot="empty">Nothing yet</p></signalbox-progress>
      </div>
    </signalbox-provider>`,
  );
  const element = provider.querySelector('signalbox-progress') as SignalboxProgress;
  const all = (selector: string): HTMLElement[] => [
    ...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []),
  ];
  const find = (selector: string): HTMLElement => all(selector)[0] as HTMLElement;
  const text = (selector: string): string => (find(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
  const show = async (...operations: Operation[]): Promise<void> => {
    client.show(...operations);
    await element.updateComplete;
  };
  return { client, element, find, all, text, show };
}

const seen = (element: HTMLElement): boolean => element.getClientRects().length > 0;

describe('signalbox-progress', () => {
  it('has no value while it is not known, and one while it is', async () => {
    const scene = await stage(false);
    await scene.show(operation(1, { type: 'ping', message: 'Asking', progress: 30 }));
    await waitUntil(() => scene.find('.lamp') !== undefined);
    const bar = (): HTMLElement => scene.find('[role=progressbar]');
    expect(bar().hasAttribute('aria-valuenow')).to.equal(false);
    expect(bar().getAttribute('aria-valuetext')).to.equal('Asking');
    await expect(scene.element).to.be.accessible();
    await scene.show(operation(2, { status: 'pending' }));
    expect(bar().hasAttribute('aria-valuenow')).to.equal(false);
    await scene.show(running(2));
    expect(bar().getAttribute('aria-valuenow')).to.equal('40');
    expect(bar().getAttribute('aria-valuetext')).to.equal('Step 4 of 6: Key exchange');
    expect(bar().getAttribute('aria-label')).to.equal('SSH test');
    await expect(scene.element).to.be.accessible();
  });

  it('draws the rail with a tick where each step begins', async () => {
    expect(ticksOf(stationsOf(running(), sshTest, Date.now()))).to.deep.equal([5, 15, 25, 40, 75]);
    const scene = await stage(false);
    await scene.show(running(1, { progress: 50 }));
    await waitUntil(() => scene.all('.track > b').length === 5);
    expect(scene.all('.track > b.ahead')).to.have.length(1);
    const rail = scene.find('.track').getBoundingClientRect();
    const train = scene.find('.track > i');
    await Promise.all(train.getAnimations().map((animation) => animation.finished));
    expect(train.getBoundingClientRect().width / rail.width).to.be.closeTo(0.5, 0.01);
    expect(scene.text('[part=status]')).to.equal('Step 4 of 6: Agreeing on a cipher');
  });

  it('waits for its large form without showing the small one in its place', async () => {
    const client = new FakeClient();
    client.show(running());
    const scene = await stage(true, 760, client);
    const shown = new Set<string>();
    const look = (): void => {
      for (const form of ['.small', '.panel']) if (scene.find(form)) shown.add(form);
    };
    look();
    new MutationObserver(look).observe(scene.element.shadowRoot as ShadowRoot, { childList: true, subtree: true });
    await waitUntil(() => scene.find('.panel') !== undefined, 'the panel', { timeout: 8_000 });
    expect([...shown]).to.deep.equal(['.panel']);
    expect(scene.element.shadowRoot?.adoptedStyleSheets.length).to.be.greaterThan(7);
  });

  it('counts the time down where it is learnt, and stands still while stale', async () => {
    const scene = await stage(true);
    const tea = operation(1, { type: 'tea_round', estimatedDuration: 288_000, progress: 54 });
    await scene.show(tea);
    await waitUntil(() => /^4:4[56] remaining$/.test(scene.text('.headline strong')));
    expect(scene.text('.headline .soft')).to.equal('usually 4:48');
    const lastKnownAt = new Date(2026, 10, 22, 21, 49, 40).getTime();
    scene.client.setState({ phase: 'reconnecting', lastKnownAt });
    await waitUntil(() => scene.text('.stale') === 'Reconnecting… last known at 21:49:40');
    expect(scene.text('.headline strong')).to.match(/remaining$/);
    await expect(scene.element).to.be.accessible();
  });

  it('names what is restarted, what is expected, and a run that takes longer', async () => {
    const scene = await stage(true);
    const began = (agoMs: number): string => new Date(Date.now() - agoMs).toISOString();
    await scene.show(restart(1, { status: 'pending', step: null, message: null }));
    await waitUntil(() => scene.text('h2') === 'Service restart: Cisco Tomcat, waiting');
    expect(scene.text('.headline')).to.equal('Waiting It starts as soon as there is a free slot.');
    await scene.show(restart(1, { startedAt: began(90_500) }));
    expect(scene.text('h2')).to.equal('Service restart: Cisco Tomcat');
    expect(scene.text('.headline')).to.match(/^3:2[89] remaining Step 4 of 5, usually 5:00$/);
    await scene.show(restart(1, { startedAt: began(312_500), revision: 5 }));
    expect(scene.text('.headline')).to.match(/^Taking longer than usual Step 4 of 5, 5:1[234] so far, usually 5:00$/);
    await expect(scene.element).to.be.accessible();
    scene.element.large = false;
    await scene.element.updateComplete;
    expect(scene.text('.row')).to.equal('Service restart: Cisco Tomcat Taking longer than usual');
    await scene.show(restart(1, { status: 'failed', completedAt: new Date().toISOString(), revision: 6 }));
    expect(scene.text('.strong')).to.equal('Service restart failed: Cisco Tomcat');
  });

  it('shows the steps across where there is room and down where there is not', async () => {
    const wide = await stage(true, 760);
    await wide.show(running());
    await waitUntil(() => wide.all('.across li').length === 6);
    expect([seen(wide.find('.across')), seen(wide.find('.down'))]).to.deep.equal([true, false]);
    await expect(wide.element).to.be.accessible();
    const narrow = await stage(true, 390);
    await narrow.show(running());
    await waitUntil(() => narrow.all('.down li').length === 6);
    expect([seen(narrow.find('.across')), seen(narrow.find('.down'))]).to.deep.equal([false, true]);
    const states = narrow.all('.down li').map(({ className }) => className);
    expect(states).to.deep.equal(['past', 'past', 'past', 'now', 'ahead', 'ahead']);
    expect(narrow.text('.down li .d')).to.equal('90 ms');
    expect(narrow.find('.down .now').getAttribute('aria-current')).to.equal('step');
  });

  it('ends red at the step that failed, with sentence, hint and code', async () => {
    const client = new FakeClient();
    client.show(failed());
    const scene = await stage(true, 400, client);
    await waitUntil(() => scene.all('.down li').length === 6);
    const states = scene.all('.down li').map(({ className }) => className);
    expect(states).to.deep.equal(['past', 'past', 'past', 'past', 'bad', 'ahead']);
    expect(scene.text('.headline')).to.equal('Failed at Authenticate');
    expect(scene.text('.notice')).to.equal(
      'The server refused the password. Correct the password before you retry. SSH_AUTH_REFUSED',
    );
    expect(scene.text('[role=status]')).to.equal('');
    const grey = getComputedStyle(scene.find('.down .past .lamp')).color;
    expect(grey).not.to.equal(getComputedStyle(scene.find('.down .bad .lamp')).color);
    await expect(scene.element).to.be.accessible();
  });

  it('ends green only when all of it completed', async () => {
    const scene = await stage(true);
    await scene.show(running());
    await waitUntil(() => scene.all('.down li').length === 6);
    const taken = getComputedStyle(scene.find('.down .past .lamp')).color;
    await scene.show(completed());
    expect(scene.find('.stations').className).to.contain('completed');
    await Promise.all(
      scene
        .find('.down .past .lamp')
        .getAnimations()
        .map((animation) => animation.finished),
    );
    expect(getComputedStyle(scene.find('.down .past .lamp')).color).not.to.equal(taken);
    expect(scene.text('.headline')).to.match(/^Completed in \d+\.\d s$/);
    expect(scene.find('[role=progressbar]').getAttribute('aria-valuenow')).to.equal('100');
    await expect(scene.element).to.be.accessible();
  });

  describe('to those who listen', () => {
    let time: PageTime;
    beforeEach(() => (time = takePageTime()));
    afterEach(() => time.end());

    interface Spoken {
      at: number;
      words: string;
    }

    async function listened(): Promise<{ scene: Scene; spoken: Spoken[]; pass(seconds: number): Promise<void> }> {
      const scene = await stage(false);
      const spoken: Spoken[] = [];
      for (const role of ['status', 'alert'])
        new MutationObserver(() => {
          const text = scene.text(`[role=${role}]`);
          if (text) spoken.push({ at: time.now, words: `${role}: ${text}` });
        }).observe(scene.find(`[role=${role}]`), { subtree: true, childList: true, characterData: true });
      const pass = async (seconds: number): Promise<void> => {
        for (let second = 0; second < seconds; second += 1) {
          time.pass(1000);
          await scene.element.updateComplete;
          await Promise.resolve();
        }
      };
      return { scene, spoken, pass };
    }

    it('says the start, then the newest step once ten seconds are over, then the end', async () => {
      const { scene, spoken, pass } = await listened();
      await scene.show(running(1, { step: null, message: 'Beginning' }));
      await waitUntil(() => spoken.length === 1);
      const step = { key: 'tcp', title: 'Reach the port', index: 2, count: 6 };
      await scene.show(running(1, { step, revision: 5 }));
      await pass(3);
      await scene.show(running(1, { revision: 6 }));
      await pass(30);
      await scene.show(completed(1));
      await pass(30);
      expect(spoken.map(({ words }) => words)).to.deep.equal([
        'status: SSH test. Beginning',
        'status: SSH test. Step 4 of 6: Key exchange',
        'status: SSH test completed',
      ]);
      expect(scene.all('[role=status]')).to.have.length(1);
      expect(time.waiting.size).to.equal(0);
    });

    it('speaks at most once in ten seconds through five minutes of a step a second', async () => {
      const { scene, spoken, pass } = await listened();
      for (let second = 0; second < 300; second += 1) {
        const step = { key: `step-${second % 5}`, title: `Step ${second % 5}`, index: (second % 5) + 1, count: 5 };
        await scene.show(restart(1, { startedAt: new Date(time.now).toISOString(), step, revision: 4 + second }));
        await pass(1);
      }
      const waits = spoken.slice(1).map(({ at }, index) => at - (spoken[index]?.at ?? 0));
      expect(spoken.length).to.be.within(2, 31);
      expect(Math.min(...waits)).to.be.at.least(10_000);
    });

    it('interrupts with a failure, and with nothing else', async () => {
      const { scene, spoken } = await listened();
      await scene.show(running(1));
      await waitUntil(() => spoken.length === 1);
      await scene.show(failed(1));
      await waitUntil(() => spoken.length === 2);
      expect(spoken[1]?.words).to.equal(
        'alert: SSH test failed. The server refused the password. Correct the password before you retry.',
      );
    });

    it('does not interrupt where a run is cancelled', async () => {
      const { scene, spoken, pass } = await listened();
      await scene.show(running(1));
      await waitUntil(() => spoken.length === 1);
      await scene.show(operation(1, { status: 'cancelled', completedAt: new Date().toISOString(), revision: 9 }));
      await pass(11);
      expect(spoken[1]?.words).to.equal('status: SSH test cancelled');
    });
  });

  for (const large of [false, true])
    it(`says why nothing may be seen, that it reads, and that one is signed out${large ? ', in the large form' : ''}`, async () => {
      const refused = new FakeClient();
      refused.showProblem(problem(404, 'NOT_FOUND', 'It is not there, or not yours.'));
      const locked = await stage(large, 400, refused);
      await waitUntil(() => locked.text('.stale') === 'It is not there, or not yours.');
      await waitUntil(() => locked.all('.stale .lamp rect').length === 1, 'the padlock', { timeout: 8_000 });
      expect(locked.all('slot')).to.deep.equal([]);
      await expect(locked.element).to.be.accessible();
      refused.showProblem(null);
      await waitUntil(() => locked.find('slot[name=empty]') !== undefined);
      const silent = new SilentClient();
      const waiting = await stage(large, 400, silent);
      expect(waiting.text('.soft')).to.equal('Reading what runs…');
      await expect(waiting.element).to.be.accessible();
      silent.setState({ phase: 'signed-out' } as object);
      await waitUntil(() => waiting.text('.stale') === 'Signed out. Sign in to go on.');
    });

  it('says quietly, once, that there is no live connection, and since when one is signed out', async () => {
    const scene = await stage(false);
    await scene.show(running());
    scene.client.setState({ phase: 'polling' });
    await waitUntil(() => scene.text('.stale') === 'No live connection: refreshed every few seconds');
    expect(scene.all('.stale')).to.have.length(1);
    expect(scene.all('[role=alert]').map(({ textContent }) => textContent)).to.deep.equal(['']);
    scene.client.setState({ phase: 'signed-out', lastKnownAt: new Date(2026, 10, 22, 9, 5, 7).getTime() });
    await waitUntil(() => scene.text('.stale') === 'Signed out, last known at 09:05:07. Sign in to go on.');
    await expect(scene.element).to.be.accessible();
  });

  it('cancels where that is possible, and says why where it is refused', async () => {
    const scene = await stage(true);
    await scene.show(running(1, { cancellable: false }));
    await waitUntil(() => scene.all('.down li').length === 6);
    expect(scene.all('[part=cancel]')).to.deep.equal([]);
    await scene.show(running(1, { revision: 5 }));
    scene.client.cancel = () =>
      Promise.reject(problem(409, 'OP_NOT_CANCELLABLE', 'The operation can no longer be cancelled.'));
    scene.find('[part=cancel]').click();
    await waitUntil(() => scene.text('header').endsWith('The operation can no longer be cancelled.'));
  });

  it('follows one operation by its id, else the active one of its type', async () => {
    const scene = await stage(false);
    expect(seen(scene.element.querySelector('p') as HTMLElement)).to.equal(true);
    await scene.show(running(3), operation(2, { type: 'ping', progress: 10 }), failed(1));
    await waitUntil(() => scene.text('.strong') === 'SSH test');
    scene.element.type = 'ping';
    await scene.element.updateComplete;
    expect(scene.text('.strong')).to.equal('Ping');
    scene.element.operation = failed(1).id;
    await scene.element.updateComplete;
    expect(scene.text('.strong')).to.equal('SSH test failed');
  });

  it('mirrors from right to left', async () => {
    const scene = await stage(true, 760);
    await scene.show(running());
    await waitUntil(() => scene.all('.across li').length === 6);
    document.documentElement.dir = 'rtl';
    const first = scene.find('.across li').getBoundingClientRect();
    const last = (scene.all('.across li').at(-1) as HTMLElement).getBoundingClientRect();
    expect(first.left).to.be.greaterThan(last.left);
    document.documentElement.dir = '';
  });

  it('says in a sentence what runs and why it failed where its form could not be loaded', async () => {
    const { want, wait } = LaterPart.prototype;
    Object.assign(LaterPart.prototype, { want: () => null, wait: async () => null });
    try {
      for (const large of [false, true]) {
        const scene = await stage(large);
        await scene.show(running(1));
        await waitUntil(() => scene.text('p') === 'Ssh test: Agreeing on a cipher');
        await scene.show(running(1, { message: null, revision: 5 }));
        await waitUntil(() => scene.text('p') === 'Ssh test: 40 %');
        await scene.show(failed(1));
        await waitUntil(() => scene.text('p').startsWith('Ssh test: The server refused the password. Correct'));
        await scene.show(completed(1));
        await waitUntil(() => scene.text('p') === 'Ssh test: Done');
      }
    } finally {
      Object.assign(LaterPart.prototype, { want, wait });
    }
  });
});
