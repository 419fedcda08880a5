/** Schedules: the words between the table, the waker and the kinds of things that are done on a schedule. Types only. */
import type { JsonObject } from '../operations/contract.js';

/** A cron expression of five fields, read in the time zone's wall-clock time. */
export interface ScheduleTimes {
  cron: string;
  /** IANA, as `Europe/Berlin` */
  timeZone: string;
}

/** A row of `schedules`. Times are UTC ISO 8601 with milliseconds. */
export interface Schedule extends ScheduleTimes {
  id: number;
  kind: string;
  connectionId: number;
  nextDueAt: string;
  /** What the kind remembers between its runs. */
  state: JsonObject;
}

/** `started`: an operation began. `done`: it was done at once. `waiting`: due, but not before something else. */
export type RunOutcome = 'started' | 'done' | 'not_due' | 'waiting' | 'skipped' | 'failed';

/** One claimed run, as its kind gets it. */
export interface ScheduleRun {
  connectionId: number;
  dueAt: string;
  /** True where dueAt is a moment of the schedule itself; false where the kind asked to come back then. */
  scheduled: boolean;
  state: JsonObject;
  /** Aborted by the run's time limit and at shutdown. */
  signal: AbortSignal;
}

/** How a run ended. What is left out stays as it is. */
export interface RunAnswer {
  outcome: RunOutcome;
  /** One sentence for people. */
  detail?: string;
  operationId?: string;
  state?: JsonObject;
  /** The kind wants to be asked again then, where that is before the schedule's own next moment. */
  againAt?: string;
}

/** What is done on schedules; one schedule of a kind for each connection that it has times for. */
export interface ScheduleKind {
  /** `certificate_look`, `certificate_renewal` */
  readonly name: string;
  /** How late a missed moment is still made up for, in ms. Of several missed ones only the last is. */
  readonly catchUpMs: number;
  /** Null where nothing of this kind is to be done for the connection. */
  times(connectionId: number): Promise<ScheduleTimes | null>;
  run(run: ScheduleRun): Promise<RunAnswer>;
}

/** The server's log, as far as schedules speak to it. */
export interface ScheduleLog {
  info(fields: Record<string, unknown>, sentence: string): void;
  error(fields: Record<string, unknown>, sentence: string): void;
}
