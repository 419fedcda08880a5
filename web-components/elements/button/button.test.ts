import { expect, fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { Snapshot } from '../../client/contract.js';
import type { SignalboxEventMap } from '../events.js';
import { LaterPart } from '../later-part.js';
import '../provider/define.js';
import './define.js';
import type { SignalboxButton } from './button.js';
import { FakeClient, problem } from '../../testing/fake-client.js';
import {
  completed,
  failed,
  operation,
  ping,
  restart,
  running,
  serviceRestart,
  teaRound,
} from '../../testing/operations.js';
import { type PageTime, takePageTime } from '../../testing/page-time.js';

/** Whose first answer comes when the test says so. */
class LateClient extends FakeClient {
  #isKnown = false;

  know(isKnown: boolean): void {
    this.#isKnown = isKnown;
    this.showProblem(null);
  }

  override watchConnection(connectionId: number, listener: (snapshot: Snapshot) => void): () => void {
    return super.watchConnection(connectionId, (snapshot) =>
      listener(this.#isKnown ? snapshot : { operations: [], known: false, problem: null }),
    );
  }
}

interface Scene {
  client: FakeClient;
  element: SignalboxButton;
  button(): HTMLButtonElement;
  text(): string;
  note(): string;
}

async function stage(type = 'ssh_test', client = new FakeClient()): Promise<Scene> {
  const provider = await fixture(
    html`<signalbox-provider .client=${client}>
      <signalbox-button connection="1" type=${type}></signalbox-button>
    </signalbox-provider>`,
  );
  const element = provider.querySelector('signalbox-button') as SignalboxButton;
  const inside = (part: string): HTMLElement => element.shadowRoot?.querySelector(part) as HTMLElement;
  const scene: Scene = {
    client,
    element,
    button: () => inside('button.btn') as HTMLButtonElement,
    text: () => inside('button.btn').textContent.replace(/\s+/g, ' ').trim(),
    note: () => inside('#note').textContent.trim(),
  };
  await waitUntil(() => !scene.text().startsWith('Ssh'), 'the definition is known');
  return scene;
}

/** The question, once it has come. */
async function questionOf({ element }: Scene): Promise<HTMLDialogElement> {
  const dialog = () => element.shadowRoot?.querySelector('dialog') ?? null;
  await waitUntil(() => dialog() !== null, 'the question is there', { timeout: 8_000 });
  return dialog() as HTMLDialogElement;
}

const shows = (scene: Scene, words: string): Promise<void> =>
  waitUntil(() => scene.text() === words, `the button shows “${words}”`).catch(() => {
    expect(scene.text()).to.equal(words);
  });

describe('signalbox-button', () => {
  it('goes from idle through busy and done back to idle', async () => {
    const scene = await stage();
    scene.element.doneForMs = 60_000;
    expect(scene.text()).to.equal('Test SSH');
    await expect(scene.element).to.be.accessible();
    scene.client.show(operation(1, { status: 'pending' }));
    await shows(scene, 'Testing… (waiting)');
    await expect(scene.element).to.be.accessible();
    scene.client.show(running(1, { progress: 60.4 }));
    await shows(scene, 'Testing… (60 %)');
    expect(getComputedStyle(scene.button()).getPropertyValue('--p')).to.equal('60.4%');
    expect(scene.button().getAttribute('aria-disabled')).to.equal('true');
    await expect(scene.element).to.be.accessible();
    scene.client.show(completed(1));
    await shows(scene, 'SSH works');
    await expect(scene.element).to.be.accessible();
    scene.element.doneForMs = 20;
    scene.client.show(running(2));
    await shows(scene, 'Testing… (40 %)');
    scene.client.show(completed(2));
    await shows(scene, 'Test SSH');
  });

  describe('while the time is in our hands', () => {
    let time: PageTime;
    beforeEach(() => (time = takePageTime()));
    afterEach(() => time.end());
    const at = (ms: number): string => new Date(time.now + ms).toISOString();

    it('says nothing of the moment that nearly every start waits', async () => {
      const scene = await stage();
      scene.client.show(operation(1, { status: 'pending', startedAt: at(0) }));
      await shows(scene, 'Testing…');
      time.pass(1000);
      await shows(scene, 'Testing… (waiting)');
    });

    it('counts down to the learnt duration, and says so when a run takes longer', async () => {
      const scene = await stage(serviceRestart.type);
      expect(scene.text()).to.equal('Restart Service');
      scene.client.show(restart(1, { startedAt: at(-27_500) }));
      await shows(scene, 'Restarting… (4:32 remaining)');
      time.pass(1000);
      await shows(scene, 'Restarting… (4:31 remaining)');
      time.pass(271_000);
      await shows(scene, 'Restarting… (0:00 remaining)');
      time.pass(1000);
      await shows(scene, 'Restarting… (taking longer than usual)');
      await expect(scene.element).to.be.accessible();
      const short = { estimatedDuration: 15_000, progress: 62.5, startedAt: at(-14_500) };
      scene.client.show(restart(1, { ...short, revision: 5 }));
      await shows(scene, 'Restarting… (62 %)');
      time.pass(1000);
      await shows(scene, 'Restarting… (taking longer than usual)');
    });

    for (const [clock, minutes] of [
      ['slow', 10],
      ['fast', -10],
    ] as const)
      it(`counts down by the server’s clock where its own is ${clock}`, async () => {
        const scene = await stage(serviceRestart.type);
        const ahead = minutes * 60_000;
        const startedAt = at(ahead - 60_500);
        for (const revision of [4, 5, 6]) {
          scene.client.show(restart(1, { startedAt, updatedAt: at(ahead), revision }));
          await scene.element.updateComplete;
        }
        await shows(scene, 'Restarting… (3:59 remaining)');
        time.pass(1000);
        await shows(scene, 'Restarting… (3:58 remaining)');
      });

    it('ticks with one timer however many buttons count down', async () => {
      const client = new FakeClient();
      client.show(restart(1, { startedAt: at(-500) }));
      const one = html`<signalbox-button connection="1" type="service_restart"></signalbox-button>`;
      const provider = await fixture(
        html`<signalbox-provider .client=${client}>${Array.from({ length: 25 }, () => one)}</signalbox-provider>`,
      );
      const buttons = [...provider.querySelectorAll('signalbox-button')];
      const showing = (words: string): number =>
        buttons.filter(({ shadowRoot }) => shadowRoot?.textContent.includes(words)).length;
      await waitUntil(() => showing('4:59 remaining') === 25);
      expect(time.waiting.size).to.equal(1);
      time.pass(1000);
      await waitUntil(() => showing('4:58 remaining') === 25);
      expect(time.waiting.size).to.equal(1);
      provider.remove();
      expect(time.waiting.size).to.equal(0);
    });
  });

  it('shows a failure only where a press would try the same again', async () => {
    const scene = await stage(serviceRestart.type);
    const bad = failed(3, { type: 'service_restart', params: { service: 'Cisco Tomcat' } });
    scene.client.show(bad);
    await shows(scene, 'Failed. Retry');
    scene.element.params = { service: 'Cisco DirSync' };
    await shows(scene, 'Restart Service');
    scene.button().click();
    await waitUntil(() => scene.client.calls.at(-1) === 'start 1 service_restart {"service":"Cisco DirSync"}');
    scene.client.show(bad);
    scene.element.params = { service: 'Cisco Tomcat' };
    scene.client.show(restart(900, { status: 'cancelled', completedAt: new Date().toISOString() }), bad);
    await shows(scene, 'Restart Service');
    scene.client.show({ ...bad, id: `${bad.id}-again` });
    await shows(scene, 'Failed. Retry');
    scene.button().click();
    await waitUntil(() => scene.client.calls.at(-1) === `retry 1 ${bad.id}-again`);
  });

  it('does not celebrate a run that it did not see', async () => {
    const client = new FakeClient();
    client.show(completed(1));
    const scene = await stage('ssh_test', client);
    expect(scene.text()).to.equal('Test SSH');
  });

  it('keeps its focus while busy and ignores clicks and keys', async () => {
    const scene = await stage();
    scene.element.focus();
    scene.client.show(running());
    await shows(scene, 'Testing… (40 %)');
    scene.button().click();
    await sendKeys({ press: 'Enter' });
    await sendKeys({ press: ' ' });
    expect(scene.client.calls.filter((call) => call.startsWith('start'))).to.deep.equal([]);
    expect(scene.button().disabled).to.equal(false);
    expect(document.activeElement).to.equal(scene.element);
    expect(scene.element.shadowRoot?.activeElement).to.equal(scene.button());
  });

  it('starts by keyboard, once, and is busy before the answer comes', async () => {
    const scene = await stage();
    let answer: () => void = () => undefined;
    scene.client.onStart = (connectionId) =>
      new Promise((resolve) => {
        answer = () => resolve(scene.client.started(operation(5, { connectionId })));
      });
    scene.element.focus();
    await sendKeys({ press: 'Enter' });
    await shows(scene, 'Testing…');
    await sendKeys({ press: 'Enter' });
    expect(scene.client.calls).to.deep.equal(['GET /connections/1', 'start 1 ssh_test null']);
    const faces = new Set<string>();
    new MutationObserver(() => faces.add(scene.text())).observe(scene.element.shadowRoot as ShadowRoot, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    answer();
    await waitUntil(() => scene.element.shadowRoot?.querySelector('[role=status]')?.textContent === 'Testing…');
    scene.client.show(running(5));
    await shows(scene, 'Testing… (40 %)');
    expect([...faces].filter((face) => !face.startsWith('Testing…'))).to.deep.equal([]);
  });

  it('shows a failure with its reason and hint, and retries that operation', async () => {
    const scene = await stage();
    scene.client.show(running(7));
    await shows(scene, 'Testing… (40 %)');
    scene.client.show(failed(7));
    await shows(scene, 'Failed. Retry');
    expect(scene.note()).to.equal('The server refused the password. Correct the password before you retry.');
    await expect(scene.element).to.be.accessible();
    scene.button().click();
    await waitUntil(() => scene.client.calls.includes(`retry 1 ${failed(7).id}`));
    scene.client.show(running(8), failed(7));
    await shows(scene, 'Testing… (40 %)');
    expect(scene.note()).to.equal('');
  });

  it('shows a failure of the last ten minutes and forgets an older one', async () => {
    const ended = (minutes: number): FakeClient => {
      const client = new FakeClient();
      client.show(failed(1, { completedAt: new Date(Date.now() - minutes * 60_000).toISOString() }));
      return client;
    };
    expect((await stage('ssh_test', ended(9))).text()).to.equal('Failed. Retry');
    expect((await stage('ssh_test', ended(11))).text()).to.equal('Test SSH');
  });

  it('says who runs what it joined', async () => {
    const scene = await stage();
    const theirs = running(3, { startedAt: new Date(Date.now() - 125_000).toISOString() });
    scene.client.onStart = () => {
      scene.client.show(theirs);
      return scene.client.started(theirs, 'already_running');
    };
    scene.button().click();
    await waitUntil(() => scene.note() === 'Already running, started by mira 2 min ago.');
    expect(scene.text()).to.equal('Testing… (40 %)');
  });

  it('shows why a start was refused, with the hint or the wait', async () => {
    const scene = await stage();
    scene.client.onStart = () => {
      throw problem(409, 'OP_BUSY', 'This operation is running with other params.', {
        hint: 'Wait until it has ended.',
      });
    };
    scene.button().click();
    await waitUntil(() => scene.note() === 'This operation is running with other params. Wait until it has ended.');
    scene.client.onStart = () => {
      throw problem(429, 'TOO_MANY_STARTS', 'Too many operations were started.', { retryAfter: 42 });
    };
    scene.button().click();
    await waitUntil(() => scene.note() === 'Too many operations were started. Try again in 0:42.');
    expect(scene.text()).to.equal('Test SSH');
  });

  it('sends typed events that cross shadow roots, for anybody’s run', async () => {
    const scene = await stage();
    const heard: string[] = [];
    for (const name of ['start', 'update', 'complete', 'error'] as const) {
      document.body.addEventListener(`signalbox-${name}`, ({ detail }: SignalboxEventMap['signalbox-start']) => {
        heard.push(`${name} ${detail.operation.revision}`);
      });
    }
    for (const step of [operation(1), running(1), completed(1), operation(2), failed(2)]) {
      scene.client.show(step);
      await scene.element.updateComplete;
    }
    expect(heard).to.deep.equal(['start 1', 'update 4', 'complete 9', 'start 1', 'error 6']);
  });

  it('does not start where a listener prevents it', async () => {
    const scene = await stage();
    const asked = oneEvent(scene.element, 'signalbox-before-start') as unknown as Promise<
      SignalboxEventMap['signalbox-before-start']
    >;
    scene.element.addEventListener('signalbox-before-start', (event) => event.preventDefault(), { once: true });
    scene.button().click();
    expect((await asked).detail).to.deep.equal({ connection: 1, type: 'ssh_test', params: null });
    expect(scene.client.calls).to.deep.equal(['GET /connections/1']);
    scene.element.params = { deep: true };
    scene.button().click();
    expect(scene.client.calls.at(-1)).to.equal('start 1 ssh_test {"deep":true}');
  });

  it('starts where the page has asked its own question, and asks no other', async () => {
    const scene = await stage(teaRound.type);
    const asked: Event[] = [];
    scene.element.addEventListener('signalbox-before-start', (event) => {
      asked.push(event);
      event.preventDefault();
    });
    scene.button().click();
    expect(asked[0]?.composedPath()[0] ?? scene.element).to.equal(scene.element);
    expect(scene.client.calls).to.deep.equal(['GET /connections/1']);
    const tea = operation(900, { type: 'tea_round', status: 'pending' });
    scene.client.onStart = () => scene.client.started(tea);
    const [first, second] = await Promise.all([scene.element.start(), scene.element.start()]);
    expect([first?.id, second]).to.deep.equal([tea.id, null]);
    expect(scene.client.calls.slice(1)).to.deep.equal(['start 1 tea_round null']);
    expect(asked).to.have.length(1);
    expect((await questionOf(scene)).open).to.equal(false);
    expect(await scene.element.start()).to.equal(null);
    expect(scene.client.calls).to.have.length(2);
  });

  it('says what the server refused where the page started it', async () => {
    const scene = await stage();
    scene.client.onStart = () => {
      throw problem(409, 'OP_BUSY', 'Something else is running.');
    };
    expect(await scene.element.start()).to.equal(null);
    await waitUntil(() => scene.note() === 'Something else is running.');
  });

  it('shows a padlock and no access where the connection may not be seen', async () => {
    const client = new FakeClient();
    client.showProblem(problem(404, 'NOT_FOUND', 'It is not there, or not yours.'));
    const scene = await stage('ssh_test', client);
    await shows(scene, 'No access');
    await waitUntil(() => scene.button().querySelectorAll('.lamp rect').length === 1, 'the padlock', {
      timeout: 8_000,
    });
    expect(scene.button().getAttribute('aria-disabled')).to.equal('true');
    expect(scene.note()).to.equal('It is not there, or not yours.');
    await expect(scene.element).to.be.accessible();
    scene.button().click();
    expect(await scene.element.start()).to.equal(null);
    expect(client.calls).to.deep.equal(['GET /connections/1']);
    client.showProblem(null);
    await shows(scene, 'Test SSH');
  });

  describe('where it polls', () => {
    const spoken = (scene: Scene, role: string): string =>
      scene.element.shadowRoot?.querySelector(`[role=${role}]`)?.textContent ?? '';

    it('ticks and says the end that came into the picture before the start was answered', async () => {
      const scene = await stage();
      scene.element.doneForMs = 60_000;
      const ended = completed(900);
      scene.client.onStart = async () => {
        scene.client.show(ended);
        await scene.element.updateComplete;
        return scene.client.started(operation(900, { status: 'pending' }));
      };
      scene.button().click();
      await shows(scene, 'SSH works');
      await waitUntil(() => spoken(scene, 'status') === 'SSH works');
    });

    it('interrupts with such an end where it is a failure', async () => {
      const scene = await stage();
      scene.client.onStart = async () => {
        scene.client.show(failed(900));
        await scene.element.updateComplete;
        return scene.client.started(operation(900, { status: 'pending' }));
      };
      scene.button().click();
      await shows(scene, 'Failed. Retry');
      await waitUntil(() => spoken(scene, 'alert').startsWith('The server refused the password.'));
      expect(spoken(scene, 'status')).to.equal('');
    });

    it('ticks for the end of what it started before it knew anything, once', async () => {
      const scene = await stage('ssh_test', new LateClient());
      scene.element.doneForMs = 60_000;
      const heard: string[] = [];
      for (const name of ['start', 'complete'] as const)
        scene.element.addEventListener(`signalbox-${name}`, () => heard.push(name));
      scene.button().click();
      await shows(scene, 'Testing…');
      const client = scene.client as LateClient;
      client.show(completed(900));
      client.know(true);
      await shows(scene, 'SSH works');
      client.know(false);
      await scene.element.updateComplete;
      client.know(true);
      await scene.element.updateComplete;
      expect(heard).to.deep.equal(['start', 'complete']);
    });
  });

  it('takes a third party’s words and asks its question first', async () => {
    const scene = await stage(teaRound.type);
    const dialog = await questionOf(scene);
    expect(scene.text()).to.equal('Brew tea');
    scene.button().click();
    expect(dialog.open).to.equal(true);
    await expect(scene.element).to.be.accessible();
    await sendKeys({ press: 'Escape' });
    await waitUntil(() => !dialog.open);
    expect(scene.client.calls).to.deep.equal(['GET /connections/1']);
    scene.button().click();
    dialog.querySelector<HTMLButtonElement>('[value=yes]')?.click();
    await waitUntil(() => scene.client.calls.at(-1) === 'start 1 tea_round null');
    scene.client.show(operation(1, { type: 'tea_round', estimatedDuration: 288_000, progress: 54 }));
    await waitUntil(() => /^Brewing… \(4:4[56] remaining\)$/.test(scene.text()));
  });

  it('does not say “no” twice: Escape after a yes starts nothing', async () => {
    const scene = await stage(teaRound.type);
    const dialog = await questionOf(scene);
    scene.button().click();
    dialog.querySelector<HTMLButtonElement>('[value=yes]')?.click();
    await waitUntil(() => scene.client.calls.at(-1) === 'start 1 tea_round null');
    scene.client.show(
      operation(900, { type: 'tea_round', status: 'cancelled', completedAt: new Date().toISOString() }),
    );
    await waitUntil(() => scene.text() === 'Brew tea');
    scene.button().click();
    await sendKeys({ press: 'Escape' });
    await waitUntil(() => !dialog.open);
    await scene.element.updateComplete;
    expect(scene.client.calls.filter((call) => call.startsWith('start'))).to.have.length(1);
  });

  it('lets a viewer look and not start', async () => {
    const client = new FakeClient();
    client.answer = () => ({ id: 1, role: 'viewer' });
    const scene = await stage(ping.type, client);
    await waitUntil(() => scene.note() === 'You may look, not start.');
    expect(scene.button().getAttribute('aria-disabled')).to.equal('true');
    await expect(scene.element).to.be.accessible();
    scene.button().click();
    expect(client.calls).to.deep.equal(['GET /connections/1']);
    client.show(operation(1, { type: 'ping', progress: 30 }));
    await shows(scene, 'Pinging…');
  });

  it('says while busy since when it is stale', async () => {
    const scene = await stage();
    scene.client.show(running());
    await shows(scene, 'Testing… (40 %)');
    const lastKnownAt = new Date(2026, 10, 22, 21, 49, 40).getTime();
    scene.client.setState({ phase: 'reconnecting', lastKnownAt });
    await waitUntil(() => scene.note() === 'Reconnecting… last known at 21:49:40');
    await expect(scene.element).to.be.accessible();
  });

  it('is 24 px high and mirrors from right to left', async () => {
    const scene = await stage();
    scene.client.show(running());
    await shows(scene, 'Testing… (40 %)');
    document.documentElement.dir = 'rtl';
    const box = scene.button().getBoundingClientRect();
    const lamp = scene.button().querySelector('svg')?.getBoundingClientRect();
    expect(box.height).to.be.at.least(24);
    expect((lamp?.left ?? 0) - box.left).to.be.greaterThan(box.width / 2);
    document.documentElement.dir = '';
  });

  describe('where its second part could not be loaded', () => {
    const { want, wait } = LaterPart.prototype;
    beforeEach(() => Object.assign(LaterPart.prototype, { want: () => null, wait: async () => null }));
    afterEach(() => Object.assign(LaterPart.prototype, { want, wait }));

    it('starts, shows what runs and why it failed, in fewer words', async () => {
      const scene = await stage();
      scene.button().click();
      await waitUntil(() => scene.client.calls.includes('start 1 ssh_test null'));
      scene.client.show(running(900, { id: operation(900).id }));
      await shows(scene, 'Testing…');
      expect(getComputedStyle(scene.button()).getPropertyValue('--p')).to.equal('40%');
      scene.client.setState({ phase: 'reconnecting' });
      await waitUntil(() => scene.note() === 'Reconnecting…');
      scene.client.setState({ phase: 'live' });
      scene.client.show(failed(900));
      await shows(scene, 'Failed. Retry');
      expect(scene.note()).to.equal('The server refused the password. Correct the password before you retry.');
      await expect(scene.element).to.be.accessible();
    });

    it('joins, and says what is refused in the server’s words', async () => {
      const scene = await stage();
      scene.client.onStart = () => {
        throw problem(429, 'TOO_MANY_STARTS', 'Too many operations were started.', { retryAfter: 42, hint: 'Wait.' });
      };
      scene.button().click();
      await waitUntil(() => scene.note() === 'Too many operations were started. Wait.');
      scene.client.onStart = () => scene.client.started(running(3), 'already_running');
      expect((await scene.element.start())?.id).to.equal(running(3).id);
    });

    it('never starts unasked what asks first, and asks once the question is there', async () => {
      const scene = await stage(teaRound.type);
      scene.button().click();
      await waitUntil(() => scene.note() === 'What is asked before this starts could not be loaded. Try again.');
      expect(scene.client.calls).to.deep.equal(['GET /connections/1']);
      Object.assign(LaterPart.prototype, { want, wait });
      scene.button().click();
      await waitUntil(() => scene.element.shadowRoot?.querySelector('dialog')?.open === true, 'it asks', {
        timeout: 8_000,
      });
      expect(scene.client.calls).to.deep.equal(['GET /connections/1']);
    });
  });
});
