import { report } from './problem.js';

/** Listeners, each told on its own: the same function given twice is two of them, and one's mistake stops no other. */
export class Watchers<T> {
  readonly #listeners = new Set<{ listener: (value: T) => void }>();

  get size(): number {
    return this.#listeners.size;
  }

  /** Returns its unbind, which does nothing the second time. */
  add(listener: (value: T) => void): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  tell(value: T): void {
    for (const entry of [...this.#listeners]) {
      try {
        entry.listener(value);
      } catch (error) {
        report(error);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
