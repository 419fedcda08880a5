/** How long the schedule waits after failures: 1, 10 and 100 minutes, then a day each. */
import type { Operation } from '../operations/contract.js';
import { cleared, type RenewalState } from './renewal-state.js';
import { iso } from './row.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const RUNGS_MS = [1, 10, 100].map((minutes) => minutes * MINUTE_MS);

export type OperationEnd = Pick<Operation, 'status' | 'startedAt' | 'completedAt' | 'error'>;

export const isRunning = ({ status }: OperationEnd): boolean => status === 'pending' || status === 'in_progress';

/** How long to wait after the n-th failure in a row, in ms. */
export function waitMs(failures: number): number {
  return RUNGS_MS[failures - 1] ?? DAY_MS;
}

/** One more failure, at an instant in epoch ms. */
export function afterFailure(state: RenewalState, at: number, sentence: string): RenewalState {
  const failures = state.failures + 1;
  const because =
    failures === 1
      ? `The last renewal failed: ${sentence}`
      : `${failures} renewals in a row failed, the last one: ${sentence}`;
  return { ...state, failures, because, notBefore: iso(at + waitMs(failures)), lastOperationId: null };
}

/** Counts the end of the last operation, once. One that is no longer stored says nothing; one that runs is left alone. */
export function afterEnd(state: RenewalState, end: OperationEnd | null, now: number): RenewalState {
  if (state.lastOperationId === null || (end && isRunning(end))) return state;
  if (!end) return { ...state, lastOperationId: null };
  const at = end.completedAt ? Date.parse(end.completedAt) : now;
  if (end.status === 'completed') return cleared(state);
  if (end.status === 'failed') return afterFailure(state, at, end.error?.message ?? 'It did not say why.');
  // A person who cancels one does not want the next a minute later.
  const because = 'The last renewal was cancelled.';
  return { ...state, because, notBefore: iso(at + DAY_MS), lastOperationId: null };
}

/** Until when it waits, in epoch ms; null where it does not. */
export function waitsUntil({ notBefore }: RenewalState, now: number): number | null {
  const until = notBefore === null ? now : Date.parse(notBefore);
  // Nothing waits for more than a day: farther off, the clock has been set back since.
  return until > now && until <= now + 2 * DAY_MS ? until : null;
}
