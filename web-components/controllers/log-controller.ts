import type { ConnectionState, LogSnapshot } from '../client/contract.js';
import { Watching, type Host } from './watching.js';

const nothing: LogSnapshot = { lines: [], known: false, problem: null };

/** The lines of one operation's log, live. */
export class LogController {
  readonly #watching: Watching<LogSnapshot>;

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

  get log(): LogSnapshot {
    return this.#watching.value;
  }

  get connectionState(): ConnectionState {
    return this.#watching.connectionState;
  }
}
