/** One client a page for each server: every provider on it, of every bundle, shares one line and one picture. */
import { createClient } from './client.js';
import type { SignalboxClient } from './contract.js';
import { surroundings, type ClientOptions } from './surroundings.js';

/** How long the line outlives its last user: moving an element in the page takes it out for a moment. */
const GRACE_MS = 5_000;
const REGISTRY = Symbol.for('signalbox.client.v1');

/** The page-wide table. It sits on globalThis, so that two bundles on one page find the same one. */
const page = globalThis as { [REGISTRY]?: Map<string, { client: SignalboxClient; users: number }> };

/**
 * The page's client of this server. The first caller's options count; each caller closes the one that it was given,
 * and the last close ends it.
 */
export function sharedClient(options: ClientOptions): SignalboxClient {
  const { url, after } = surroundings(options);
  const clients = (page[REGISTRY] ??= new Map());
  const entry = clients.get(url) ?? { client: createClient(options), users: 0 };
  clients.set(url, entry);
  entry.users += 1;
  let isOpen = true;
  const end = (): void => {
    if (entry.users > 0 || clients.get(url) !== entry) return;
    clients.delete(url);
    entry.client.close();
  };
  return {
    ...entry.client,
    get state() {
      return entry.client.state;
    },
    close() {
      if (isOpen) entry.users -= 1;
      if (isOpen) after(GRACE_MS, end);
      isOpen = false;
    },
  };
}
