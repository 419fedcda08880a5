/** Which face a button shows: a pure function of what is known, so that every state can be seen in a test. */
import type { Operation, PublishedDefinition } from '../../client/contract.js';
import { msg } from '../../localisation/first-door.js';
import { titleOf } from '../first-words.js';

export type FaceKind = 'idle' | 'barred' | 'busy' | 'done' | 'failed';

export interface Face {
  kind: FaceKind;
  label: string;
  /** “60 %” or “2:14 remaining”, while busy. */
  measure: string | null;
  /** 0–100, while busy. */
  progress: number;
}

export interface Known {
  type: string;
  definition: PublishedDefinition | null;
  active: Operation | null;
  latest: Operation | null;
  /** What a press would send; a failure of something else is not this button's. */
  params: Record<string, unknown> | null;
  /** A start was sent and the picture does not show it yet. */
  starting: boolean;
  /** The id of the operation whose end is still celebrated. */
  celebrated: string | null;
  /** A start is known to be refused: the caller may look only, may not even look, or is signed out. */
  barred: boolean;
  /** It is known that the connection may not even be seen. */
  hidden: boolean;
  /** What is said of how far a run is. */
  measureOf: (operation: Operation) => string | null;
  /** Read only where the face depends on the time, so that an idle button never ticks. */
  now: () => number;
}

/** An older failure is history, not a state of the button. */
const failureShownMs = 10 * 60_000;

const still = { measure: null, progress: 0 };

export function isFreshFailure(operation: Operation | null, now: () => number): operation is Operation {
  if (operation?.status !== 'failed') return false;
  return now() - Date.parse(operation.completedAt ?? operation.updatedAt) < failureShownMs;
}

/** Whether the operation was started for what the params name; without params for anything. */
export function isFor(operation: Operation, params: Record<string, unknown> | null): boolean {
  const wanted = Object.entries(params ?? {});
  return wanted.every(([key, value]) => JSON.stringify(operation.params[key]) === JSON.stringify(value));
}

export function faceOf(known: Known): Face {
  const { type, definition, active, latest, params, starting, celebrated, barred, hidden, measureOf, now } = known;
  const title = titleOf(type, null);
  const labels = definition?.labels ?? { idle: title, busy: `${title}…`, done: msg('Done') };
  if (active) {
    return {
      kind: 'busy',
      label: labels.busy,
      measure: measureOf(active),
      progress: active.progress,
    };
  }
  if (starting) return { kind: 'busy', label: labels.busy, ...still };
  if (latest?.status === 'completed' && latest.id === celebrated) return { kind: 'done', label: labels.done, ...still };
  if (barred) return { kind: 'barred', label: hidden ? msg('No access') : labels.idle, ...still };
  if (isFreshFailure(latest, now) && isFor(latest, params))
    return { kind: 'failed', label: msg('Failed. Retry'), ...still };
  return { kind: 'idle', label: labels.idle, ...still };
}
