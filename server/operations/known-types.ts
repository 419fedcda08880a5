/** The types of operations that this node has shown or told of lately: a subscription to a log names only the id. */

const MOST = 20_000;

export class KnownTypes {
  readonly #types = new Map<string, string>();
  readonly #most: number;

  constructor(most = MOST) {
    this.#most = most;
  }

  learn(operationId: string, type: string): void {
    this.#types.delete(operationId);
    this.#types.set(operationId, type);
    if (this.#types.size <= this.#most) return;
    const [oldest] = this.#types.keys();
    if (oldest !== undefined) this.#types.delete(oldest);
  }

  /** Null where it is not known; it is learnt again when the operation is read or changes. */
  of(operationId: string): string | null {
    return this.#types.get(operationId) ?? null;
  }
}
