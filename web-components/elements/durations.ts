const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

const pad = (value: number): string => String(value).padStart(2, '0');

/** A duration in ms as people read it: 210 ms, 3.2 s, 2:14, 1:02:03. */
export function duration(ms: number): string {
  if (ms < secondMs) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10 * secondMs) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  return clock(ms);
}

/** A duration that ticks: 0:04, 2:14, 1:02:03. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / secondMs));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** The time of day, with seconds: 21:49:40. */
export function timeOfDay(at: number | string): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':');
}

const day = (at: number): string => new Date(at).toDateString();
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dateOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** A moment, relative within the hour, else a date: now, 14 min ago, today 06:00, 22 Oct 02:14, 3 Mar 2025. */
export function when(at: string, now: number): string {
  const then = Date.parse(at);
  const past = now - then;
  if (past < minuteMs) return 'now';
  if (past < hourMs) return `${Math.floor(past / minuteMs)} min ago`;
  const time = timeOfDay(then).slice(0, 5);
  if (day(then) === day(now)) return `today ${time}`;
  if (new Date(then).getFullYear() === new Date(now).getFullYear()) return `${date.format(then)} ${time}`;
  return dateOfYear.format(then);
}
