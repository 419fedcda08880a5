/** What a page can ask of the client, and what it is told. Types only; the wire's own types come from the server's contract. */
import type { LogLine, Operation, PublishedDefinition, StartAnswer } from '../../server/operations/contract.js';
import type { RequestProblem as Problem } from './problem.js';

export type { LogStream, OperationEvent, OperationFailure } from '../../server/operations/contract.js';
export type { LogLine, Operation, Problem, PublishedDefinition, StartAnswer };

/**
 * Gives the token; `reason` says why it is asked for. Return null (or throw) when there is none: the client then says
 * `signed-out`. What a failed network throws (a TypeError, as fetch does) is no such answer: the client asks again later.
 */
export type FetchToken = (request: { reason: 'initial' | 'refresh' | 'rejected' }) => Promise<Token | string | null>;

export interface Token {
  token: string;
  /** UTC ISO 8601; where it is missing the token's own `exp` is read. */
  expiresAt?: string;
}

/**
 * How the page stands to the server.
 * `live`: socket, everything current. `polling`: no socket to be had, current by polling. `connecting`: never been current yet.
 * `reconnecting`: was current, is stale now. `signed-out`: no token. `closed`: close() was called.
 */
export type Phase = 'connecting' | 'live' | 'polling' | 'reconnecting' | 'signed-out' | 'closed';

export interface ConnectionState {
  phase: Phase;
  /** When what is shown was last known to equal the store, ms since the epoch; null: never yet. */
  lastKnownAt: number | null;
}

/** What is known of a scope (one connection, or the fleet): newest first, active ones before ended ones. */
export interface Snapshot {
  operations: readonly Operation[];
  /** False until the first answer. */
  known: boolean;
  /** Set where the scope cannot be read (404, 403): what the server said. */
  problem: Problem | null;
}

export interface LogSnapshot {
  lines: readonly LogLine[];
  /** False until the first answer. */
  known: boolean;
  /** Set where the log cannot be read (404, 403): what the server said. */
  problem: Problem | null;
}

export interface SignalboxClient {
  readonly url: string;
  readonly state: ConnectionState;
  /** Told at once and at every change; returns its unbind, as every watch does. */
  onState(listener: (state: ConnectionState) => void): () => void;
  /**
   * The operations of one connection, kept equal to the store: the 50 that a first page holds. The listener is told at
   * once and then at most once a drawn picture. Watchers share one subscription; it ends 5 s after the last.
   */
  watchConnection(connectionId: number, listener: (snapshot: Snapshot) => void): () => void;
  /** The operations of every connection that the caller may see, at most 200. */
  watchFleet(listener: (snapshot: Snapshot) => void): () => void;
  /** The lines of one operation's log, without holes. */
  watchLog(connectionId: number, operationId: string, listener: (log: LogSnapshot) => void): () => void;
  /** The published operation types; asked once. */
  definitions(): Promise<readonly PublishedDefinition[]>;
  start(connectionId: number, type: string, params?: Record<string, unknown>): Promise<StartAnswer>;
  cancel(connectionId: number, operationId: string): Promise<Operation>;
  retry(connectionId: number, operationId: string): Promise<StartAnswer>;
  /** Any other route, with the token; throws a Problem. */
  request<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Forgets the token, asks for a new one and connects anew: after sign-in and sign-out. */
  reauthenticate(): void;
  close(): void;
}
