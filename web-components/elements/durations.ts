/** Durations and moments as people read them, in the language that the page is spoken to. */
import { msg, number, str } from '../localisation/door.js';
import { digital } from '../localisation/digital.js';
import { format } from '../localisation/page-language.js';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** A duration in ms as people read it: 210 ms, 3.2 s, 2:14, 1:02:03. */
export function duration(ms: number): string {
  if (ms < secondMs) return msg(str`${number(Math.max(0, Math.round(ms)))} ms`);
  if (ms < 10 * secondMs) return msg(str`${number(Math.floor(ms / 100) / 10, 1)} s`);
  return clock(ms);
}

/** A duration that ticks: 0:04, 2:14, 1:02:03. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / secondMs));
  return digital(Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60);
}

const time = (at: number | string, options: Intl.DateTimeFormatOptions): string =>
  format(Intl.DateTimeFormat, { hourCycle: 'h23', ...options }).format(new Date(at));

/** The time of day, with seconds: 21:49:40. */
export const timeOfDay = (at: number | string): string =>
  time(at, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

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
