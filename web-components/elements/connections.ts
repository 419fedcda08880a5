import type { Connection } from '../../server/connections/contract.js';
import type { SignalboxClient } from '../client/contract.js';
import type { Context } from '../context/context.js';

type Listener = (connection: Connection | null) => void;

interface Entry {
  value: Connection | null;
  listeners: Set<Listener>;
}

/** What is known of each connection (its name, the caller's role), asked once a page however many elements want it. */
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
    try {
      this.#tell(entry, await this.#client.request<Connection>('GET', `/connections/${id}`));
    } catch {
      this.#forget(id, entry);
    }
  }

  #open(id: number): Entry {
    const entry: Entry = { value: null, listeners: new Set() };
    this.#entries.set(id, entry);
    void this.refresh(id);
    return entry;
  }

  /** An answer that did not come leaves the role unknown; the server refuses what is not allowed anyway. */
  #forget(id: number, entry: Entry): void {
    this.#entries.delete(id);
    this.#tell(entry, null);
  }

  #tell(entry: Entry, value: Connection | null): void {
    entry.value = value;
    for (const listener of entry.listeners) listener(value);
  }
}

export const connectionsContext = Symbol.for('signalbox.connections.v1') as Context<KnownConnections>;
