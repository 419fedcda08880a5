import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Connection } from '../../server/connections/contract.js';
import { consume } from '../context/context.js';
import { connectionsContext, type KnownConnections } from './connections.js';

/** The connection that a host shows, as far as it is known. */
export class ConnectionController implements ReactiveController {
  value: Connection | null = null;
  readonly #host: ReactiveControllerHost;
  readonly #id: () => number;
  #known: KnownConnections | null = null;
  #watched: { id: number; known: KnownConnections; stop: () => void } | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement, id: () => number) {
    this.#host = host;
    this.#id = id;
    host.addController(this);
    consume(host, connectionsContext, (known) => {
      this.#known = known ?? null;
      this.#follow();
    });
  }

  /** Whether the caller is known to be allowed to look only. */
  get looksOnly(): boolean {
    return this.value?.role === 'viewer';
  }

  refresh(): Promise<void> {
    return this.#known?.refresh(this.#id()) ?? Promise.resolve();
  }

  hostUpdate(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#leave();
    this.#known = null;
  }

  #follow(): void {
    const id = this.#id();
    if (this.#watched?.id === id && this.#watched.known === this.#known) return;
    this.#leave();
    if (this.#known && id > 0) this.#watched = { id, known: this.#known, stop: this.#known.watch(id, this.#take) };
  }

  #leave(): void {
    this.#watched?.stop();
    this.#watched = null;
    this.value = null;
  }

  readonly #take = (connection: Connection | null): void => {
    this.value = connection;
    this.#host.requestUpdate();
  };
}
