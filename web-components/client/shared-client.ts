/** One client a page for each server: every provider on it, of every bundle, shares one line and one picture. */
import { createClient } from './client.js';
import type { SignalboxClient } from './contract.js';
import { surroundings, type ClientOptions } from './surroundings.js';

/** How long the line outlives its last user: moving an element in the page takes it out for a moment. */
const GRACE_MS = 5_000;
const REGISTRY = Symbol.for('signalbox.client.v1');

interface Entry {
  client: SignalboxClient;
  users: number;
}

/** The page-wide table. It sits on globalThis, so that two bundles on one page find the same one. */
function registry(): Map<string, Entry> {
  const page = globalThis as { [REGISTRY]?: Map<string, Entry> };
  page[REGISTRY] ??= new Map();
  return page[REGISTRY];
}

/**
 * The page's client of this server. The first caller's options count; each caller closes the one that it was given,
 * and the last close ends it.
 */
export function sharedClient(options: ClientOptions): SignalboxClient {
  const around = surroundings(options);
  const clients = registry();
  const entry = clients.get(around.url) ?? { client: createClient(options), users: 0 };
  clients.set(around.url, entry);
  entry.users += 1;
  return handleOf(entry, () => {
    around.setTimer(() => {
      if (entry.users > 0 || clients.get(around.url) !== entry) return;
      clients.delete(around.url);
      entry.client.close();
    }, GRACE_MS);
  });
}

function handleOf(entry: Entry, lastClosed: () => void): SignalboxClient {
  const { client } = entry;
  let open = true;
  return {
    ...client,
    get state() {
      return client.state;
    },
    close() {
      if (!open) return;
      open = false;
      entry.users -= 1;
      if (entry.users === 0) lastClosed();
    },
  };
}
