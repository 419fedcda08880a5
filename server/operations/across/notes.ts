/** What the triggers of the database say (db/migrations/0004_several_nodes.ts), gathered until the next look. */
import type { LogName } from '../publications.js';

export const OPERATIONS_CHANNEL = 'signalbox_operations';
export const LOG_CHANNEL = 'signalbox_log';

/** Lines `first` to `last` of a log were stored. */
export interface LogNote extends LogName {
  first: number;
  last: number;
}

/** What was said since the last look. */
export interface Notes {
  /** The highest revision said of each operation. */
  revisions: Map<string, number>;
  logs: Map<string, LogNote>;
  /** Something changed, and it was not said what. */
  isUnclear: boolean;
}

export const noNotes = (): Notes => ({ revisions: new Map(), logs: new Map(), isUnclear: false });

type Revisions = [id: string, revision: number][];
type Lines = [connectionId: number, operationId: string, first: number, last: number];

/** Adds one notification. It comes from our own triggers; whatever else comes is a reason to look, and nothing more. */
export function add(notes: Notes, channel: string, payload: string): void {
  try {
    if (channel === LOG_CHANNEL) addLines(notes, JSON.parse(payload) as Lines);
    else addRevisions(notes, JSON.parse(payload) as Revisions);
  } catch {
    // Too long to be said, or said by somebody else.
    notes.isUnclear = true;
  }
}

function addRevisions({ revisions }: Notes, said: Revisions): void {
  for (const [id, revision] of said) revisions.set(id, Math.max(revision, revisions.get(id) ?? 0));
}

function addLines({ logs }: Notes, [connectionId, operationId, first, last]: Lines): void {
  const earlier = logs.get(operationId);
  logs.set(operationId, {
    ...{ connectionId, operationId },
    first: Math.min(first, earlier?.first ?? first),
    last: Math.max(last, earlier?.last ?? last),
  });
}
