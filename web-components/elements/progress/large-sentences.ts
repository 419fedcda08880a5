import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { msg, str } from '../../localisation/door.js';
import { clock, duration } from '../durations.js';
import { stepSentence, whoOf } from '../run-words.js';
import { elapsedMs, isOverdue, measureOf, remainingMs } from '../words.js';

/** “5:12 so far, usually 5:00”: what is expected, once that is known to be too little. */
function overdueSentence(operation: Operation, now: number): string {
  return msg(str`${clock(elapsedMs(operation, now))} so far, usually ${duration(operation.estimatedDuration)}`);
}

/** What stands beside the large words. */
export function aside(operation: Operation, definition: PublishedDefinition | null, now: number): string | null {
  if (operation.status === 'pending') return msg('It starts as soon as there is a free slot.');
  if (operation.completedAt !== null) return null;
  const expected =
    remainingMs(operation, now) !== null
      ? msg(str`usually ${clock(operation.estimatedDuration)}`)
      : isOverdue(operation, definition, now) && overdueSentence(operation, now);
  if (expected) return [stepSentence(operation), expected].filter(Boolean).join(', ');
  return stepSentence(operation) ? measureOf(operation, definition, now) : null;
}

export function startedBy(operation: Operation, at: string): string {
  if (operation.createdBy === 'cron') return msg(str`by schedule, ${at}`);
  return msg(str`started by ${whoOf(operation)}, ${at}`);
}
