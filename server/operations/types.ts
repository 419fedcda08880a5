/** The operation types that this node knows, by name. */
import type { OperationDefinition, PublishedDefinition } from './contract.js';
import { assertDefinition, publish } from './definition.js';

// A definition's own Params and State matter to its author only; the engine hands over what the type's schema let through.
type AnyDefinition = OperationDefinition<never, never>;

export class OperationTypes {
  readonly #definitions = new Map<string, OperationDefinition>();

  add(candidate: AnyDefinition): OperationDefinition {
    const definition = candidate as unknown as OperationDefinition;
    assertDefinition(definition);
    if (this.#definitions.has(definition.type))
      throw new Error(`${definition.type}: expected one plugin to bring this type, got a second one`);
    this.#definitions.set(definition.type, definition);
    return definition;
  }

  get(type: string): OperationDefinition | undefined {
    return this.#definitions.get(type);
  }

  names(): string[] {
    return [...this.#definitions.keys()];
  }

  resumable(): string[] {
    return this.names().filter((type) => this.#definitions.get(type)?.resumable);
  }

  /** The quickest first: what only looks stands before what interrupts, wherever they are listed. */
  published(): PublishedDefinition[] {
    const all = [...this.#definitions.values()].map(publish);
    return all.sort((a, b) => a.estimatedDuration - b.estimatedDuration);
  }
}
