import type { ConnectionState } from '../client/contract.js';
import type { KnownLog } from '../client/log.js';
import { Watching, type Host } from './watching.js';

const nothing: KnownLog = { lines: [], known: false };

/** The lines of one operation's log, live. */
export class LogController {
  readonly #watching: Watching<KnownLog>;

  /** `target` names the operation; nothing is watched while it is null. */
  constructor(host: Host, target: () => { connection: number; operation: string } | null) {
    this.#watching = new Watching(host, nothing, () => {
      const wanted = target();
      if (!wanted) return null;
      const { connection, operation } = wanted;
      return {
        key: `${connection}/${operation}`,
        watch: (client, listener) => client.watchLog(connection, operation, listener),
      };
    });
  }

  get log(): KnownLog {
    return this.#watching.value;
  }

  get connectionState(): ConnectionState {
    return this.#watching.connectionState;
  }
}
