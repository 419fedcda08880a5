import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { connections } from '../../testing/fleet.js';
import { houseClient } from '../testing/house.js';
import { type Scene, seen, stage, words } from '../testing/stage.js';
import { placesFor } from './places.js';

const titles = (text: string, role: 'admin' | 'operator' | 'viewer' = 'admin'): string[] =>
  placesFor(text, { username: 'mira', role }, connections).map(({ title }) => title);

const found = (scene: Scene): string[] => scene.all('#found [role=option]').map((one) => words(one.children[0]));

async function open(): Promise<Scene> {
  const scene = await stage('#/', houseClient());
  await seen(scene, 'console-search', '/');
  return scene;
}

const type = async (scene: Scene, text: string): Promise<void> => {
  await sendKeys({ press: '/' });
  await sendKeys({ type: text });
  await waitUntil(() => found(scene).length > 0);
};

describe('what the search finds', () => {
  it('finds connections by name, host and platform, and pages, the nearest names first', () => {
    expect(titles('web')).to.deep.equal(['web-11', 'web-12', 'web-13']);
    expect(titles('  WEB 12 ')).to.deep.equal(['web-12']);
    expect(titles('203.0')).to.deep.equal(['edge-07']);
    expect(titles('samovar')).to.deep.equal(['tea-kitchen']);
    expect(titles('dns')).to.deep.equal(['DNS credentials']);
    expect(titles('aud')).to.deep.equal(['Audit trail']);
    expect(titles('linux')).to.have.length(6);
    expect(titles('')).to.deep.equal([]);
    expect(titles('nowhere')).to.deep.equal([]);
  });

  it('offers nobody a page that is not theirs', () => {
    expect(titles('audit', 'operator')).to.deep.equal([]);
    expect(titles('token', 'viewer')).to.deep.equal(['Tokens']);
    expect(titles('add', 'viewer')).to.deep.equal([]);
    expect(titles('add', 'operator')).to.deep.equal(['Add connection']);
  });
});

describe('the console’s search', () => {
  it('is gone to by the slash, chosen in by arrows, and leads to a page by Enter', async () => {
    const scene = await open();
    await type(scene, 'web');
    const input = scene.find<HTMLInputElement>('console-search input');
    expect(document.activeElement).to.equal(input);
    await waitUntil(() => found(scene).join() === 'web-11,web-12,web-13');
    expect(input.getAttribute('aria-expanded')).to.equal('true');
    expect(input.getAttribute('aria-activedescendant')).to.equal('found-0');
    await sendKeys({ press: 'ArrowDown' });
    await waitUntil(() => input.getAttribute('aria-activedescendant') === 'found-1');
    expect(scene.all('#found [aria-selected=true]').map((one) => words(one.children[0]))).to.deep.equal(['web-12']);
    await expect(scene.find('console-search')).to.be.accessible();
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => location.hash === '#/connections/3');
    expect([input.value, found(scene)]).to.deep.equal(['', []]);
  });

  it('goes round at its ends, closes by Escape, and empties by another', async () => {
    const scene = await open();
    await type(scene, 'web');
    const input = scene.find<HTMLInputElement>('console-search input');
    await waitUntil(() => found(scene).length === 3);
    await sendKeys({ press: 'ArrowUp' });
    await waitUntil(() => input.getAttribute('aria-activedescendant') === 'found-2');
    await sendKeys({ press: 'Escape' });
    await waitUntil(() => input.getAttribute('aria-expanded') === 'false');
    expect(input.value).to.equal('web');
    await sendKeys({ press: 'Escape' });
    await waitUntil(() => input.value === '');
  });

  it('says that nothing is called so, and leaves a slash to who writes', async () => {
    const scene = await open();
    await sendKeys({ press: '/' });
    await sendKeys({ type: 'zz/' });
    await waitUntil(() => words(scene.find('console-search [role=status]')) === 'Nothing is called “zz/”.');
    await expect(scene.find('console-search')).to.be.accessible();
  });

  it('leads to a place by a click', async () => {
    const scene = await open();
    await type(scene, 'monit');
    scene.find('#found [role=option]').click();
    await waitUntil(() => location.hash === '#/monitoring');
    await waitUntil(() => document.title === 'Monitoring · Signalbox');
  });
});
