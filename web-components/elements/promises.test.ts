/** What accessibility means here beyond what axe can see, for every element in every state. */
import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import { render } from 'lit';
import { appear, disappear, isFirefox, reduceMotion } from '../testing/states/appearance.js';
import { FakeClient } from '../testing/fake-client.js';
import { completed, failed, restart } from '../testing/operations.js';
import { type PageTime, takePageTime } from '../testing/page-time.js';
import { violations } from '../testing/states/axe.js';
import { everyElement, settled } from '../testing/states/settled.js';
import { states } from '../testing/states/states.js';
import { drawn, subjects } from '../testing/states/subjects.js';
import type { SignalboxButton } from './button/button.js';

const smallestTarget = 24;

/** A fixture would be gone after the first test. */
async function everyState(place: HTMLElement, subject: (typeof subjects)[number]): Promise<HTMLElement[]> {
  document.body.append(place);
  render(
    states().map((state) => drawn(subject, state)),
    place,
  );
  await settled(place);
  return [...place.querySelectorAll<HTMLElement>('[data-state]')];
}

const within = (place: Element, selector: string): Element[] =>
  everyElement(place).filter((element) => element.matches(selector));

const targets = 'button, a[href], input, select, summary, [role=button], [tabindex="0"]';

const isDrawn = (element: Element): boolean => element.getClientRects().length > 0;
const isHidden = (element: Element): boolean => element.closest('.vh, [hidden]') !== null;

/** A link in a sentence may be as high as its line (WCAG 2.5.8), and what a label covers is as large as the label. */
function sizeOf(element: Element): DOMRect {
  const label = element instanceof HTMLInputElement ? element.closest('label') : null;
  return (label ?? element).getBoundingClientRect();
}

describe('axe in these tests', () => {
  it('would notice what is amiss inside of an element', async function notice() {
    // The first time axe itself is loaded.
    this.timeout(60_000);
    const place = await fixture<HTMLElement>(html`<section data-state="broken"><p></p></section>`);
    const root = (place.firstElementChild as HTMLElement).attachShadow({ mode: 'open' });
    root.append(Object.assign(document.createElement('button'), { type: 'button' }));
    const found = await violations(place);
    expect(found.get('broken')?.join()).to.match(/^button-name/);
  });
});

for (const subject of subjects) {
  describe(`${subject.name}, in every state`, () => {
    const whole = document.createElement('div');
    let places: HTMLElement[] = [];

    before(async () => {
      places = await everyState(whole, subject);
    });

    after(() => whole.remove());

    const each = (selector: string, look: (element: Element, state: string) => void): number => {
      const all = places.flatMap((place) =>
        within(place, selector).map((element) => ({ element, state: place.dataset.state ?? '' })),
      );
      for (const { element, state } of all) look(element, state);
      return all.length;
    };

    it('says in a progressbar what is known and no number that is not', () => {
      each('[role=progressbar]', (bar, state) => {
        const unknown = ['pending', 'in progress, nothing known'].includes(state);
        expect(bar.hasAttribute('aria-valuenow'), state).to.equal(!unknown);
        expect(bar.getAttribute('aria-valuetext'), state).to.match(/\S/);
        if (state === 'in progress, in steps') {
          expect(bar.getAttribute('aria-valuetext')).to.equal('Step 4 of 6: Key exchange');
        }
      });
    });

    it('has one polite region at most, and no alert unless something failed', () => {
      for (const place of places) {
        const { state = '' } = place.dataset;
        const speaking = within(place, '[role=alert]').filter(({ textContent }) => textContent.trim() !== '');
        if (state !== 'failed' && state !== 'no access') expect(speaking, state).to.deep.equal([]);
        for (const host of within(place, '*').filter(({ shadowRoot }) => shadowRoot)) {
          const polite = [...(host.shadowRoot?.querySelectorAll('[role=status], [aria-live=polite]') ?? [])];
          expect(polite.length, `${host.localName} while ${state}`).to.be.at.most(1);
        }
      }
    });

    it('gives fingers and mice 24 px', () => {
      each(targets, (control, state) => {
        if (!isDrawn(control) || isHidden(control)) return;
        const { width, height } = sizeOf(control);
        const what = `${control.localName} “${control.textContent.trim().slice(0, 20)}” while ${state}`;
        expect(Math.min(width, height), what).to.be.at.least(smallestTarget);
      });
    });

    it('names each state by a word or a shape, never by a colour alone', () => {
      each('svg.lamp', (lamp, state) => {
        const named = lamp.getAttribute('aria-label') ?? (lamp.getAttribute('aria-hidden') === 'true' ? 'beside' : '');
        expect(named, state).not.to.equal('');
      });
      const shape = (place: Element): string => {
        const [lamp] = within(place, 'svg.lamp');
        return (lamp?.innerHTML ?? '').replace(/<!--.*?-->/g, '').replace(/\s+/g, ' ');
      };
      const told = places.map((place) => {
        const words = [place, ...everyElement(place)].map(({ shadowRoot }) => shadowRoot?.textContent ?? '').join(' ');
        return { state: place.dataset.state ?? '', face: `${shape(place)} ${words}` };
      });
      const differ = (...names: string[]): void => {
        const faces = told.filter(({ state }) => names.includes(state)).map(({ face }) => face);
        expect(new Set(faces).size, names.join(', ')).to.equal(names.length);
      };
      differ('idle', 'reconnecting', 'signed out');
      differ('idle', 'empty', 'no access');
      differ('pending', 'in progress, in steps', 'failed', 'cancelled');
    });

    if (!isFirefox) {
      it('keeps its shapes where colours are forced', async () => {
        await appear('forced-colors');
        each('svg.lamp', (lamp, state) => {
          if (isDrawn(lamp)) expect(getComputedStyle(lamp).color, state).not.to.equal('rgba(0, 0, 0, 0)');
        });
        each('.btn.busy', (button) => expect(getComputedStyle(button).borderStyle).to.equal('dashed'));
        await disappear();
      });

      it('stands still for those who want less motion', async () => {
        await reduceMotion(true);
        await new Promise(requestAnimationFrame);
        const moving = document
          .getAnimations()
          .filter(({ effect }) => Number(effect?.getComputedTiming().duration ?? 0) > 0)
          .map((animation) => (animation.effect as KeyframeEffect).target?.outerHTML);
        expect(moving).to.deep.equal([]);
        await disappear();
      });
    }
  });
}

describe('a restart of five minutes', () => {
  let time: PageTime;
  beforeEach(() => (time = takePageTime()));
  afterEach(() => time.end());

  interface Heard {
    at: number;
    role: string;
    text: string;
  }

  async function listen(element: HTMLElement, run: () => Promise<void>): Promise<Heard[]> {
    const heard: Heard[] = [];
    const began = time.now;
    const regions = everyElement(element.shadowRoot as ShadowRoot).filter((part) =>
      part.matches('[role=status], [role=alert]'),
    );
    const observers = regions.map((region) => {
      const observer = new MutationObserver(() => {
        const text = region.textContent.trim();
        if (text) heard.push({ at: (time.now - began) / 1000, role: region.getAttribute('role') ?? '', text });
      });
      observer.observe(region, { childList: true, characterData: true, subtree: true });
      return observer;
    });
    await run();
    for (const observer of observers) observer.disconnect();
    return heard;
  }

  /** Each second a new revision, each third one a new step. */
  async function live(client: FakeClient, element: SignalboxButton, seconds: number): Promise<void> {
    for (let second = 1; second <= seconds; second += 1) {
      const step = { key: `step-${second % 3}`, title: `Step ${second % 3}`, index: (second % 3) + 1, count: 5 };
      client.show(restart(900, { startedAt: new Date(time.now).toISOString(), step, revision: 4 + second }));
      time.pass(1000);
      await element.updateComplete;
      await Promise.resolve();
    }
  }

  async function stage(): Promise<{ client: FakeClient; button: SignalboxButton }> {
    const client = new FakeClient();
    const provider = await fixture(
      html`<signalbox-provider .client=${client}>
        <signalbox-button connection="1" type="service_restart"></signalbox-button>
      </signalbox-provider>`,
    );
    const button = provider.querySelector('signalbox-button') as SignalboxButton;
    await settled(provider);
    return { client, button };
  }

  const press = async ({ client, button }: { client: FakeClient; button: SignalboxButton }): Promise<void> => {
    client.onStart = () => client.started(restart(900, { status: 'pending' }));
    (button.shadowRoot?.querySelector('.btn') as HTMLButtonElement).click();
    await waitUntil(() => button.shadowRoot?.querySelector('[role=status]')?.textContent !== '');
  };

  it('is read out at most once in ten seconds, its end too', async () => {
    const scene = await stage();
    const heard = await listen(scene.button, async () => {
      await press(scene);
      await live(scene.client, scene.button, 300);
      scene.client.show(completed(900, { type: 'service_restart', revision: 900 }));
      await scene.button.updateComplete;
      time.pass(1000);
      await scene.button.updateComplete;
    });
    expect(heard.map(({ role, text }) => `${role}: ${text}`)).to.deep.equal([
      'status: Restarting…',
      'status: Restarted',
    ]);
  });

  it('lets an end that comes soon wait until ten seconds are over', async () => {
    const scene = await stage();
    const heard = await listen(scene.button, async () => {
      await press(scene);
      scene.client.show(completed(900, { type: 'service_restart', revision: 900 }));
      await scene.button.updateComplete;
      for (let second = 0; second < 12; second += 1) {
        time.pass(1000);
        await scene.button.updateComplete;
        await Promise.resolve();
      }
    });
    expect(heard.map(({ text }) => text)).to.deep.equal(['Restarting…', 'Restarted']);
    expect((heard[1]?.at ?? 0) - (heard[0]?.at ?? 0)).to.be.at.least(10);
    expect(time.waiting.size).to.equal(0);
  });

  it('interrupts with a failure, and only with that', async () => {
    const scene = await stage();
    const heard = await listen(scene.button, async () => {
      await press(scene);
      scene.client.show(failed(900, { type: 'service_restart', revision: 900 }));
      await scene.button.updateComplete;
      await Promise.resolve();
    });
    expect(heard.map(({ role, text }) => `${role}: ${text}`)).to.deep.equal([
      'status: Restarting…',
      'alert: The server refused the password. Correct the password before you retry.',
    ]);
  });

  it('keeps the focus on what was pressed, from its start to its end', async () => {
    const scene = await stage();
    scene.button.focus();
    const inner = scene.button.shadowRoot?.activeElement;
    await press(scene);
    await live(scene.client, scene.button, 5);
    expect(scene.button.shadowRoot?.activeElement).to.equal(inner);
    scene.client.show(failed(900, { type: 'service_restart', revision: 900 }));
    await scene.button.updateComplete;
    expect(scene.button.shadowRoot?.activeElement).to.equal(inner);
    expect(getComputedStyle(inner as Element).outlineStyle).to.equal('solid');
  });
});
