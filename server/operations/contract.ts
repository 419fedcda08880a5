/**
 * What an operation type, the engine and the page say to each other: the words of docs/protocol.md as types.
 * This file holds types only, so that a plugin or a page can import it without loading the engine.
 */
import type { ObjectSchema } from 'joi';
import type { ConnectionTarget, Credentials, HostKey } from '../connections/contract.js';
import type { Platform } from '../platforms/contract.js';

export type Status = 'pending' | 'in_progress' | 'completed' | 'failed' | 'cancelled';
export type CreatedBy = 'user' | 'cron' | 'auto';
export type EventName = 'operation:start' | 'operation:update' | 'operation:complete' | 'operation:error';
export type Display = 'spinner' | 'bar' | 'steps';
export type LogStream = 'out' | 'err' | 'in' | 'note' | 'step';

/** Plain JSON data: what params, checkpoints and results are made of. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Why an operation failed, as stored on its row and shown to people. */
export interface OperationFailure {
  code: string;
  /** One sentence: what happened. */
  message: string;
  /** What the person can do about it. */
  hint: string | null;
  /** Whether the same run can succeed later without anybody changing anything. */
  retryable: boolean;
}

/** A step in the making of an operation; `index` counts from 1. */
export interface StepPosition {
  key: string;
  title: string;
  index: number;
  count: number;
}

/** One step that has begun, as it stands in `result.steps`; `durationMs` is null while it runs. */
export interface StepRecord {
  key: string;
  title: string;
  startedAt: string;
  durationMs: number | null;
}

/** An operation on the wire (GET, feed). Times are UTC ISO 8601 with milliseconds, durations milliseconds. */
export interface Operation {
  id: string;
  connectionId: number;
  type: string;
  status: Status;
  /** 0–100; never falls, and is 100 only when completed. */
  progress: number;
  step: StepPosition | null;
  message: string | null;
  error: OperationFailure | null;
  startedAt: string;
  updatedAt: string;
  completedAt: string | null;
  estimatedDuration: number;
  createdBy: CreatedBy;
  requestedBy: string | null;
  parentId: string | null;
  retryOf: string | null;
  attempt: number;
  params: JsonObject;
  /** Whether a cancel would be accepted now. */
  cancellable: boolean;
  revision: number;
  /** What the type reports; `steps` is the engine's own record of each step's duration. Null before the first step. */
  result: (JsonObject & { steps?: Json }) | null;
}

/** A message on an operations subscription. */
export interface OperationEvent {
  event: EventName;
  operation: Operation;
}

export interface LogLine {
  seq: number;
  at: string;
  stream: LogStream;
  text: string;
}

/** A message on a log subscription, and the answer of GET …/log; `seq` is that of the first line. */
export interface LogChunk {
  seq: number;
  lines: LogLine[];
}

/** The answer of GET /connections/{id}/operations and GET /operations. */
export interface OperationPage {
  operations: Operation[];
  next: string | null;
  epoch: string;
}

/** The answer of a start: 202 with `started`, 200 with `already_running`. */
export interface StartAnswer {
  operationId: string;
  status: 'started' | 'already_running';
  message: string;
  estimatedDuration: number;
  operation: Operation;
  existingOperation?: { operationId: string; progress: number; message: string | null };
}

export interface StepDefinition {
  key: string;
  title: string;
  /** The step's share of the progress, relative to the other steps' weights. */
  weight: number;
  /** How long the step may take; without it only the operation's own limit counts. */
  timeoutMs?: number;
  /** False where a cancel can no longer be honoured once the step has begun. Default: as the type says. */
  cancellable?: boolean;
  /** True where the step's progress follows the clock, against its share of the estimated duration, and never reaches the end. */
  paced?: boolean;
}

/** The busy button's and the finished button's words, beside the idle one's. */
export interface Labels {
  idle: string;
  busy: string;
  done: string;
}

/** An operation type as GET /operations/types publishes it. */
export interface PublishedDefinition {
  type: string;
  title: string;
  description: string;
  labels: Labels;
  display: Display;
  confirm: string | null;
  cancellable: boolean;
  steps: Pick<StepDefinition, 'key' | 'title' | 'weight'>[];
  /** JSON Schema (2020-12) of the params. */
  params: JsonObject;
  estimatedDuration: number;
}

/** What a plugin hands to `server.operation()`: everything that there is to say about an operation type. */
export interface OperationDefinition<Params = JsonObject, State = JsonObject> {
  /** snake_case; the type's name in the column, the route, the folder and the element attribute. */
  type: string;
  title: string;
  description: string;
  labels: Labels;
  display: Display;
  /** A question that the page asks before it starts; null to start at once. */
  confirm: string | null;
  cancellable: boolean;
  /** True where another node can go on from the last checkpoint; else a lost node fails the operation. */
  resumable: boolean;
  steps: StepDefinition[];
  params: ObjectSchema<Params>;
  /** The first guess, in ms; the connection's own history replaces it. */
  estimatedDurationMs: number;
  /** The limit for the whole operation, in ms. */
  timeoutMs: number;
  /** The planned path under /api/data/{id}/ that also starts this type, and the sentence it answers with. */
  alias?: { path: string; message: string; idField?: string };
  /**
   * Completes the params of a start (the connection's default service) or refuses it by `start.fail`, before anything is
   * stored. What it answers is what the row holds, and what makes two starts the same or not.
   */
  prepare?(start: StartContext<Params>): Params;
  /** The first guess for one start, in ms, where it depends on more than the type. Default: `estimatedDurationMs`. */
  estimateMs?(start: Pick<StartContext<Params>, 'params' | 'connection' | 'platform'>): number;
  run(context: OperationContext<Params, State>): Promise<JsonObject | void>;
}

/** What a start is made for, before it is stored. */
export interface StartContext<Params = JsonObject> {
  readonly params: Params;
  readonly connection: ConnectionTarget;
  readonly platform: Platform;
  /** Refuses the start: 422 with this code, sentence and hint. */
  fail(code: string, message: string, options?: { hint?: string }): never;
}

/** What a running step can do beside the operation's own context. */
export interface StepContext {
  /** Aborted by cancel, by the step's or the operation's time-out, by a lost lease and at shutdown. */
  signal: AbortSignal;
  /** How much of this step is done, 0–1; never falls. */
  progress(fraction: number): void;
}

/** What one run of a type works with. */
export interface OperationContext<Params = JsonObject, State = JsonObject> {
  readonly id: string;
  readonly connection: ConnectionTarget;
  readonly platform: Platform;
  readonly params: Params;
  /** Counts claims: above 1 this run goes on where a lost node stopped. */
  readonly attempt: number;
  readonly createdBy: CreatedBy;
  readonly requestedBy: string | null;
  /** The last checkpoint of this operation, or of the one that it retries. */
  readonly state: State | null;
  readonly signal: AbortSignal;
  /** Runs one of the declared steps, in the declared order; steps may be left out, never repeated. */
  step<T>(key: string, work: (step: StepContext) => Promise<T>): Promise<T>;
  /** The sentence that people see beneath the step. */
  message(text: string): void;
  /** One or more lines of output; opened credentials are blanked out. */
  log(text: string, stream?: LogStream): void;
  /** Adds to what `result` shows, now. */
  result(partial: JsonObject): void;
  /** Stores the checkpoint; when it resolves, the checkpoint is durable. */
  checkpoint(state: State): Promise<void>;
  /** Gives the slot back while something else is waited for, and takes one again before it resolves. */
  wait<T>(work: Promise<T>): Promise<T>;
  /** The operations that this one began, oldest first; also those from before a crash. */
  children(): Promise<Operation[]>;
  /**
   * Begins another type on the same connection, created by `auto` with this one as its parent; where one runs already,
   * answers with that, and its params say whether it is the same. A refused start fails this operation with its code.
   */
  begin(type: string, params: JsonObject): Promise<{ operation: Operation; existing: boolean }>;
  /** Waits for another operation's end, wherever it runs; the slot is given back meanwhile. */
  ended(operationId: string): Promise<Operation>;
  /** Opens the connection's sealed credentials; their values never reach a log, a message or a result. */
  credentials(): Promise<Credentials>;
  /** Pins the first host key that a connection shows; answers with the key that is pinned now. */
  pinHostKey(key: { type: string; fingerprint: string }): Promise<HostKey>;
  /** Ends the operation as failed with this code, sentence and hint. */
  fail(code: string, message: string, options?: { hint?: string; retryable?: boolean; cause?: unknown }): never;
}
