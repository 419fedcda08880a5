import type { ConnectionState, Operation, Snapshot } from '../client/contract.js';
import { pageTicker, type Ticker } from './ticker.js';
import { Watching, type Host } from './watching.js';

const nothing: Snapshot = { operations: [], known: false, problem: null };

/** The operations of every connection that the caller may see, live. */
export class FleetController {
  readonly #watching: Watching<Snapshot>;

  constructor(host: Host, ticker: Ticker = pageTicker()) {
    this.#watching = new Watching(host, nothing, () => ({
      key: 'fleet',
      watch: (client, listener) => client.watchFleet(ticker.timed(client, listener)),
    }));
  }

  get snapshot(): Snapshot {
    return this.#watching.value;
  }

  get operations(): readonly Operation[] {
    return this.snapshot.operations;
  }

  get connectionState(): ConnectionState {
    return this.#watching.connectionState;
  }
}
