import { msg, str } from '../localisation/door.js';
import { format } from '../localisation/format.js';
import { time } from './times.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const dayOf = (at: number): string => new Date(at).toDateString();

/** A moment, relative within the hour, else a date: now, 14 min ago, today 06:00, 22 Oct 02:14, 3 Mar 2025. */
export function when(at: string, now: number): string {
  const then = Date.parse(at);
  const past = now - then;
  if (past < minuteMs) return msg('now');
  if (past < hourMs) {
    return format(Intl.RelativeTimeFormat, { style: 'short' }).format(-Math.floor(past / minuteMs), 'minute');
  }
  const minute = time(then, { hour: '2-digit', minute: '2-digit' });
  if (dayOf(then) === dayOf(now)) return msg(str`today ${minute}`);
  const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
  if (new Date(then).getFullYear() !== new Date(now).getFullYear()) return time(then, { ...day, year: 'numeric' });
  return msg(str`${time(then, day)} ${minute}`);
}
