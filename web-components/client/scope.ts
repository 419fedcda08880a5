/** The operations of one connection, or of the fleet, kept equal to the store. */
import type { Operation, OperationEvent, Snapshot } from './contract.js';
import { Feed } from './feed.js';
import type { Line } from './line.js';

/** The answer of a list route. */
type Page = { operations: Operation[]; epoch: string };

/** Of a token for widgets: as many as a fleet is made of, while the others in the page need some too. */
const MOST_TOPICS = 50;

export const isActive = ({ status }: Operation): boolean => status === 'pending' || status === 'in_progress';

/** Active ones first, then the newest: ids are UUIDv7, so their order is that of their making. */
function byRank(a: Operation, b: Operation): number {
  return Number(isActive(b)) - Number(isActive(a)) || (a.id < b.id ? 1 : -1);
}

export class Scope extends Feed<Snapshot> {
  readonly #limit: number;
  readonly #rows = new Map<string, Operation>();
  /** Heard since the reading under way was asked for: its answer may not hold them yet. */
  readonly #heard = new Set<string>();
  /** Of the answer that the rows still equal. */
  #etag: string | null = null;

  /** Holds as many rows as one page, so that what stays open for weeks doesn't grow. */
  constructor(line: Line, path: string, limit: number) {
    super(line, path);
    this.#limit = limit;
  }

  override get current(): Snapshot {
    const operations = [...this.#rows.values()].sort(byRank);
    for (const { id } of operations.splice(this.#limit)) this.#rows.delete(id);
    return { operations, ...this.facts };
  }

  /** A token that is bound to types hears a connection type by type, one that is bound to connections a fleet one by one. */
  protected override get wanted(): readonly string[] {
    const bounds = this.line.http.bounds();
    if (!bounds) return [this.path];
    const { connections, operations } = bounds;
    const isFleet = this.path === '/operations';
    const paths = isFleet ? connections.map((id) => `/connections/${id}/operations`) : [this.path];
    const topics = paths.flatMap((path) => operations?.map((type) => `${path}/${type}`) ?? [path]);
    return topics.length > MOST_TOPICS ? [] : topics;
  }

  override receive(message: unknown): void {
    const { operation } = message as OperationEvent;
    if (!this.#merge(operation)) return;
    this.#heard.add(operation.id);
    this.#etag = null;
    this.changed();
  }

  override forget(): boolean {
    const isHeld = this.#rows.size > 0;
    this.#rows.clear();
    this.#etag = null;
    return isHeld;
  }

  protected override async read(signal: AbortSignal): Promise<void> {
    this.#heard.clear();
    const headers: Record<string, string> = this.#etag === null ? {} : { 'if-none-match': this.#etag };
    const address = `${this.path}?limit=${this.#limit}`;
    const { status, etag, body } = await this.line.http.send('GET', address, { headers, signal });
    if (status === 304) return;
    const { operations, epoch } = body as Page;
    this.line.seen(epoch);
    if (signal.aborted) return;
    const kept = new Set([...this.#heard, ...operations.map(({ id }) => id)]);
    for (const id of [...this.#rows.keys()]) if (!kept.has(id)) this.#rows.delete(id);
    for (const operation of operations) this.#merge(operation);
    this.#etag = this.#heard.size === 0 ? etag : null;
    this.changed();
  }

  /** Takes an operation unless this or a later revision of it is held. */
  #merge(operation: Operation): boolean {
    const isNews = operation.revision > (this.#rows.get(operation.id)?.revision ?? -1);
    if (isNews) this.#rows.set(operation.id, operation);
    return isNews;
  }
}
