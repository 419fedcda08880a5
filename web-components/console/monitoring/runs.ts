/** What the store's last operations say: how long they took, and why they failed. */
import type { Operation } from '../../client/contract.js';

/** As many as one answer holds. */
export const LAST = 200;

export interface TypeRuns {
  type: string;
  count: number;
  medianMs: number;
  longestMs: number;
}

/** `Map.groupBy` is younger than some of the browsers that people have. */
function grouped<K>(operations: readonly Operation[], keyOf: (operation: Operation) => K): Map<K, Operation[]> {
  const groups = new Map<K, Operation[]>();
  for (const operation of operations) {
    const key = keyOf(operation);
    groups.set(key, [...(groups.get(key) ?? []), operation]);
  }
  return groups;
}

const ranMs = ({ startedAt, completedAt }: Operation): number =>
  completedAt === null ? 0 : Date.parse(completedAt) - Date.parse(startedAt);

function runsOf(type: string, durations: readonly number[]): TypeRuns {
  const sorted = [...durations].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = 0, high = 0] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return { type, count: sorted.length, medianMs: (low + high) / 2, longestMs: sorted.at(-1) ?? 0 };
}

/** How long the completed ones took, by type, the most frequent first. */
export function durationsOf(completed: readonly Operation[]): TypeRuns[] {
  const byType = grouped(completed, ({ type }) => type);
  return [...byType].map(([type, operations]) => runsOf(type, operations.map(ranMs))).sort((a, b) => b.count - a.count);
}

export interface FailureCount {
  code: string;
  count: number;
  /** The newest of them. */
  last: Operation;
}

/** Why the failed ones failed, the most frequent reason first; they come newest first. */
export function failuresOf(failed: readonly Operation[]): FailureCount[] {
  const byCode = grouped(failed, ({ error }) => error?.code ?? 'UNKNOWN');
  return [...byCode]
    .flatMap(([code, operations]) => (operations[0] ? [{ code, count: operations.length, last: operations[0] }] : []))
    .sort((a, b) => b.count - a.count);
}
