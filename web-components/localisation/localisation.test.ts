import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import '../elements/button/define.js';
import '../elements/provider/define.js';
import { clock, duration, timeOfDay } from '../elements/durations.js';
import { when } from '../elements/moments.js';
import type { SignalboxProvider } from '../elements/provider/provider.js';
import { FakeClient } from '../testing/fake-client.js';
import { operation, restart, running, teaRound } from '../testing/operations.js';
import { language, number, percent } from './door.js';
import { pageLanguage } from './page-language.js';
import { plural } from './plural.js';
import { speak } from './speak.js';
import { spokenTag } from './spoken-tag.js';

const settled = async (asked: string): Promise<void> => {
  speak(asked);
  await pageLanguage().turn;
};

interface Scene {
  provider: SignalboxProvider;
  client: FakeClient;
  button: HTMLElement;
  text(): string;
}

async function stage(locale = '', lang?: string): Promise<Scene> {
  const client = new FakeClient();
  const place = await fixture<HTMLElement>(
    html`<div>
      <signalbox-provider locale=${locale} .client=${client}>
        <signalbox-button connection="1" type="service_restart"></signalbox-button>
      </signalbox-provider>
    </div>`,
  );
  if (lang) place.lang = lang;
  const button = place.querySelector('signalbox-button') as HTMLElement;
  const text = (): string => (button.shadowRoot?.textContent ?? '').replace(/\s+/g, ' ').trim();
  return { provider: place.querySelector('signalbox-provider') as SignalboxProvider, client, button, text };
}

const says = (scene: Scene, words: string): Promise<void> =>
  // The words of another language are fetched first, which takes as long as it takes.
  waitUntil(() => scene.text().includes(words), `it says “${words}”`, { timeout: 8_000 }).catch(() => {
    expect(scene.text()).to.contain(words);
  });

describe('the language', () => {
  const before = document.documentElement.lang;

  afterEach(async () => {
    document.documentElement.lang = before;
    await settled('en');
  });

  it('is English, and German where the provider says so', async () => {
    const scene = await stage();
    scene.client.show(restart(1, { estimatedDuration: 0 }));
    await says(scene, 'Restarting… (30 %)');
    scene.client.setState({ phase: 'reconnecting', lastKnownAt: new Date(2026, 10, 22, 21, 49, 40).getTime() });
    await says(scene, 'Reconnecting… last known at 21:49:40');
    scene.provider.locale = 'de';
    await says(scene, 'Verbindung wird wiederhergestellt … zuletzt bekannt um 21:49:40');
    expect(scene.text(), 'what the server wrote is left as it came').to.contain('Restarting… (30 %)');
    scene.provider.locale = 'en';
    await says(scene, 'Reconnecting… last known at 21:49:40');
  });

  it('is the page’s own, and follows it', async () => {
    document.documentElement.lang = 'de-AT';
    const scene = await stage();
    scene.client.show(operation(1, { type: 'service_restart', status: 'pending' }));
    await says(scene, '(wartet)');
    expect(language()).to.equal('de-AT');
    document.documentElement.lang = 'fr';
    await says(scene, '(waiting)');
    expect(language()).to.equal('en-GB');
    document.documentElement.lang = 'en-US';
    await waitUntil(() => language() === 'en-US');
  });

  it('is that of the nearest part of the page that names one', async () => {
    document.documentElement.lang = 'en';
    const scene = await stage('', 'de');
    scene.client.show(operation(1, { type: 'service_restart', status: 'pending' }));
    await says(scene, '(wartet)');
    scene.provider.locale = 'en';
    await says(scene, '(waiting)');
  });

  it('is the one that was asked for last, however fast', async () => {
    for (const tag of ['de', 'en', 'de', 'fr', 'de-CH', 'en-US']) speak(tag);
    await pageLanguage().turn;
    expect(language()).to.equal('en-US');
    for (const tag of ['de', 'en', 'de']) speak(tag);
    await pageLanguage().turn;
    expect(language()).to.equal('de');
    expect(when(new Date(1000).toISOString(), 1000)).to.equal('gerade eben');
  });

  it('is marked where the page around speaks another one, and only there', async () => {
    document.documentElement.lang = 'en';
    const scene = await stage('de');
    await waitUntil(() => scene.button.lang === 'de');
    document.documentElement.lang = 'de';
    scene.provider.locale = 'de-DE';
    await waitUntil(() => !scene.button.hasAttribute('lang'));
    scene.button.lang = 'de';
    scene.provider.locale = 'en';
    await waitUntil(() => language() === 'en-GB');
    expect(scene.button.lang).to.equal('de');
  });

  it('is settled where two providers disagree', async () => {
    document.documentElement.lang = 'en';
    let told = 0;
    const count = (): unknown => told++;
    const [first, second] = [await stage('de'), await stage('en')];
    await pageLanguage().turn;
    await second.provider.updateComplete;
    window.addEventListener('lit-localize-status', count);
    first.button.lang = '';
    await first.provider.updateComplete;
    await new Promise(requestAnimationFrame);
    window.removeEventListener('lit-localize-status', count);
    expect(told).to.equal(0);
    expect(language()).to.equal('en-GB');
  });

  it('is English for what is no language or one that we don’t know', () => {
    const asked = ['', 'fr', 'de', 'de_DE', 'DE-at', 'en', 'en-us', 'deu-nonsense-x', 'not a tag', 'constructor'];
    expect(asked.map(spokenTag)).to.deep.equal([
      'en-GB',
      'en-GB',
      'de',
      'de-DE',
      'de-AT',
      'en-GB',
      'en-US',
      ...['en-GB', 'en-GB', 'en-GB'],
    ]);
  });

  it('asks the type’s question in words of both languages', async () => {
    const scene = await stage('de');
    Object.assign(scene.button, { type: teaRound.type });
    await says(scene, 'Jetzt nicht');
    await says(scene, 'Brew tea for everyone?');
  });

  it('keeps a running element as it was, but for its words', async () => {
    const scene = await stage();
    scene.client.show(running(1, { type: 'service_restart', estimatedDuration: 0 }));
    await says(scene, 'Restarting… (40 %)');
    scene.button.focus();
    const inner = scene.button.shadowRoot?.activeElement;
    scene.provider.locale = 'de';
    await says(scene, '(40 %)');
    expect(scene.button.shadowRoot?.activeElement).to.equal(inner);
    expect(inner).not.to.equal(null);
  });
});

describe('numbers, durations and moments', () => {
  afterEach(() => settled('en'));

  const moment = new Date(2026, 9, 22, 2, 14, 9);
  const at = (ms: number): string => new Date(moment.getTime() - ms).toISOString();
  const day = 24 * 3_600_000;
  const all = (): string[] => [
    ...[number(100_000), number(1.5, 2), percent(60.9), duration(210.4), duration(3290), duration(134_000)],
    ...[clock(0), clock(134_999), clock(3_723_000), clock(-5), timeOfDay(moment.getTime())],
    ...[0, 14 * 60_000, 2 * 3_600_000, 3 * day, 400 * day].map((ms) => when(at(ms), moment.getTime())),
    ...[0, 1, 2].map((count) => plural(count, { one: 'one', other: 'other' })),
  ];

  it('are written as English people do', async () => {
    await settled('en');
    expect(all()).to.deep.equal([
      ...['100,000', '1.50', '60 %', '210 ms', '3.2 s', '2:14'],
      ...['0:00', '2:14', '1:02:03', '0:00', '02:14:09'],
      ...['now', '14 min ago', 'today 00:14', '19 Oct 02:14', '17 Sept 2025'],
      ...['other', 'one', 'other'],
    ]);
  });

  it('are written as German people do', async () => {
    await settled('de');
    expect(all().map((text) => text.replaceAll('\u00a0', ' '))).to.deep.equal([
      ...['100.000', '1,50', '60 %', '210 ms', '3,2 s', '2:14'],
      ...['0:00', '2:14', '1:02:03', '0:00', '02:14:09'],
      ...['gerade eben', 'vor 14 Min.', 'heute 00:14', '19. Okt. 02:14', '17. Sept. 2025'],
      ...['other', 'one', 'other'],
    ]);
  });
});
