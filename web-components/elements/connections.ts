import type { Connection } from '../../server/connections/contract.js';
import type { SignalboxClient } from '../client/contract.js';

type Listener = (connection: Connection | null) => void;

interface Entry {
  value: Connection | null;
  listeners: Set<Listener>;
}

/** What is known of each connection (its name, the caller's role), asked once however many elements want it. */
export class KnownConnections {
  readonly #client: SignalboxClient;
  readonly #entries = new Map<number, Entry>();

  constructor(client: SignalboxClient) {
    this.#client = client;
  }

  /** Tells at once what is known, and again when it changes; null: not known, or not to be seen. */
  watch(id: number, listener: Listener): () => void {
    const entry = this.#entries.get(id) ?? this.#open(id);
    entry.listeners.add(listener);
    listener(entry.value);
    return () => void entry.listeners.delete(listener);
  }

  /** Asks anew: after an edit, and where an answer shows that a right was lost. */
  async refresh(id: number): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.value = await this.#client.request<Connection>('GET', `/connections/${id}`).catch(() => null);
    // An answer that did not come leaves the role unknown, and is asked for again by who comes next.
    if (!entry.value) this.#entries.delete(id);
    for (const listener of entry.listeners) listener(entry.value);
  }

  #open(id: number): Entry {
    const entry: Entry = { value: null, listeners: new Set() };
    this.#entries.set(id, entry);
    void this.refresh(id);
    return entry;
  }
}

const KNOWN = Symbol.for('signalbox.connections.v1');

/** Those of a client. The table sits on globalThis, so that two bundles on one page ask once. */
export function knownConnections(client: SignalboxClient): KnownConnections {
  const page = globalThis as { [KNOWN]?: WeakMap<SignalboxClient, KnownConnections> };
  const known = (page[KNOWN] ??= new WeakMap());
  if (!known.has(client)) known.set(client, new KnownConnections(client));
  return known.get(client) as KnownConnections;
}
