import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { msg, str } from '../../localisation/door.js';
import { clock, duration } from '../durations.js';
import { stepSentence, subjectOf } from '../run-words.js';
import { isOverdue, measureOf, remainingMs, sentences, titleOf } from '../words.js';

function ended(title: string, status: Operation['status']): string {
  if (status === 'completed') return msg(str`${title} completed`);
  if (status === 'failed') return msg(str`${title} failed`);
  return status === 'cancelled' ? msg(str`${title} cancelled`) : title;
}

/** What it is, for what, and how it ended: “Service restart failed: Cisco Tomcat”. */
export function heading(operation: Operation, definition: PublishedDefinition | null): string {
  const { status, type } = operation;
  const subject = subjectOf(operation);
  const head = ended(titleOf(type, definition), status);
  const what = subject ? `${head}: ${subject}` : head;
  return status === 'pending' ? msg(str`${what}, waiting`) : what;
}

export function ranForMs(operation: Operation): number | null {
  return operation.completedAt ? Date.parse(operation.completedAt) - Date.parse(operation.startedAt) : null;
}

/** The large words of the large form. */
export function verdict(operation: Operation, definition: PublishedDefinition | null, now: number): string {
  const { status, step } = operation;
  if (status === 'completed') return msg(str`Completed in ${duration(ranForMs(operation) ?? 0)}`);
  if (status === 'failed') return step ? msg(str`Failed at ${step.title}`) : msg('Failed');
  if (status === 'cancelled') return step ? msg(str`Cancelled at ${step.title}`) : msg('Cancelled');
  if (status === 'pending') return msg('Waiting');
  const left = remainingMs(operation, now);
  if (definition?.display !== 'spinner' && left !== null) return msg(str`${clock(left)} remaining`);
  if (isOverdue(operation, definition, now)) return msg('Taking longer than usual');
  return stepSentence(operation) ?? measureOf(operation, definition, now) ?? busyOf(definition);
}

const busyOf = (definition: PublishedDefinition | null): string => definition?.labels.busy ?? msg('Running');

/** What a screen reader says of the bar. */
export function valueText(operation: Operation, definition: PublishedDefinition | null): string {
  if (operation.completedAt !== null) return heading(operation, definition);
  const step = operation.step ? `${stepSentence(operation) ?? ''}: ${operation.step.title}` : null;
  return step ?? operation.message ?? busyOf(definition);
}

/** The one sentence that is announced: at the start, at each step, at the end. */
export function announcement(operation: Operation, definition: PublishedDefinition | null): string {
  const { error } = operation;
  const head = heading(operation, definition);
  if (error) return sentences(`${head}.`, error.message, error.hint);
  return operation.completedAt === null ? `${head}. ${valueText(operation, definition)}` : head;
}
