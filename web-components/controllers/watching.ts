import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { RequestProblem } from '../client/index.js';
import type { ConnectionState, SignalboxClient } from '../client/contract.js';
import { clientContext } from '../context/client-context.js';
import { consume } from '../context/context.js';

export type Host = ReactiveControllerHost & HTMLElement;

/** What a host wants to watch. Another `key` is another thing. */
export interface Source<S> {
  key: string;
  watch(client: SignalboxClient, listener: (value: S) => void): () => void;
}

const unconnected: ConnectionState = { phase: 'connecting', lastKnownAt: null };

/** Watches one thing of the client for as long as its host is in the page, and updates the host when it changes. */
export class Watching<S> implements ReactiveController {
  readonly #host: Host;
  readonly #source: () => Source<S> | null;
  readonly #empty: S;
  /** Only while the host is in the page. */
  #client: SignalboxClient | null = null;
  #key: string | null = null;
  #value: S;
  #unbind: (() => void) | null = null;
  #unbindState: (() => void) | null = null;
  #quiet = false;

  constructor(host: Host, empty: S, source: () => Source<S> | null) {
    this.#host = host;
    this.#empty = empty;
    this.#value = empty;
    this.#source = source;
    host.addController(this);
    consume(host, clientContext, (client) => this.#take(client ?? null));
  }

  /** What is known now, of what the host wants now. */
  get value(): S {
    this.#follow();
    return this.#value;
  }

  get connectionState(): ConnectionState {
    return this.#client?.state ?? unconnected;
  }

  /** The client where there is one. */
  get attached(): SignalboxClient | null {
    return this.#client;
  }

  /** The client, for what an element asks of it; throws a Problem where no provider is around. */
  get client(): SignalboxClient {
    if (this.#client) return this.#client;
    throw new RequestProblem({
      status: 0,
      code: 'NO_PROVIDER',
      message: 'There is no client.',
      hint: 'Put the element inside a signalbox-provider.',
    });
  }

  hostUpdate(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#take(null);
  }

  #take(client: SignalboxClient | null): void {
    if (client === this.#client) return;
    this.#unbind?.();
    this.#unbindState?.();
    this.#unbind = null;
    this.#key = null;
    this.#client = client;
    this.#unbindState = client && this.#told(() => client.onState(() => this.#changed()));
    this.#follow();
  }

  /** Binds to what the host wants now, where that is another thing than before. */
  #follow(): void {
    const client = this.#client;
    const source = client && this.#source();
    const key = source?.key ?? null;
    if (key === this.#key) return;
    this.#unbind?.();
    this.#key = key;
    this.#value = this.#empty;
    this.#unbind = client && source && this.#told(() => source.watch(client, (value) => this.#show(value)));
  }

  /** A watch tells at once: that is what the host is about to draw, and no reason to draw again. */
  #told(watch: () => () => void): () => void {
    this.#quiet = true;
    try {
      return watch();
    } finally {
      this.#quiet = false;
    }
  }

  #show(value: S): void {
    this.#value = value;
    this.#changed();
  }

  #changed(): void {
    if (!this.#quiet) this.#host.requestUpdate();
  }
}
