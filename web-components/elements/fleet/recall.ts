import type { Operation, SignalboxClient } from '../../client/contract.js';
import type { FleetStore } from './fleet-store.js';

/** As many as one answer holds. */
const page = 200;
/** Of one connection: enough for the newest of each type. */
const few = 20;
/** Requests at once; the page's own come first. */
const atOnce = 4;

type Answer = { operations: Operation[]; next: string | null };

/**
 * What the feed's newest operations do not tell of a large fleet: failures that lie further back, and the last operation of the
 * quiet connections that somebody looks at. Nothing is asked where the feed holds everything.
 */
export class Recall {
  readonly #client: SignalboxClient;
  readonly #store: FleetStore;
  readonly #told: () => void;
  #visible: ReadonlySet<number> = new Set();
  #asked = new Set<number>();
  #queue: (() => Promise<void>)[] = [];
  #running = 0;
  #run = 0;

  constructor(client: SignalboxClient, store: FleetStore, told: () => void) {
    this.#client = client;
    this.#store = store;
    this.#told = told;
  }

  /** The feed was read: it holds everything, or it has to be asked what it left out. */
  begin(): void {
    this.forget();
    this.#add(() => this.#failures());
    for (const id of this.#visible) this.#ask(id);
  }

  /** Nothing that was asked counts any more. */
  forget(): void {
    this.#run += 1;
    this.#queue = [];
    this.#asked = new Set();
  }

  /** The connections whose rows are seen now. */
  see(ids: ReadonlySet<number>): void {
    this.#visible = ids;
    for (const id of ids) this.#ask(id);
  }

  #ask(id: number): void {
    if (this.#store.isWhole || this.#asked.has(id) || this.#store.operations(id)) return;
    this.#asked.add(id);
    this.#add(() => this.#ofConnection(id));
  }

  async #ofConnection(id: number): Promise<void> {
    const answer = await this.#read(`/connections/${id}/operations?limit=${few}`);
    this.#store.takeOperations(answer.operations);
    if (answer.next === null) this.#store.whole(id);
  }

  /** A failure counts while nothing newer of its type ran there, which only the connection itself can tell. */
  async #failures(): Promise<void> {
    const { operations } = await this.#read(`/operations?status=failed&limit=${page}`);
    const asked = new Set<string>();
    for (const { connectionId, type, id } of operations) {
      const key = `${connectionId} ${type}`;
      const known = this.#store.operations(connectionId)?.get(type);
      if (asked.has(key) || (known && known.id >= id)) continue;
      asked.add(key);
      this.#add(async () => {
        const path = `/connections/${connectionId}/operations?type=${encodeURIComponent(type)}&limit=1`;
        this.#store.takeOperations((await this.#read(path)).operations);
      });
    }
  }

  #read(path: string): Promise<Answer> {
    return this.#client.request<Answer>('GET', path);
  }

  #add(task: () => Promise<void>): void {
    this.#queue.push(task);
    this.#next();
  }

  #next(): void {
    if (this.#running >= atOnce) return;
    const task = this.#queue.shift();
    if (task) void this.#do(task, this.#run);
  }

  /** An answer that does not come leaves the row as it says itself: nothing recent. */
  async #do(task: () => Promise<void>, run: number): Promise<void> {
    this.#running += 1;
    await task().catch(() => undefined);
    this.#running -= 1;
    if (run === this.#run) this.#told();
    this.#next();
  }
}
