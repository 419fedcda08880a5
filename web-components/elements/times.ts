/** Times that tick and times of day as people read them, in the language that the page is spoken to. */
import { number } from '../localisation/door.js';
import { format } from '../localisation/format.js';

const twoDigits = (value: number): string => format(Intl.NumberFormat, { minimumIntegerDigits: 2 }).format(value);

/** A duration that ticks: 0:04, 2:14, 1:02:03. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const rest = twoDigits(seconds % 60);
  return hours > 0 ? `${number(hours)}:${twoDigits(minutes % 60)}:${rest}` : `${number(minutes)}:${rest}`;
}

export const time = (at: number | string, options: Intl.DateTimeFormatOptions): string =>
  format(Intl.DateTimeFormat, { hourCycle: 'h23', ...options }).format(new Date(at));

/** The time of day, with seconds: 21:49:40. */
export const timeOfDay = (at: number | string): string =>
  time(at, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
