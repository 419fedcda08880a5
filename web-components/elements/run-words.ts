/** What a list says of a run in one word each: how it stands, and who started it. */
import type { Operation } from '../client/contract.js';
import { msg, str } from '../localisation/door.js';
import { whoOf } from './words.js';

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
