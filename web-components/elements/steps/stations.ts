/** An operation's steps as stations on a line: what is declared, with what the engine recorded. */
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import type { StepRecord } from '../../../server/operations/contract.js';

export { ticksOf } from './step-track.js';

export type StationState = 'past' | 'now' | 'bad' | 'skipped' | 'ahead';

export interface Station {
  key: string;
  title: string;
  weight: number;
  state: StationState;
  /** How long it took, or has taken so far; null before it begins. */
  durationMs: number | null;
}

function isRecord(value: unknown): value is StepRecord {
  return typeof value === 'object' && value !== null && 'key' in value && 'title' in value && 'durationMs' in value;
}

/** The engine's own record of each step that began. */
export function recordsOf(operation: Operation): StepRecord[] {
  const steps: unknown = operation.result?.steps;
  return Array.isArray(steps) ? (steps as unknown[]).filter(isRecord) : [];
}

const declared = (
  operation: Operation,
  definition: PublishedDefinition | null,
): Pick<Station, 'key' | 'title' | 'weight'>[] =>
  definition?.steps.length
    ? definition.steps
    : recordsOf(operation).map(({ key, title }) => ({ key, title, weight: 1 }));

function stateOf(operation: Operation, key: string, index: number, record: StepRecord | undefined): StationState {
  const here = operation.step?.key === key;
  const stopped = operation.status === 'failed' || operation.status === 'cancelled';
  if (here && stopped) return 'bad';
  if (here && operation.completedAt === null) return 'now';
  if (record) return 'past';
  if (operation.status === 'completed' || index + 1 < (operation.step?.index ?? 0)) return 'skipped';
  return 'ahead';
}

function durationOf(record: StepRecord | undefined, state: StationState, now: number): number | null {
  if (!record) return null;
  return state === 'now' ? Math.max(0, now - Date.parse(record.startedAt)) : record.durationMs;
}

/** Every step in its order with its state. */
export function stationsOf(operation: Operation, definition: PublishedDefinition | null, now: number): Station[] {
  const records = new Map(recordsOf(operation).map((record) => [record.key, record]));
  return declared(operation, definition).map(({ key, title, weight }, index) => {
    const record = records.get(key);
    const state = stateOf(operation, key, index, record);
    return { key, title, weight, state, durationMs: durationOf(record, state, now) };
  });
}
