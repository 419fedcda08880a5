/** The whole console before a test's own server, at an address. */
import { fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import '../main.js';
import { fleetClient } from '../../testing/fleet.js';
import type { FakeClient } from '../../testing/fake-client.js';
import type { ConsoleApp } from '../app.js';

/** A part of the console that comes later is many files in a test. */
const SLOW_MS = 5_000;

export const words = (element: Element | null | undefined): string =>
  (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

export interface Scene {
  app: ConsoleApp;
  client: FakeClient;
  find<E extends HTMLElement>(selector: string): E;
  all(selector: string): HTMLElement[];
  go(hash: string): Promise<void>;
  fill(values: Record<string, string>): void;
}

export async function stage(
  hash: string,
  client = fleetClient(),
  role: 'admin' | 'operator' | 'viewer' = 'admin',
): Promise<Scene> {
  history.replaceState(null, '', hash);
  const user = { username: 'mira', role };
  const app = await fixture<ConsoleApp>(html`<signalbox-console .client=${client} .user=${user}></signalbox-console>`);
  const all = (selector: string): HTMLElement[] => [...app.querySelectorAll<HTMLElement>(selector)];
  const find = <E extends HTMLElement>(selector: string): E => all(selector)[0] as E;
  const go = async (to: string): Promise<void> => {
    const moved = oneEvent(window, 'hashchange');
    location.hash = to;
    await moved;
    await app.updateComplete;
  };
  const fill = (values: Record<string, string>): void => {
    for (const [name, value] of Object.entries(values)) find<HTMLInputElement>(`main [name=${name}]`).value = value;
  };
  return { app, client, find, all, go, fill };
}

export const heading = (scene: Scene, text: string): Promise<void> =>
  waitUntil(() => words(scene.find('h1')) === text, `the heading is “${text}”`, { timeout: SLOW_MS });

/** Waits for what a part of the console shows that comes later. */
export const seen = (scene: Scene, selector: string, text = ''): Promise<void> =>
  waitUntil(() => scene.all(selector).some((one) => words(one).includes(text)), `${selector} shows “${text}”`, {
    timeout: SLOW_MS,
  });
