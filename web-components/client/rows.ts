/** The operations of one scope as they are known: merged by revision, put right by snapshots. */
import type { Operation } from './contract.js';

/** The answer of a list route. */
export interface Page {
  operations: Operation[];
  next: string | null;
  epoch: string;
}

export const isActive = (operation: Operation): boolean =>
  operation.status === 'pending' || operation.status === 'in_progress';

/** Active ones first, then the newest: ids are UUIDv7, so their order is that of their making. */
function byRank(a: Operation, b: Operation): number {
  const active = Number(isActive(b)) - Number(isActive(a));
  if (active !== 0) return active;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/** The later revision; the one that is known where they are the same. */
export function newer(known: Operation | undefined, offered: Operation): Operation {
  return known && known.revision >= offered.revision ? known : offered;
}

export class Rows {
  readonly #limit: number;
  #byId = new Map<string, Operation>();
  #epoch: string | null = null;
  #list: readonly Operation[] | null = null;

  /** Holds as many rows as a snapshot does, so that a page that stays open for weeks doesn't grow. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(id: string): Operation | null {
    return this.#byId.get(id) ?? null;
  }

  /** Takes an operation unless this or a later revision of it is held. */
  merge(operation: Operation): boolean {
    const known = this.#byId.get(operation.id);
    if (newer(known, operation) === known) return false;
    this.#byId.set(operation.id, operation);
    this.#list = null;
    return true;
  }

  /** Rows shown as active that this page should hold and does not: only the server knows what became of them. */
  unaccounted(page: Page): Operation[] {
    if (page.next === null || page.epoch !== this.#epoch) return [];
    const listed = new Set(page.operations.map((operation) => operation.id));
    return [...this.#byId.values()].filter((operation) => isActive(operation) && !listed.has(operation.id));
  }

  /**
   * Puts a snapshot in place of what was held. `later` are operations heard of since the snapshot was asked for:
   * they may be newer than it, and may be missing from it. Another epoch means a restored backup: revisions
   * have gone back, and nothing that was held counts. Answers whether that changed anything.
   */
  adopt(page: Page, later: Iterable<Operation>): boolean {
    const known = page.epoch === this.#epoch ? this.#byId : new Map<string, Operation>();
    const next = new Map<string, Operation>();
    for (const operation of [...page.operations, ...later]) {
      next.set(operation.id, newer(next.get(operation.id) ?? known.get(operation.id), operation));
    }
    const same =
      next.size === this.#byId.size && [...next].every(([id, operation]) => this.#byId.get(id) === operation);
    this.#epoch = page.epoch;
    if (same) return false;
    this.#byId = next;
    this.#list = null;
    return true;
  }

  clear(): void {
    this.#byId = new Map();
    this.#epoch = null;
    this.#list = null;
  }

  /** Sorted; the same array until something changes. */
  list(): readonly Operation[] {
    this.#list ??= this.#trimmed();
    return this.#list;
  }

  #trimmed(): readonly Operation[] {
    const sorted = [...this.#byId.values()].sort(byRank);
    for (const operation of sorted.slice(this.#limit)) if (!isActive(operation)) this.#byId.delete(operation.id);
    return sorted.filter((operation) => this.#byId.has(operation.id));
  }
}
