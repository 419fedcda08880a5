/** The operations of one connection, or of the fleet, kept equal to the store. */
import type { Operation, OperationEvent, Problem, Snapshot } from './contract.js';
import { Feed, type Desk } from './feed.js';
import { RequestProblem } from './problem.js';
import { newer, Rows, type Page } from './rows.js';

/** How seldom something is asked for that cannot be read: it may be granted again. */
export const REFUSED_REST_MS = 60_000;

export const connectionPath = (connectionId: number): string => `/connections/${connectionId}/operations`;
export const FLEET_PATH = '/operations';

export function operationPath(connectionId: number, operationId: string): string {
  return `${connectionPath(connectionId)}/${encodeURIComponent(operationId)}`;
}

/** Whether the answer says that the caller may not read this, now and at the next try alike. */
export const isRefusal = (error: unknown): error is RequestProblem =>
  error instanceof RequestProblem && (error.status === 404 || error.status === 403);

/** What a scope needs beside what every feed needs. */
export interface ScopeDesk extends Desk {
  /** Each snapshot says which history of the store it belongs to. */
  epochSeen(epoch: string): void;
}

export class Scope extends Feed<Snapshot> {
  declare protected readonly desk: ScopeDesk;
  readonly #rows: Rows;
  readonly #address: string;
  #problem: Problem | null = null;
  /** The last answer, for when the server says that it is still the same. */
  #last: { page: Page; etag: string | null } | null = null;
  #later: Map<string, Operation> | null = null;
  #epoch: string | null = null;

  constructor(desk: ScopeDesk, path: string, limit: number) {
    super(desk, path);
    this.#rows = new Rows(limit);
    this.#address = `${path}?limit=${limit}`;
  }

  override snapshot(): Snapshot {
    return { operations: this.#rows.list(), known: this.known, problem: this.#problem };
  }

  override receive(message: unknown): void {
    this.merge((message as OperationEvent).operation);
  }

  get(operationId: string): Operation | null {
    return this.#rows.get(operationId);
  }

  /** Takes an operation that came outside of a snapshot. */
  merge(operation: Operation): void {
    this.#later?.set(operation.id, newer(this.#later.get(operation.id), operation));
    if (this.#rows.merge(operation)) this.changed();
  }

  protected override begin(): void {
    this.#later = new Map();
  }

  protected override async read(outdated: () => boolean): Promise<void> {
    try {
      const etag = this.#last?.etag ?? null;
      const headers: Record<string, string> = etag === null ? {} : { 'if-none-match': etag };
      const answer = await this.desk.http.send<Page>('GET', this.#address, { headers });
      if (outdated()) return;
      const page = answer.body ?? this.#last?.page;
      if (page && this.#isDoubtful(page)) return await this.read(outdated);
      if (page) await this.#adopt(page, answer.etag ?? etag, outdated);
    } catch (error) {
      if (outdated()) return;
      if (!isRefusal(error)) throw error;
      this.#refuse(error);
    }
    if (!outdated()) this.#done();
  }

  protected override clear(): void {
    this.#rows.clear();
    this.#last = null;
    this.#problem = null;
  }

  async #adopt(page: Page, etag: string | null, outdated: () => boolean): Promise<void> {
    const missing = this.#rows.unaccounted(page);
    const found = await Promise.all(missing.map((operation) => this.#look(operation)));
    if (outdated()) return;
    const checked = found.filter((operation) => operation !== null);
    const changed = this.#rows.adopt(page, [...checked, ...(this.#later?.values() ?? [])]);
    this.#last = { page, etag };
    this.restUntil = 0;
    this.desk.epochSeen(page.epoch);
    if (this.#problem) this.granted();
    else if (!changed && this.known) return;
    this.#problem = null;
    this.changed();
  }

  /**
   * Whether what was heard meanwhile may be of another history than the answer: revisions of two histories cannot be
   * compared. An answer that is asked for from here on is newer than all of it.
   */
  #isDoubtful(page: Page): boolean {
    const expected = this.#epoch;
    this.#epoch = page.epoch;
    if (page.epoch === expected || !this.#later?.size) return false;
    this.#later.clear();
    return true;
  }

  #done(): void {
    this.known = true;
    this.#later = null;
  }

  /** What became of one operation; null where it is no longer there. */
  async #look(operation: Operation): Promise<Operation | null> {
    try {
      const { connectionId, id } = operation;
      return await this.desk.http.request<Operation>('GET', operationPath(connectionId, id));
    } catch (error) {
      if (isRefusal(error)) return null;
      throw error;
    }
  }

  #refuse(problem: RequestProblem): void {
    this.clear();
    this.#problem = problem;
    this.restUntil = this.desk.around.now() + REFUSED_REST_MS;
    this.changed();
  }
}
