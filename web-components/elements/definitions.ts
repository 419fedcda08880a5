import type { ReactiveControllerHost } from 'lit';
import type { PublishedDefinition, SignalboxClient } from '../client/contract.js';
import { ClientAttachment } from './client-attachment.js';

/** The published operation types for one host; asked again after each time the server comes back, until they are known. */
export class DefinitionsController {
  all: readonly PublishedDefinition[] | null = null;
  readonly #host: ReactiveControllerHost;
  #asking = false;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    new ClientAttachment(host, (client) => client.onState(() => void this.#ask(client)));
  }

  of(type: string): PublishedDefinition | null {
    return this.all?.find((definition) => definition.type === type) ?? null;
  }

  async #ask(client: SignalboxClient): Promise<void> {
    if (this.all || this.#asking || client.state.phase === 'signed-out' || client.state.phase === 'closed') return;
    this.#asking = true;
    this.all = await client.definitions().catch(() => null);
    this.#asking = false;
    this.#host.requestUpdate();
  }
}
