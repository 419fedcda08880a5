import type { Connection } from '../../server/connections/contract.js';
import { Watching, type Host } from '../controllers/watching.js';
import { knownConnections } from './connections.js';

/** The connection that a host shows, as far as it is known. */
export class ConnectionController {
  readonly #watching: Watching<Connection | null>;
  readonly #id: () => number;

  constructor(host: Host, id: () => number) {
    this.#id = id;
    this.#watching = new Watching<Connection | null>(host, null, () => {
      const wanted = id();
      if (!(wanted > 0)) return null;
      return { key: String(wanted), watch: (client, take) => knownConnections(client).watch(wanted, take) };
    });
  }

  get value(): Connection | null {
    return this.#watching.value;
  }

  /** Whether the caller is known to be allowed to look only. */
  get looksOnly(): boolean {
    return this.value?.role === 'viewer';
  }

  async refresh(): Promise<void> {
    const client = this.#watching.attached;
    if (client) await knownConnections(client).refresh(this.#id());
  }
}
