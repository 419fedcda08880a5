import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { clock, duration } from '../durations.js';
import {
  isOverdue,
  measureOf,
  overdue,
  overdueSentence,
  remainingMs,
  stepSentence,
  subjectOf,
  titleOf,
  whoOf,
} from '../words.js';

const endings: Partial<Record<Operation['status'], string>> = {
  completed: ' completed',
  failed: ' failed',
  cancelled: ' cancelled',
};

/** What it is, for what, and how it ended: “Service restart failed: Cisco Tomcat”. */
export function heading(operation: Operation, definition: PublishedDefinition | null): string {
  const { status, type } = operation;
  const subject = subjectOf(operation);
  const what = `${titleOf(type, definition)}${endings[status] ?? ''}${subject ? `: ${subject}` : ''}`;
  return status === 'pending' ? `${what}, waiting` : what;
}

const sentenceOf = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export function ranForMs(operation: Operation): number | null {
  return operation.completedAt ? Date.parse(operation.completedAt) - Date.parse(operation.startedAt) : null;
}

/** The large words of the large form. */
export function verdict(operation: Operation, definition: PublishedDefinition | null, now: number): string {
  const ran = ranForMs(operation);
  if (operation.status === 'completed') return `Completed in ${duration(ran ?? 0)}`;
  if (operation.status === 'failed') return operation.step ? `Failed at ${operation.step.title}` : 'Failed';
  if (operation.status === 'cancelled') return operation.step ? `Cancelled at ${operation.step.title}` : 'Cancelled';
  if (operation.status === 'pending') return 'Waiting';
  const left = remainingMs(operation, now);
  if (definition?.display !== 'spinner' && left !== null) return `${clock(left)} remaining`;
  if (isOverdue(operation, definition, now)) return sentenceOf(overdue);
  return stepSentence(operation) ?? measureOf(operation, definition, now) ?? definition?.labels.busy ?? 'Running';
}

/** What stands beside the large words. */
export function aside(operation: Operation, definition: PublishedDefinition | null, now: number): string | null {
  if (operation.status === 'pending') return 'It starts as soon as there is a free slot.';
  if (operation.completedAt !== null) return null;
  const expected =
    remainingMs(operation, now) !== null
      ? `usually ${clock(operation.estimatedDuration)}`
      : isOverdue(operation, definition, now) && overdueSentence(operation, now);
  if (expected) return [stepSentence(operation), expected].filter(Boolean).join(', ');
  return stepSentence(operation) ? measureOf(operation, definition, now) : null;
}

/** What a screen reader says of the bar. */
export function valueText(operation: Operation, definition: PublishedDefinition | null): string {
  if (operation.completedAt !== null) return heading(operation, definition);
  const step = operation.step ? `${stepSentence(operation) ?? ''}: ${operation.step.title}` : null;
  return step ?? operation.message ?? definition?.labels.busy ?? 'Running';
}

/** The one sentence that is announced: at the start, at each step, at the end. */
export function announcement(operation: Operation, definition: PublishedDefinition | null): string {
  const { error } = operation;
  const head = heading(operation, definition);
  if (error) return [`${head}.`, error.message, error.hint].filter(Boolean).join(' ');
  return operation.completedAt === null ? `${head}. ${valueText(operation, definition)}` : head;
}

export function startedBy(operation: Operation, at: string): string {
  return operation.createdBy === 'cron' ? `by schedule, ${at}` : `started by ${whoOf(operation)}, ${at}`;
}
