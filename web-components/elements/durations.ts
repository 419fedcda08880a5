/** Durations as people read them, in the language that the page is spoken to. */
import { msg, number, str } from '../localisation/door.js';
import { clock } from './times.js';

export { clock, timeOfDay } from './times.js';

const secondMs = 1000;

/** A duration in ms as people read it: 210 ms, 3.2 s, 2:14, 1:02:03. */
export function duration(ms: number): string {
  if (ms < secondMs) return msg(str`${number(Math.max(0, Math.round(ms)))} ms`);
  if (ms < 10 * secondMs) return msg(str`${number(Math.floor(ms / 100) / 10, 1)} s`);
  return clock(ms);
}
