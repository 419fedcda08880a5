import { report } from './problem.js';

/** Something with listeners, each told on its own: the same function given twice is two, and one's mistake stops no other. */
export abstract class Watched<T> {
  protected readonly watchers = new Set<{ listener: (value: T) => void }>();

  /** What the listeners are told. */
  abstract readonly current: T;

  /** Tells the listener at once and at every change; returns its unbind, which does nothing the second time. */
  watch(listener: (value: T) => void): () => void {
    const watcher = { listener };
    this.watchers.add(watcher);
    listener(this.current);
    return () => void this.watchers.delete(watcher);
  }

  protected tell(): void {
    const value = this.current;
    for (const { listener } of [...this.watchers]) {
      try {
        listener(value);
      } catch (error) {
        report(error);
      }
    }
  }
}
