import type { Surroundings } from './surroundings.js';

interface Told {
  tell(): void;
}

/** Tells what changed once a drawn picture, however many messages came meanwhile. */
export class Gather {
  readonly #around: Pick<Surroundings, 'frame'>;
  readonly #changed = new Set<Told>();

  constructor(around: Pick<Surroundings, 'frame'>) {
    this.#around = around;
  }

  add(told: Told): void {
    if (this.#changed.size === 0) this.#around.frame(() => this.#flush());
    this.#changed.add(told);
  }

  #flush(): void {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const told of changed) told.tell();
  }
}
