/** Where moments lie on the timeline, in percent of its width, and what is written above it. */
import { dayMs, tickLabel } from './moments.js';

/** A month is this wide at most where weeks still say more. */
const weeksUpToDays = 45;
/** No more months than these are named. */
const mostLabels = 8;

export interface Axis {
  now: number;
  /** How many days the whole width is. */
  days: number;
}

export interface Tick {
  at: number;
  label: string;
}

/** 0 is now, 100 the end of the picture; never outside. */
export function percentOf({ now, days }: Axis, at: number): number {
  return Math.min(100, Math.max(0, ((at - now) / (days * dayMs)) * 100));
}

export const endOf = ({ now, days }: Axis): number => now + days * dayMs;

function firstOfMonth(now: number, ahead: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth() + ahead, 1).getTime();
}

function mondayOf(now: number, ahead: number): number {
  const date = new Date(now);
  const toMonday = (8 - date.getDay()) % 7 || 7;
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + toMonday + 7 * (ahead - 1)).getTime();
}

/** The months that begin within the picture, or the weeks of a short one. */
export function ticksOf(axis: Axis): Tick[] {
  const by = axis.days <= weeksUpToDays ? 'week' : 'month';
  const moment = by === 'week' ? mondayOf : firstOfMonth;
  const every = Math.max(1, Math.ceil(axis.days / 30 / mostLabels));
  const ticks: Tick[] = [];
  for (let ahead = every; moment(axis.now, ahead) < endOf(axis); ahead += every) {
    const at = moment(axis.now, ahead);
    ticks.push({ at: percentOf(axis, at), label: tickLabel(at, by) });
  }
  return ticks;
}
