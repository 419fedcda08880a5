import type { Operation } from '../../client/contract.js';
import { msg, str } from '../../localisation/door.js';
import { when } from '../moments.js';
import { whoOf } from '../run-words.js';

/** What a start says that joined a running operation. */
export function joinedSentence(operation: Operation, now: number): string {
  const started = when(operation.startedAt, now);
  if (operation.createdBy === 'cron') return msg(str`Already running, started by schedule ${started}.`);
  return msg(str`Already running, started by ${whoOf(operation)} ${started}.`);
}
