/** What was stored, handed to whoever shows it: only rows that the database returned come in here. */
import type { LogChunk, LogLine, OperationEvent } from './contract.js';
import { Latest } from './latest.js';
import { eventOf, fromRow, type OperationRow } from './row.js';
import type { OperationTypes } from './types.js';

/** Which log. */
export interface LogName {
  connectionId: number;
  operationId: string;
}

export interface LoggedLines extends LogName {
  chunk: LogChunk;
}

export interface PublicationListener {
  /** What this node stored: each write, once. */
  changed?(events: OperationEvent[]): void;
  /** What any node stored. May skip revisions of an operation, and never goes back or tells one twice. */
  seen?(events: OperationEvent[]): void;
  /** Lines that any node stored: each once, in order. */
  logged?(lines: LoggedLines): void;
  /** Whether it has a use for the lines of this log now. */
  reads?(log: LogName): boolean;
  /** Every log whose lines it has a use for now, as its readers name them: they may be wrong. */
  reading?(): LogName[];
}

export class Publications {
  readonly #types: OperationTypes;
  readonly #listeners = new Set<PublicationListener>();
  readonly #versions = new Map<number, number>();
  readonly #revisions = new Latest();
  readonly #lines = new Latest();
  #version = 0;

  constructor(types: OperationTypes) {
    this.#types = types;
  }

  /** Returns its unbind. */
  listen(listener: PublicationListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Rises with every change that this node stored of a connection's operations, or of any (without an id). */
  version(connectionId?: number): number {
    return connectionId === undefined ? this.#version : (this.#versions.get(connectionId) ?? 0);
  }

  changed(rows: OperationRow[]): void {
    if (rows.length === 0) return;
    this.#version++;
    for (const row of rows) this.#versions.set(row.connection_id, this.version(row.connection_id) + 1);
    const events = this.#eventsOf(rows);
    for (const listener of this.#listeners) listener.changed?.(events);
    this.seen(rows);
  }

  /** Rows as the store has them now, whoever wrote them; what was told already is left out. Answers with the rest. */
  seen(rows: OperationRow[]): OperationRow[] {
    const news = rows.filter(({ id, revision }) => this.#revisions.raise(id, revision));
    const events = this.#eventsOf(news);
    if (events.length > 0) for (const listener of this.#listeners) listener.seen?.(events);
    return news;
  }

  isNews(id: string, revision: number): boolean {
    return revision > this.#revisions.of(id);
  }

  /** Rows went without a change of their own: every list is another one now. */
  pruned(): void {
    this.#version++;
    for (const [connectionId, version] of this.#versions) this.#versions.set(connectionId, version + 1);
  }

  /** Lines of one log as the store has them, in order; what was told already is left out. */
  logged({ id, connection_id }: Pick<OperationRow, 'id' | 'connection_id'>, lines: LogLine[]): void {
    const told = this.#lines.of(id);
    const news = lines.filter(({ seq }) => seq > told);
    const [first, last] = [news[0], news.at(-1)];
    if (!first || !last) return;
    this.#lines.raise(id, last.seq);
    const chunk = { seq: first.seq, lines: news };
    for (const listener of this.#listeners) listener.logged?.({ connectionId: connection_id, operationId: id, chunk });
  }

  /** The sequence number of the last line that was told; null where none was, or nobody had a use for it since. */
  lastLine(operationId: string): number | null {
    return this.#lines.has(operationId) ? this.#lines.of(operationId) : null;
  }

  /** Nobody follows this log: what comes next need not join on to what was told. */
  forgetLines(operationId: string): void {
    this.#lines.forget(operationId);
  }

  reads(log: LogName): boolean {
    return [...this.#listeners].some((listener) => listener.reads?.(log) ?? false);
  }

  reading(): LogName[] {
    return [...this.#listeners].flatMap((listener) => listener.reading?.() ?? []);
  }

  #eventsOf(rows: OperationRow[]): OperationEvent[] {
    return rows.map((row) => ({
      event: eventOf(row),
      operation: fromRow(row, this.#types.get(row.operation_type)),
    }));
  }
}
