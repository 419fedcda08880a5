import type { Operation, Problem, SignalboxClient, Snapshot } from '../../client/contract.js';
import { isActive } from '../../client/index.js';

/** As many rows as the live picture holds: where it has fewer, there are no older ones. */
const pageSize = 50;

type Page = { operations: Operation[]; next: string | null; epoch: string };

function byRank(a: Operation, b: Operation): number {
  return Number(isActive(b)) - Number(isActive(a)) || (a.id < b.id ? 1 : -1);
}

/** The operations before those that are kept live: read page by page, and joined with them. */
export class OlderOperations {
  isReading = false;
  /** Why the last reading brought nothing. */
  problem: Problem | null = null;
  readonly #changed: () => void;
  readonly #rows = new Map<string, Operation>();
  /** What the last page gave as `next`; undefined before the first, null after the last. */
  #next: string | null | undefined;
  #epoch: string | null = null;
  #run = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  forget(): void {
    this.#rows.clear();
    this.#next = undefined;
    this.#run += 1;
    this.isReading = false;
    this.problem = null;
  }

  /** The live rows and the older ones, active ones first, then the newest. */
  with({ operations }: Snapshot): readonly Operation[] {
    if (this.#rows.size === 0) return operations;
    // What leaves the live picture, because newer ones came, stays here.
    for (const operation of operations) this.#rows.set(operation.id, operation);
    return [...this.#rows.values()].sort(byRank);
  }

  /** Whether there may be more than these. */
  hasMore({ operations }: Snapshot): boolean {
    return this.#next !== null && operations.length >= pageSize;
  }

  /** Reads on until something new has come, or all is there. */
  async read(client: SignalboxClient, connection: number, type: string, known: readonly Operation[]): Promise<void> {
    if (this.isReading) return;
    const run = ++this.#run;
    this.isReading = true;
    this.problem = null;
    this.#changed();
    const seen = new Set(known.map(({ id }) => id));
    try {
      let isNews = false;
      while (!isNews && this.#next !== null) {
        const page = await client.request<Page>('GET', this.#address(connection, type));
        if (run !== this.#run) return;
        isNews = page.operations.some(({ id }) => !seen.has(id));
        this.#take(page);
      }
    } catch (error) {
      if (run !== this.#run) return;
      this.problem = error as Problem;
    }
    this.isReading = false;
    this.#changed();
  }

  #address(connection: number, type: string): string {
    const query = new URLSearchParams({ limit: String(pageSize) });
    if (type) query.set('type', type);
    if (this.#next) query.set('before', this.#next);
    return `/connections/${connection}/operations?${query}`;
  }

  /** Another epoch is a restored backup: what was read of the store before it counts no more. */
  #take({ operations, next, epoch }: Page): void {
    if (this.#epoch !== epoch) this.#rows.clear();
    this.#epoch = epoch;
    this.#next = next;
    for (const operation of operations) this.#rows.set(operation.id, operation);
  }
}
