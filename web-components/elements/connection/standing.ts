/** How a connection stands, told by the newest operation of each type and by its certificate. */
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { msg, str } from '../../localisation/door.js';
import { type Aspect, aspectOf } from '../lamp/lamp.js';
import { subjectOf } from '../run-words.js';
import { titleOf } from '../words.js';
import { type CertificateEnd, isDue } from './certificate-end.js';

/** What is wrong comes first. */
export const groups = ['needs', 'running', 'due', 'clear'] as const;
export type Group = (typeof groups)[number];

export interface Standing {
  group: Group;
  /** The failure or the running operation that the group comes from. */
  now: Operation | null;
}

/** The newest operation of each type; ids are UUIDv7 and sort by time. */
export function latestOfTypes(operations: Iterable<Operation>): Operation[] {
  const latest = new Map<string, Operation>();
  for (const operation of operations) {
    const known = latest.get(operation.type);
    if (!known || operation.id > known.id) latest.set(operation.type, operation);
  }
  return [...latest.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}

export function standingOf(latest: readonly Operation[], certificate: CertificateEnd | null, now: number): Standing {
  const failed = latest.find(({ status }) => status === 'failed') ?? null;
  const active = latest.find(({ completedAt }) => completedAt === null) ?? null;
  if (failed) return { group: 'needs', now: failed };
  if (active) return { group: 'running', now: active };
  return { group: certificate && isDue(certificate, now) ? 'due' : 'clear', now: null };
}

export function aspectOfStanding({ group, now }: Standing, isStale = false): Aspect {
  if (isStale && group === 'running') return 'stale';
  if (group === 'needs') return 'failed';
  if (group === 'running' && now) return aspectOf(now);
  return group === 'due' ? 'due' : 'idle';
}

/** What the lamp says to people who cannot see its shape. */
export function lampWords(group: Group): string {
  switch (group) {
    case 'needs':
      return msg('failed');
    case 'running':
      return msg('running');
    case 'due':
      return msg('due');
    case 'clear':
      return msg('clear');
  }
}

/** “SSH test failed at Host key”; what it was for is said apart. */
export function failedWords({ type, step }: Operation, definition: PublishedDefinition | null): string {
  const title = titleOf(type, definition);
  return step ? msg(str`${title} failed at ${step.title}`) : msg(str`${title} failed`);
}

/** “Service restart: Cisco Tomcat”. */
export function namedWords(operation: Operation, definition: PublishedDefinition | null): string {
  return [titleOf(operation.type, definition), subjectOf(operation)].filter(Boolean).join(': ');
}
