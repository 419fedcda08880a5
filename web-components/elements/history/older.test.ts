/** Older operations and one type only: what a history shows beyond what is kept live. */
import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../provider/define.js';
import './define.js';
import type { Operation } from '../../client/contract.js';
import { FakeClient, problem } from '../../testing/fake-client.js';
import { completed, running } from '../../testing/operations.js';
import type { SignalboxHistory } from './history.js';

const words = (element: Element | null | undefined): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

const ended = { startedAt: '2025-03-03T10:00:00.000Z', completedAt: '2025-03-03T10:00:03.000Z' };

/** A store with so many operations, every fifth a ping, whose newest 50 are live; answers pages as the server does. */
class Store {
  readonly client = new FakeClient();
  readonly asked: string[] = [];
  epoch = 'one';
  #operations: Operation[];

  constructor(amount: number) {
    this.#operations = Array.from({ length: amount }, (_, index) => {
      const count = amount - index;
      return completed(count, { ...ended, updatedAt: ended.completedAt, ...(count % 5 === 0 ? { type: 'ping' } : {}) });
    });
    this.client.answer = (_method, path) => this.#page(new URL(path, 'http://store.invalid').searchParams, path);
    this.publish();
  }

  add(operation: Operation): void {
    this.#operations.unshift(operation);
    this.publish();
  }

  publish(): void {
    this.client.show(...this.#operations.slice(0, 50));
  }

  #page(query: URLSearchParams, path: string): unknown {
    if (!path.startsWith('/connections/1/operations?')) throw problem(404, 'NOT_FOUND', 'There is nothing here.');
    this.asked.push(path.slice(path.indexOf('?') + 1));
    const rows = this.#operations.filter(({ type }) => !query.has('type') || type === query.get('type'));
    const from = query.has('before') ? rows.findIndex(({ id }) => id === query.get('before')) + 1 : 0;
    const operations = rows.slice(from, from + Number(query.get('limit')));
    const isLast = from + operations.length >= rows.length;
    return { operations, next: isLast ? null : operations.at(-1)?.id, epoch: this.epoch };
  }
}

interface Scene {
  store: Store;
  element: SignalboxHistory;
  all(selector: string): HTMLElement[];
  more(): HTMLButtonElement | undefined;
  shown(): number;
}

async function stage(store: Store, limit = 20, type = ''): Promise<Scene> {
  const provider = await fixture(
    html`<signalbox-provider .client=${store.client}>
      <signalbox-history connection="1" limit=${limit} type=${type}></signalbox-history>
    </signalbox-provider>`,
  );
  const element = provider.querySelector('signalbox-history') as SignalboxHistory;
  const all = (selector: string): HTMLElement[] => [
    ...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []),
  ];
  await waitUntil(() => all('.entry').length > 0);
  return {
    store,
    element,
    all,
    more: () => all('.more button')[0] as HTMLButtonElement | undefined,
    shown: () => all('.entry').length,
  };
}

async function press(scene: Scene, rows: number): Promise<void> {
  scene.more()?.click();
  await waitUntil(() => scene.shown() === rows, `${rows} rows`);
}

describe('older operations', () => {
  it('come by pages, each once, until there are no more', async () => {
    const scene = await stage(new Store(130), 40);
    expect(scene.shown()).to.equal(40);
    await press(scene, 50);
    expect(scene.store.asked).to.deep.equal([]);
    await press(scene, 90);
    await press(scene, 100);
    await press(scene, 130);
    await waitUntil(() => scene.more() === undefined);
    expect(scene.store.asked.length).to.equal(3);
    expect(scene.store.asked[1]).to.match(/^limit=50&before=/);
  });

  it('are not offered where all is there', async () => {
    const scene = await stage(new Store(12));
    expect(scene.shown()).to.equal(12);
    expect(scene.more()).to.equal(undefined);
  });

  it('give the focus to the first new row, and say how many there are', async () => {
    const scene = await stage(new Store(45));
    await expect(scene.element).to.be.accessible();
    scene.more()?.focus();
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => scene.shown() === 40);
    await waitUntil(() => scene.element.shadowRoot?.activeElement === scene.all('.entry')[20]);
    expect(words(scene.all('[role=status]')[0])).to.equal('40 operations shown');
  });

  it('leave no hole where newer ones come meanwhile', async () => {
    const scene = await stage(new Store(70), 100);
    await press(scene, 70);
    scene.store.add(running(71));
    await waitUntil(() => scene.shown() === 71);
    expect(words(scene.all('.entry')[0])).to.contain('running');
  });

  it('are forgotten with another store, and with another connection', async () => {
    const scene = await stage(new Store(120), 200);
    await press(scene, 100);
    scene.store.epoch = 'two';
    scene.store.client.show(...Array.from({ length: 50 }, (_, index) => completed(300 - index, ended)));
    scene.more()?.click();
    await waitUntil(() => scene.shown() === 70, 'the live ones and the last page of the other store');
    scene.element.connection = 2;
    await waitUntil(() => words(scene.all('.empty')[0]) === 'Nothing has run here yet.');
  });

  it('say why they did not come, and are tried again', async () => {
    const store = new Store(60);
    const { answer } = store.client;
    store.client.answer = () => {
      throw problem(503, 'UNAVAILABLE', 'The server is restarting.', { hint: 'Try again in a minute.' });
    };
    const scene = await stage(store, 50);
    scene.more()?.click();
    await waitUntil(() => words(scene.all('[role=alert]')[0]) === 'The server is restarting. Try again in a minute.');
    expect(scene.shown()).to.equal(50);
    await expect(scene.element).to.be.accessible();
    store.client.answer = answer;
    await press(scene, 60);
    expect(scene.all('[role=alert]')).to.deep.equal([]);
  });
});

describe('one type of operations', () => {
  const choose = (scene: Scene, type: string): void => {
    const select = scene.all('select')[0] as HTMLSelectElement;
    select.value = type;
    select.dispatchEvent(new Event('change'));
  };

  it('is chosen by its title, and its older ones are asked for alone', async () => {
    const scene = await stage(new Store(130), 20);
    const options = scene.all('option').map(words);
    expect(options).to.deep.equal(['All operations', 'Ping', 'SSH test']);
    choose(scene, 'ping');
    await waitUntil(() => scene.shown() === 10);
    expect(scene.all('.what').every((what) => words(what) === 'Ping')).to.equal(true);
    await press(scene, 26);
    expect(scene.store.asked).to.deep.equal(['limit=50&type=ping']);
    await waitUntil(() => scene.more() === undefined);
    await expect(scene.element).to.be.accessible();
    choose(scene, '');
    await waitUntil(() => scene.shown() === 20);
  });

  it('is set by the page, which then asks nobody', async () => {
    const scene = await stage(new Store(30), 20, 'ping');
    expect(scene.shown()).to.equal(6);
    expect(scene.all('select')).to.deep.equal([]);
    scene.element.type = 'tea_round';
    await waitUntil(() => words(scene.all('.empty')[0]) === 'None of this kind has run here yet.');
  });

  it('is looked for further back where the newest have none', async () => {
    const store = new Store(60);
    const scene = await stage(store, 20);
    store.client.show(...Array.from({ length: 50 }, (_, index) => completed(300 - index, ended)));
    scene.element.type = 'ping';
    await waitUntil(() => words(scene.all('.empty')[0]) === 'None among the newest.');
    await press(scene, 12);
  });

  it('is not asked for where there is only one', async () => {
    const scene = await stage(new Store(4));
    expect(scene.all('.head:not([hidden])')).to.deep.equal([]);
  });
});

describe('the rows of a history', () => {
  it('are gone through by the arrows, Home and End', async () => {
    const scene = await stage(new Store(9));
    const at = (): number => scene.all('.entry').indexOf(scene.element.shadowRoot?.activeElement as HTMLElement);
    scene.all('.entry')[0]?.focus();
    for (const [key, place] of [
      ['ArrowDown', 1],
      ['ArrowDown', 2],
      ['ArrowUp', 1],
      ['End', 8],
      ['ArrowDown', 8],
      ['Home', 0],
    ] as const) {
      await sendKeys({ press: key });
      expect(at(), key).to.equal(place);
    }
  });
});
