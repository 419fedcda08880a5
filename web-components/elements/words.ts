/** What the elements say, in one place. Sentence case; what happened, what to do. */
import type { ConnectionState, Operation, Problem, PublishedDefinition } from '../client/contract.js';
import { msg, percent, str } from '../localisation/door.js';
import { clock, duration, timeOfDay, when } from './durations.js';

/** Short estimates say nothing: below this the percentage is shown instead of the time. */
const worthACountdownMs = 20_000;

/** Nearly every start waits this short a while for its slot. */
const unnoticedMs = 1_000;

const longestSubject = 64;

export function titleOf(type: string, definition: PublishedDefinition | null): string {
  if (definition) return definition.title;
  const words = type.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** mira, “schedule” for planned runs, “Signalbox” for those that it started itself. */
export function whoOf(operation: Operation): string {
  if (operation.createdBy === 'cron') return msg('schedule');
  return operation.requestedBy ?? 'Signalbox';
}

const elapsedMs = (operation: Operation, now: number): number => now - Date.parse(operation.startedAt);

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

/** “5:12 so far, usually 5:00”: what is expected, once that is known to be too little. */
export function overdueSentence(operation: Operation, now: number): string {
  return msg(str`${clock(elapsedMs(operation, now))} so far, usually ${duration(operation.estimatedDuration)}`);
}

/** What an operation was started for, out of its params: the service's name, a wish by its own. Null where nothing short is among them. */
export function subjectOf({ params }: Operation): string | null {
  const named = Object.entries(params).flatMap(([key, value]) => {
    if (value === true) return [key];
    const short = typeof value === 'string' && value !== '' && value.length <= longestSubject;
    return short || typeof value === 'number' ? [value] : [];
  });
  return named.length > 0 ? named.join(', ') : null;
}

export function stepSentence(operation: Operation): string | null {
  const { step } = operation;
  return step ? msg(str`Step ${step.index} of ${step.count}`) : null;
}

export function staleSentence(state: ConnectionState): string {
  if (state.lastKnownAt === null) return msg('Reconnecting…');
  return msg(str`Reconnecting… last known at ${timeOfDay(state.lastKnownAt)}`);
}

export function joinedSentence(operation: Operation, now: number): string {
  const started = when(operation.startedAt, now);
  if (operation.createdBy === 'cron') return msg(str`Already running, started by schedule ${started}.`);
  return msg(str`Already running, started by ${whoOf(operation)} ${started}.`);
}

/** What a refused request says to a person: the server's sentence, its hint, and how long to wait. */
export function problemSentence(problem: Problem): string {
  const wait = problem.retryAfter ? msg(str`Try again in ${clock(problem.retryAfter * 1000)}.`) : problem.hint;
  return [problem.message, wait].filter(Boolean).join(' ');
}

/** Nobody has to reload the page: it goes on by itself once there is a token again. */
export const signedOut = (): string => msg('Signed out. Sign in to go on.');

export const lookOnly = (): string => msg('You may look, not start.');
