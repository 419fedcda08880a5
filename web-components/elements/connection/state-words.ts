import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { msg } from '../../localisation/door.js';
import { stepSentence, subjectOf } from '../run-words.js';
import { measureOf, titleOf } from '../words.js';
import { failedWords, type Standing } from './standing.js';

/** “Restarting…, step 3 of 4”: the type's own words, then how far it is. */
function runningWords(operation: Operation, definition: PublishedDefinition | null, now: number): string {
  const busy = definition?.labels.busy ?? titleOf(operation.type, null);
  const far = [stepSentence(operation), measureOf(operation, definition, now)].filter(Boolean);
  return [busy, ...far].join(' · ');
}

/** How a connection stands, in one line. */
export function stateWords({ group, now }: Standing, definition: PublishedDefinition | null, at: number): string {
  if (group === 'needs' && now) return [failedWords(now, definition), subjectOf(now)].filter(Boolean).join(': ');
  if (group === 'running' && now) return runningWords(now, definition, at);
  return group === 'due' ? msg('Certificate due') : msg('Clear');
}

/** What a screen reader says of the rail. */
export function valueWords(operation: Operation, definition: PublishedDefinition | null): string {
  const { step, message } = operation;
  const place = [stepSentence(operation), step?.title ?? message].filter(Boolean).join(': ');
  return place || (definition?.labels.busy ?? titleOf(operation.type, null));
}
