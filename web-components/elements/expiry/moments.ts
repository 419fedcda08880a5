/** How long a certificate still lives, and when something comes, in the language that the page is spoken to. */
import { format } from '../../localisation/format.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

type Unit = 'day' | 'hour' | 'minute';

/** Whole days from two on, then whole hours, then minutes: never more than there is. */
function amountOf(ms: number): [amount: number, unit: Unit] {
  if (ms >= 2 * dayMs) return [Math.floor(ms / dayMs), 'day'];
  if (ms >= 2 * hourMs) return [Math.floor(ms / hourMs), 'hour'];
  return [Math.floor(ms / minuteMs), 'minute'];
}

/** “61 days”, “31 hours”. */
export function span(ms: number): string {
  const [amount, unit] = amountOf(ms);
  return format(Intl.NumberFormat, { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
}

/** “3 days ago”. */
export function ago(ms: number): string {
  const [amount, unit] = amountOf(ms);
  return format(Intl.RelativeTimeFormat, {}).format(-amount, unit);
}

const written = (at: number, options: Intl.DateTimeFormatOptions): string =>
  format(Intl.DateTimeFormat, options).format(at);

/** “12 Jan 2027”. */
export const dateOf = (at: number): string => written(at, { day: 'numeric', month: 'short', year: 'numeric' });

/** “Dec”; with the year where another one begins, and by the day where months are too far apart. */
export function tickLabel(at: number, by: 'week' | 'month'): string {
  if (by === 'week') return written(at, { day: 'numeric', month: 'short' });
  const begins = new Date(at).getMonth() === 0;
  return written(at, begins ? { month: 'short', year: 'numeric' } : { month: 'short' });
}

/** “Thu 26 Nov, 02:00” where it is near, else with its year; in `timeZone` where one is named, else by the reader's clock. */
export function momentOf(at: number, now: number, timeZone?: string): string {
  const near = Math.abs(at - now) < 300 * dayMs;
  const day = near ? ({ weekday: 'short' } as const) : ({ year: 'numeric' } as const);
  return written(at, {
    ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...day },
    ...(timeZone === undefined ? {} : { timeZone }),
  });
}
