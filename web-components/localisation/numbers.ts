import { msg } from '@lit/localize/init/install.js';
import { str } from '@lit/localize/internal/str-tag.js';
import { format } from './format.js';

/** A number as people write it: 100,000 or 100.000; with `digits` behind the point where it is given. */
export function number(value: number, digits?: number): string {
  const exactly = digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return format(Intl.NumberFormat, exactly).format(value);
}

/** 60.4 is “60 %”: never more than is done. */
export function percent(value: number): string {
  return msg(str`${number(Math.floor(value))} %`);
}
