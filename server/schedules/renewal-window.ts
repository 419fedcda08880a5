/** The CA's suggested window (RFC 9773): asked for as often as it says, one moment of it drawn once and kept. */
import type { RenewalInfo } from '../acme/contract.js';
import type { AriMoment } from './renewal-state.js';
import { iso } from './row.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Whether the CA is to be asked now. */
export function asksAgain(ari: AriMoment | null, certificateId: number, now: number): boolean {
  if (ari?.certificateId !== certificateId) return true;
  const again = Date.parse(ari.checkAgainAt);
  // No answer is good for more than a day: farther off, the clock has been set back since.
  return again <= now || again > now + 2 * DAY_MS;
}

/** Null where the window is none: an end that is not after its start (RFC 9773 §4.2). */
function windowOf({ windowStart, windowEnd }: RenewalInfo): AriMoment['window'] {
  const [start, end] = [Date.parse(windowStart), Date.parse(windowEnd)];
  return start < end ? { start: iso(start), end: iso(end) } : null;
}

/** What holds after an answer; `random` is 0 up to 1. Null: the CA has no such information. */
export function afterAnswer(
  before: AriMoment | null,
  certificateId: number,
  info: RenewalInfo | null,
  { now, random }: { now: number; random: () => number },
): AriMoment {
  const window = info && windowOf(info);
  const waitMs = info ? Math.min(Math.max(info.retryAfterMs, MINUTE_MS), DAY_MS) : DAY_MS;
  const checkAgainAt = iso(now + waitMs);
  if (!window) return { certificateId, window: null, chosenAt: null, checkAgainAt };
  const same =
    before?.certificateId === certificateId &&
    before.window?.start === window.start &&
    before.window.end === window.end;
  const [start, end] = [Date.parse(window.start), Date.parse(window.end)];
  const chosenAt = same && before.chosenAt ? before.chosenAt : iso(start + Math.floor(random() * (end - start)));
  return { certificateId, window, chosenAt, checkAgainAt };
}

/** The CA could not be asked: what was known stays, for an hour. */
export function afterSilence(before: AriMoment | null, certificateId: number, now: number): AriMoment {
  const known = before?.certificateId === certificateId ? before : { certificateId, window: null, chosenAt: null };
  return { ...known, checkAgainAt: iso(now + HOUR_MS) };
}
