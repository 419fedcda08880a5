import type { Connection } from '../../../server/connections/contract.js';
import type { Operation } from '../../client/contract.js';
import type { CertificateEnd } from '../connection/certificate-end.js';
import { latestOfTypes } from '../connection/standing.js';
import { type FleetLine, isAgeing, isTicking, lineOf } from './line.js';

/** What came of the changes since the last look. */
export interface FleetChange {
  /** Lines that are others now; those that are gone are not among them. */
  lines: readonly FleetLine[];
  /** Whether lines came, went, or may stand elsewhere. */
  isMoved: boolean;
}

const orderOf = ({ connection, group, last }: FleetLine): string =>
  [group, last?.id, connection.name, connection.hostname, connection.platform].join(' ');

/** The fleet by connection: takes what comes in any number of pieces, and says once which lines became others by it. */
export class FleetStore {
  readonly lines = new Map<number, FleetLine>();
  readonly #connections = new Map<number, Connection>();
  /** The newest operation of each type, by connection. */
  readonly #latest = new Map<number, Map<string, Operation>>();
  readonly #whole = new Set<number>();
  readonly #refused = new Map<number, string>();
  #ends: ReadonlyMap<number, CertificateEnd> = new Map();
  #touched = new Set<number>();
  #isWhole = false;
  #isStale = false;

  takeConnections(connections: readonly Connection[]): void {
    const gone = new Set(this.#connections.keys());
    for (const connection of connections) {
      gone.delete(connection.id);
      const known = this.#connections.get(connection.id);
      if (known && JSON.stringify(known) === JSON.stringify(connection)) continue;
      this.#connections.set(connection.id, connection);
      this.#touched.add(connection.id);
    }
    for (const id of gone) {
      this.#connections.delete(id);
      this.#touched.add(id);
    }
  }

  takeOperations(operations: readonly Operation[]): void {
    for (const operation of operations) this.#take(operation);
  }

  takeCertificates(ends: ReadonlyMap<number, CertificateEnd>): void {
    for (const id of this.#connections.keys()) {
      if (JSON.stringify(ends.get(id)) !== JSON.stringify(this.#ends.get(id))) this.#touched.add(id);
    }
    this.#ends = ends;
  }

  /** Nothing is known any more. */
  clear(): void {
    for (const known of [this.lines, this.#connections, this.#latest, this.#whole, this.#refused, this.#touched])
      known.clear();
    this.#ends = new Map();
    this.#isWhole = this.#isStale = false;
  }

  /** Drops every operation: what came while nobody listened is not known. */
  forgetOperations(): void {
    for (const id of this.#latest.keys()) this.#touched.add(id);
    this.#latest.clear();
    this.#whole.clear();
    this.#isWhole = false;
  }

  /** Every operation of this connection is known now; without an id: of all. */
  whole(id?: number): void {
    if (id === undefined) this.#isWhole = true;
    else this.#whole.add(id);
    for (const line of this.lines.values()) {
      if (!line.last && (id === undefined || line.connection.id === id)) this.#touched.add(line.connection.id);
    }
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Only what runs looks different while nothing new is heard. */
  stale(isStale: boolean): void {
    if (isStale === this.#isStale) return;
    this.#isStale = isStale;
    for (const { connection, group } of this.lines.values()) if (group === 'running') this.#touched.add(connection.id);
  }

  refuse(id: number, sentence: string | null): void {
    if (sentence === null) this.#refused.delete(id);
    else this.#refused.set(id, sentence);
    this.#touched.add(id);
  }

  /** Whether somebody should call `tick` each second. */
  get isTicking(): boolean {
    return [...this.lines.values()].some(isTicking);
  }

  /** A second has passed for what runs. */
  tick(): void {
    for (const line of this.lines.values()) if (isTicking(line)) this.#touched.add(line.connection.id);
  }

  /** A minute has passed for what ended within the hour; a certificate may have become due. */
  age(): void {
    for (const line of this.lines.values()) {
      if (isAgeing(line) || line.certificate) this.#touched.add(line.connection.id);
    }
  }

  knows(id: number): boolean {
    return this.#connections.has(id);
  }

  operations(id: number): ReadonlyMap<string, Operation> | undefined {
    return this.#latest.get(id);
  }

  /** Makes the touched lines anew, as of the server's time `at`. */
  flush(at: number): FleetChange {
    const touched = this.#touched;
    this.#touched = new Set();
    const lines: FleetLine[] = [];
    let isMoved = false;
    for (const id of touched) {
      const before = this.lines.get(id);
      const line = this.#make(id, at);
      if (line) {
        this.lines.set(id, line);
        lines.push(line);
      } else this.lines.delete(id);
      isMoved ||= (before && orderOf(before)) !== (line && orderOf(line));
    }
    return { lines, isMoved };
  }

  #make(id: number, at: number): FleetLine | undefined {
    const connection = this.#connections.get(id);
    if (!connection) return undefined;
    return lineOf({
      connection,
      latest: latestOfTypes(this.#latest.get(id)?.values() ?? []),
      certificate: this.#ends.get(id) ?? null,
      isWhole: this.#isWhole || this.#whole.has(id),
      isStale: this.#isStale,
      refused: this.#refused.get(id) ?? null,
      at,
    });
  }

  #take(operation: Operation): void {
    const { connectionId, type } = operation;
    const types = this.#latest.get(connectionId) ?? new Map<string, Operation>();
    const known = types.get(type);
    if (known === operation || (known && !isNewer(operation, known))) return;
    types.set(type, operation);
    this.#latest.set(connectionId, types);
    this.#refused.delete(connectionId);
    this.#touched.add(connectionId);
  }
}

function isNewer(operation: Operation, known: Operation): boolean {
  return operation.id === known.id ? operation.revision > known.revision : operation.id > known.id;
}
