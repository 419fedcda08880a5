import type { PublishedDefinition, SignalboxClient } from '../client/contract.js';
import { Watching, type Host } from '../controllers/watching.js';

type Definitions = readonly PublishedDefinition[];

/** Asks after each time the server comes back, until the answer is there. */
function ask(client: SignalboxClient, take: (definitions: Definitions) => void): () => void {
  let isSettled = false;
  const unbind = client.onState(({ phase }) => {
    if (isSettled || phase === 'signed-out' || phase === 'closed') return;
    isSettled = true;
    client.definitions().then(
      (definitions) => isSettled && take(definitions),
      () => (isSettled = false),
    );
  });
  return () => {
    unbind();
    isSettled = false;
  };
}

/** The published operation types for one host. */
export class DefinitionsController {
  readonly #watching: Watching<Definitions | null>;

  constructor(host: Host) {
    this.#watching = new Watching<Definitions | null>(host, null, () => ({ key: 'types', watch: ask }));
  }

  /** Null until they are known. */
  get all(): Definitions | null {
    return this.#watching.value;
  }

  of(type: string): PublishedDefinition | null {
    return this.all?.find((definition) => definition.type === type) ?? null;
  }
}
