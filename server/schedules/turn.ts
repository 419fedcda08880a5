/** Which run of a schedule is due now, and when the next one is. */
import type { Schedule } from './contract.js';
import { around } from './next-due.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Instants in epoch ms. */
export interface Turn {
  dueAt: number;
  nextDueAt: number;
  /** Whether dueAt is a moment of the schedule itself. */
  scheduled: boolean;
  /** In one sentence why it is not to be run; null where it is. */
  refused: string | null;
}

/** What can't be read here is asked about again a day later: one row must not stop all. */
function unreadable(error: unknown, asked: number, now: number): Turn {
  const reason = error instanceof Error ? error.message : String(error);
  const refused = `Its cron expression or time zone cannot be read here: ${reason}`;
  return { dueAt: asked, nextDueAt: now + DAY_MS, scheduled: false, refused };
}

/**
 * Of all that was missed since `schedule.nextDueAt` only the last, and that only within `catchUpMs`. What a kind asked for
 * itself is no moment that can be missed: it is made up for whenever that is possible.
 */
export function turnOf(schedule: Schedule, now: number, catchUpMs: number): Turn {
  const asked = Date.parse(schedule.nextDueAt);
  try {
    const { last, next } = around(schedule, Math.min(asked - 1, now), now);
    const isLate = last !== null && now - last > catchUpMs;
    const refused = isLate ? 'It was missed for too long to be made up for.' : null;
    return { dueAt: last ?? asked, nextDueAt: next, scheduled: last !== null, refused };
  } catch (error) {
    // Settings are checked before they are stored, so this is a zone that this machine lacks.
    return unreadable(error, asked, now);
  }
}
