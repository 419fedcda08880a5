import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { SignalboxClient } from '../client/contract.js';
import { clientContext } from '../context/client-context.js';
import { consume } from '../context/context.js';

/** Runs `attach` whenever the host is in the page and has a client, and undoes it when either ends. */
export class ClientAttachment implements ReactiveController {
  client: SignalboxClient | null = null;
  readonly #attach: (client: SignalboxClient) => () => void;
  #detach: (() => void) | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement, attach: (client: SignalboxClient) => () => void) {
    this.#attach = attach;
    host.addController(this);
    consume(host, clientContext, (client) => this.#take(client ?? null));
  }

  hostDisconnected(): void {
    this.#take(null);
  }

  #take(client: SignalboxClient | null): void {
    if (client === this.client) return;
    this.#detach?.();
    this.client = client;
    this.#detach = client ? this.#attach(client) : null;
  }
}
