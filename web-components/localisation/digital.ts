import { format } from './page-language.js';

interface Parts {
  hours?: number;
  minutes: number;
  seconds: number;
}

/** The little of Intl.DurationFormat that is used; the compiler's library doesn't know it yet. */
type DurationFormat = new (tag: string, options?: Record<string, string>) => { format(parts: Parts): string };

const pad = (value: number): string => String(value).padStart(2, '0');

/** 2:14 or 1:02:03, with the language's own digits and signs where the browser knows them. */
export function digital(hours: number, minutes: number, seconds: number): string {
  const { DurationFormat } = Intl as { DurationFormat?: DurationFormat };
  if (!DurationFormat) {
    return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds)}` : `${minutes}:${pad(seconds)}`;
  }
  if (hours > 0) return format(DurationFormat, { style: 'digital' }).format({ hours, minutes, seconds });
  // Hours of another style, and none of them: else the minutes would be padded.
  const short = {
    style: 'digital',
    hours: 'narrow',
    hoursDisplay: 'auto',
    minutes: 'numeric',
    minutesDisplay: 'always',
  };
  return format(DurationFormat, short).format({ minutes, seconds });
}
