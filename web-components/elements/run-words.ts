/** What is said of a run in a few words: how it stands, who started it, for what, and where it is. */
import type { Operation } from '../client/contract.js';
import { msg, str } from '../localisation/door.js';

const longestSubject = 64;

/** mira, “schedule” for planned runs, “Signalbox” for those that it started itself. */
export function whoOf(operation: Operation): string {
  if (operation.createdBy === 'cron') return msg('schedule');
  return operation.requestedBy ?? 'Signalbox';
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

export function statusWord(status: Operation['status']): string {
  switch (status) {
    case 'pending':
      return msg('waiting');
    case 'in_progress':
      return msg('running');
    case 'completed':
      return msg('completed');
    case 'failed':
      return msg('failed');
    case 'cancelled':
      return msg('cancelled');
  }
}

export function byWhom(operation: Operation): string {
  return operation.createdBy === 'cron' ? msg('by schedule') : msg(str`by ${whoOf(operation)}`);
}
