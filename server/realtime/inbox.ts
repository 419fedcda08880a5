/**
 * What has to happen for one socket, strictly one after another. nes works on the messages of a socket side by side: two
 * quick subscribes and an unsubscribe could then leave it subscribed.
 */

type Task = () => Promise<void>;

export class Inbox {
  readonly #onError: (error: unknown) => void;
  #tasks: Task[] = [];
  #running = false;
  #closed = false;

  /** `onError` hears of a task that rejected; the tasks after it still run, unless it closes the inbox. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** How many tasks wait. */
  get length(): number {
    return this.#tasks.length;
  }

  push(task: Task): void {
    if (this.#closed) return;
    this.#tasks.push(task);
    if (!this.#running) void this.#run();
  }

  /** Forgets what waits; the running task ends by itself. */
  close(): void {
    this.#closed = true;
    this.#tasks = [];
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) {
      try {
        await task();
      } catch (error) {
        this.#onError(error);
      }
    }
    this.#running = false;
  }
}
