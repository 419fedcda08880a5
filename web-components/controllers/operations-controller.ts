import type { ConnectionState, Operation, Snapshot, StartAnswer } from '../client/contract.js';
import { isActive } from '../client/index.js';
import { pageTicker, type Ticker } from './ticker.js';
import { Watching, type Host } from './watching.js';

const nothing: Snapshot = { operations: [], known: false, problem: null };

/** The operations of one connection, live, for any Lit element: `new OperationsController(this, () => this.connection)`. */
export class OperationsController {
  readonly #watching: Watching<Snapshot>;
  readonly #connection: () => number;

  /** `connection` gives the connection's id; nothing is watched while it is not a whole number from 1. */
  constructor(host: Host, connection: () => number, ticker: Ticker = pageTicker()) {
    this.#connection = connection;
    this.#watching = new Watching(host, nothing, () => {
      const id = connection();
      if (!Number.isSafeInteger(id) || id < 1) return null;
      return {
        key: String(id),
        watch: (client, listener) => client.watchConnection(id, ticker.timed(client, listener)),
      };
    });
  }

  get snapshot(): Snapshot {
    return this.#watching.value;
  }

  /** Active ones first, then the newest. */
  get operations(): readonly Operation[] {
    return this.snapshot.operations;
  }

  get connectionState(): ConnectionState {
    return this.#watching.connectionState;
  }

  /** The one of this type that waits or runs. */
  active(type: string): Operation | null {
    return this.operations.find((operation) => operation.type === type && isActive(operation)) ?? null;
  }

  /** The newest of this type, ended or not. */
  latest(type: string): Operation | null {
    return this.operations.find((operation) => operation.type === type) ?? null;
  }

  async start(type: string, params?: Record<string, unknown>): Promise<StartAnswer> {
    return this.#watching.client.start(this.#connection(), type, params);
  }

  async cancel(operationId: string): Promise<Operation> {
    return this.#watching.client.cancel(this.#connection(), operationId);
  }

  async retry(operationId: string): Promise<StartAnswer> {
    return this.#watching.client.retry(this.#connection(), operationId);
  }
}
