/** A row of `schedules`, and the one way from it to a Schedule. */
import type { JsonObject } from '../operations/contract.js';
import type { Schedule } from './contract.js';

export interface ScheduleRow {
  id: number;
  kind: string;
  connection_id: number;
  cron: string;
  time_zone: string;
  next_due_at: string;
  state: string;
  created_at: string;
  updated_at: string;
}

export interface RunRow {
  schedule_id: number;
  due_at: string;
  claimed_at: string;
  node_id: string;
  outcome: string | null;
  detail: string | null;
  operation_id: string | null;
}

export function fromRow(row: ScheduleRow): Schedule {
  return {
    id: row.id,
    kind: row.kind,
    connectionId: row.connection_id,
    cron: row.cron,
    timeZone: row.time_zone,
    nextDueAt: row.next_due_at,
    state: JSON.parse(row.state) as JsonObject,
  };
}

export const iso = (instant: number): string => new Date(instant).toISOString();
