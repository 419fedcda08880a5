/** What the elements say of runs and of themselves, in one place. Sentence case; what happened, what to do. */
import type { ConnectionState, Operation, Problem, PublishedDefinition } from '../client/contract.js';
import { msg, percent, str } from '../localisation/door.js';
import { sentences } from './first-words.js';
import { clock, timeOfDay } from './times.js';

export * from './first-words.js';

/** Short estimates say nothing: below this the percentage is shown instead of the time. */
const worthACountdownMs = 20_000;

/** Nearly every start waits this short a while for its slot. */
const unnoticedMs = 1_000;

export const elapsedMs = (operation: Operation, now: number): number => now - Date.parse(operation.startedAt);

/** How much is left in ms; null where it is not known or has run out. */
export function remainingMs(operation: Operation, now: number): number | null {
  if (operation.estimatedDuration < worthACountdownMs) return null;
  const left = operation.estimatedDuration - elapsedMs(operation, now);
  return left > 0 ? left : null;
}

/** Whether a run takes longer than its like did; of a short one that shows no time nobody needs to know. */
export function isOverdue(operation: Operation, definition: PublishedDefinition | null, now: number): boolean {
  const timed = definition?.display === 'bar' || operation.estimatedDuration >= worthACountdownMs;
  const running = operation.status === 'in_progress' && operation.estimatedDuration > 0;
  return (
    timed && running && definition?.display !== 'spinner' && elapsedMs(operation, now) >= operation.estimatedDuration
  );
}

export const overdue = (): string => msg('taking longer than usual');

/** “60 %”, “2:14 remaining”, “taking longer than usual”, “waiting”, or null where nothing is known. */
export function measureOf(operation: Operation, definition: PublishedDefinition | null, now: number): string | null {
  if (operation.status === 'pending') return elapsedMs(operation, now) < unnoticedMs ? null : msg('waiting');
  if (definition?.display === 'spinner') return null;
  if (definition?.display === 'bar') {
    const left = remainingMs(operation, now);
    if (left !== null) return msg(str`${clock(left)} remaining`);
    if (isOverdue(operation, definition, now)) return overdue();
  }
  return operation.progress > 0 ? percent(operation.progress) : null;
}

export function staleSentence(state: ConnectionState): string {
  if (state.lastKnownAt === null) return msg('Reconnecting…');
  return msg(str`Reconnecting… last known at ${timeOfDay(state.lastKnownAt)}`);
}

/** What a refused request says to a person: the server's sentence, its hint, and how long to wait. */
export function problemSentence(problem: Problem): string {
  const wait = problem.retryAfter ? msg(str`Try again in ${clock(problem.retryAfter * 1000)}.`) : problem.hint;
  return sentences(problem.message, wait);
}
