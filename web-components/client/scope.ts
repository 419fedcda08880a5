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
  #etag: string | null = null;
  #later: Map<string, Operation> | null = null;

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
      const headers = this.#etag === null ? {} : { 'if-none-match': this.#etag };
      const answer = await this.desk.http.send<Page>('GET', this.#address, { headers });
      if (outdated()) return;
      if (answer.body) await this.#adopt(answer.body, answer.etag, outdated);
    } catch (error) {
      if (outdated()) return;
      if (!isRefusal(error)) throw error;
      this.#refuse(error);
    }
    if (!outdated()) this.#done();
  }

  protected override clear(): void {
    this.#rows.clear();
    this.#etag = null;
    this.#problem = null;
  }

  async #adopt(page: Page, etag: string | null, outdated: () => boolean): Promise<void> {
    const missing = this.#rows.unaccounted(page);
    const found = await Promise.all(missing.map((operation) => this.#look(operation)));
    if (outdated()) return;
    const checked = found.filter((operation) => operation !== null);
    this.#rows.adopt(page, [...checked, ...(this.#later?.values() ?? [])]);
    this.#etag = etag;
    this.desk.epochSeen(page.epoch);
    if (this.#problem) this.granted();
    this.#problem = null;
    this.restUntil = 0;
    this.changed();
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
