/**
 * When a cron expression comes true: wall-clock moments of a time zone, each once. What the clock's change leaves out comes
 * at its end, what it repeats comes the first time; the instants are strictly increasing.
 */
import { CronExpressionParser } from 'cron-parser';
import type { ScheduleTimes } from './contract.js';
import { wallClock } from './wall-clock.js';

const FIRST_LOOK_BACK_MS = 3 * 60 * 60 * 1000;
const LOOK_BACK_FACTOR = 8;

/** The instants after `after` (epoch ms), without an end. Throws where the expression or the zone can't be read. */
export function* dueTimes({ cron, timeZone }: ScheduleTimes, after: number): Generator<number, never> {
  const clock = wallClock(timeZone);
  // The parser counts in UTC, where no hour is ever left out or repeated; the wall clock does the rest.
  const expression = CronExpressionParser.parse(cron, { currentDate: new Date(clock.wallAt(after)), tz: 'UTC' });
  let last = after;
  while (true) {
    const instant = clock.instantOf(expression.next().getTime());
    if (instant <= last) continue;
    last = instant;
    yield instant;
  }
}

/** The first instant after `after`, both in epoch ms. */
export function nextDue(times: ScheduleTimes, after: number): number {
  return dueTimes(times, after).next().value;
}

/** The last instant after `after` and not after `now`, null where there is none, and the first one after `now`. */
export interface Around {
  last: number | null;
  next: number;
}

function walk(times: ScheduleTimes, after: number, now: number): Around {
  const instants = dueTimes(times, after);
  let last: number | null = null;
  let next = instants.next().value;
  for (; next <= now; next = instants.next().value) last = next;
  return { last, next };
}

/** `after` is not after `now`; all in epoch ms. */
export function around(times: ScheduleTimes, after: number, now: number): Around {
  // From near the end backwards in growing strides: after a long rest of the server, each minute of it would take seconds.
  for (let backMs = FIRST_LOOK_BACK_MS; now - backMs > after; backMs *= LOOK_BACK_FACTOR) {
    const found = walk(times, now - backMs, now);
    if (found.last !== null) return found;
  }
  return walk(times, after, now);
}
