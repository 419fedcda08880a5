/** Something that happens once or never; whoever waits later still hears of it, and nobody has to wait. */
export class Milestone<T> {
  readonly promise: Promise<T>;
  #resolve: (value: T) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #open = true;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // A milestone that nobody waits for must not end the process when it is missed.
    this.promise.catch(() => undefined);
  }

  /** Whether it is still to come. */
  get open(): boolean {
    return this.#open;
  }

  reach(value: T): void {
    this.#open = false;
    this.#resolve(value);
  }

  miss(error: Error): void {
    this.#open = false;
    this.#reject(error);
  }
}
