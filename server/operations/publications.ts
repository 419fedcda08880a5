/** What was stored, handed to whoever shows it: only rows that the database returned come in here. */
import type { LogChunk, LogLine, OperationEvent } from './contract.js';
import { eventOf, fromRow, type OperationRow } from './row.js';
import type { OperationTypes } from './types.js';

export interface LoggedLines {
  connectionId: number;
  operationId: string;
  chunk: LogChunk;
}

export interface PublicationListener {
  changed?(events: OperationEvent[]): void;
  logged?(lines: LoggedLines): void;
}

export class Publications {
  readonly #types: OperationTypes;
  readonly #listeners = new Set<PublicationListener>();
  readonly #versions = new Map<number, number>();
  #version = 0;

  constructor(types: OperationTypes) {
    this.#types = types;
  }

  /** Returns its unbind. */
  listen(listener: PublicationListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Rises with every stored change of a connection's operations, or of any (without an id). */
  version(connectionId?: number): number {
    return connectionId === undefined ? this.#version : (this.#versions.get(connectionId) ?? 0);
  }

  changed(rows: OperationRow[]): void {
    if (rows.length === 0) return;
    this.#version++;
    for (const row of rows) this.#versions.set(row.connection_id, this.version(row.connection_id) + 1);
    const events = rows.map((row) => ({
      event: eventOf(row),
      operation: fromRow(row, this.#types.get(row.operation_type)),
    }));
    for (const listener of this.#listeners) listener.changed?.(events);
  }

  /** Rows went without a change of their own: every list is another one now. */
  pruned(): void {
    this.#version++;
    for (const [connectionId, version] of this.#versions) this.#versions.set(connectionId, version + 1);
  }

  logged(row: OperationRow, lines: LogLine[]): void {
    const chunk = { seq: lines[0]?.seq ?? 0, lines };
    for (const listener of this.#listeners)
      listener.logged?.({ connectionId: row.connection_id, operationId: row.id, chunk });
  }
}
