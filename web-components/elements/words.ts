/** What the elements say, in one place. Sentence case; what happened, what to do. */
import type { ConnectionState, Operation, Problem, PublishedDefinition } from '../client/contract.js';
import { clock, timeOfDay, when } from './durations.js';

/** Short estimates say nothing: below this the percentage is shown instead of the time. */
const worthACountdownMs = 20_000;

export function titleOf(type: string, definition: PublishedDefinition | null): string {
  if (definition) return definition.title;
  const words = type.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** mira, “schedule” for planned runs, “Signalbox” for those that it started itself. */
export function whoOf(operation: Operation): string {
  if (operation.createdBy === 'cron') return 'schedule';
  return operation.requestedBy ?? 'Signalbox';
}

/** How much is left in ms; null where it is not known or has run out. */
export function remainingMs(operation: Operation, now: number): number | null {
  if (operation.estimatedDuration < worthACountdownMs) return null;
  const left = Date.parse(operation.startedAt) + operation.estimatedDuration - now;
  return left > 0 ? left : null;
}

/** “60 %”, “2:14 remaining”, or null where nothing is known. */
export function measureOf(operation: Operation, definition: PublishedDefinition | null, now: number): string | null {
  if (operation.status === 'pending' || definition?.display === 'spinner') return null;
  const left = definition?.display === 'bar' ? remainingMs(operation, now) : null;
  if (left !== null) return `${clock(left)} remaining`;
  return operation.progress > 0 ? `${Math.floor(operation.progress)} %` : null;
}

export function stepSentence(operation: Operation): string | null {
  const { step } = operation;
  return step ? `Step ${step.index} of ${step.count}` : null;
}

export function staleSentence(state: ConnectionState): string {
  if (state.lastKnownAt === null) return 'Reconnecting…';
  return `Reconnecting… last known at ${timeOfDay(state.lastKnownAt)}`;
}

export function joinedSentence(operation: Operation, now: number): string {
  return `Already running, started by ${whoOf(operation)} ${when(operation.startedAt, now)}.`;
}

/** What a refused request says to a person: the server's sentence, its hint, and how long to wait. */
export function problemSentence(problem: Problem): string {
  const wait = problem.retryAfter ? `Try again in ${clock(problem.retryAfter * 1000)}.` : problem.hint;
  return [problem.message, wait].filter(Boolean).join(' ');
}

export const lookOnly = 'You may look, not start.';
