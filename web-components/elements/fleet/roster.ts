import type { Connection } from '../../../server/connections/contract.js';
import type { Problem, SignalboxClient } from '../../client/contract.js';

/** How often connections that others added or removed are looked for: the feed tells of operations only. */
const lookAgainMs = 10_000;
/** The longer the list, the rarer it is read. */
const perConnectionMs = 30;

/** The connections that the caller may see, read again from time to time while the page is seen. */
export class Roster {
  readonly #client: SignalboxClient;
  readonly #take: (connections: readonly Connection[] | null, problem: Problem | null) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;
  #reading = 0;

  constructor(
    client: SignalboxClient,
    take: (connections: readonly Connection[] | null, problem: Problem | null) => void,
  ) {
    this.#client = client;
    this.#take = take;
  }

  async read(): Promise<void> {
    const reading = ++this.#reading;
    let delayMs = lookAgainMs;
    try {
      const { connections } = await this.#client.request<{ connections: Connection[] }>('GET', '/connections');
      if (this.#isOver || reading !== this.#reading) return;
      delayMs = Math.max(delayMs, connections.length * perConnectionMs);
      this.#take(connections, null);
    } catch (error) {
      if (this.#isOver || reading !== this.#reading) return;
      this.#take(null, error as Problem);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#again(), delayMs);
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#seen);
  }

  #again(): void {
    if (document.hidden) document.addEventListener('visibilitychange', this.#seen);
    else void this.read();
  }

  readonly #seen = (): void => {
    if (document.hidden) return;
    document.removeEventListener('visibilitychange', this.#seen);
    void this.read();
  };
}
