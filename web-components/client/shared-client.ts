/** One client a page for each server and user: every provider on it, of every bundle, shares one line and one picture. */
import { createClient } from './client.js';
import type { SignalboxClient } from './contract.js';
import { surroundings, type ClientOptions, type Surroundings } from './surroundings.js';

/** How long the line outlives its last user: moving an element in the page takes it out for a moment. */
const GRACE_MS = 5_000;
const REGISTRY = Symbol.for('signalbox.client.v1');

type Entry = { client: SignalboxClient; users: number; after: Surroundings['after'] };

/** The page-wide table. It sits on globalThis, so that two bundles on one page find the same one. */
const page = globalThis as { [REGISTRY]?: Map<string, Entry> };

/**
 * The page's client of this server and user. The first caller's options count; each caller closes the one that it was given,
 * and the last close ends it.
 */
export function sharedClient(options: ClientOptions): SignalboxClient {
  const { url, user = '', after } = surroundings(options);
  const clients = (page[REGISTRY] ??= new Map());
  const key = `${url} ${user}`;
  const entry = clients.get(key) ?? { client: createClient(options), users: 0, after };
  clients.set(key, entry);
  entry.users += 1;
  let isOpen = true;
  const end = (): void => {
    if (entry.users > 0 || clients.get(key) !== entry) return;
    clients.delete(key);
    entry.client.close();
  };
  return {
    ...entry.client,
    get state() {
      return entry.client.state;
    },
    close() {
      if (isOpen) entry.users -= 1;
      if (isOpen) entry.after(GRACE_MS, end);
      isOpen = false;
    },
  };
}
