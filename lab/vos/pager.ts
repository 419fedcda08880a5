/** The two pagers that were seen on these machines. What stands on the screen after a key is a guess: its line is wiped. */
import { CTRL_C, type Keyboard } from './keyboard.js';
import type { Output } from './output.js';
import { pagers } from './transcript.js';

/** A screen of 24 rows, one of them for the pager's own line. */
const SCREEN_LINES = 23;
/** As in "(lines 61 - 80 of 207554)". */
const PAGE_LINES = 20;
const WIPE = '\r\x1b[K';

export type PagerStyle = 'press' | 'options';

export interface Screen {
  output: Output;
  keyboard: Keyboard;
}

/** Prints the lines, and waits for a key wherever a screen is full. */
export async function page(lines: readonly string[], style: PagerStyle, screen: Screen): Promise<void> {
  if (style === 'press') await pageByPress(lines, screen);
  else await pageByOptions(lines, screen);
}

async function pageByPress(lines: readonly string[], { output, keyboard }: Screen): Promise<void> {
  let room = SCREEN_LINES;
  for (const line of lines) {
    if (room === 0) {
      output.write(pagers.press);
      const key = await keyboard.key(['\r', '\n', ' ', 'q', CTRL_C]);
      output.write(WIPE);
      if (key === 'q' || key === CTRL_C) return;
      room = key === ' ' ? SCREEN_LINES : 1;
    }
    output.print(line);
    room--;
  }
}

async function pageByOptions(lines: readonly string[], { output, keyboard }: Screen): Promise<void> {
  const last = Math.max(0, lines.length - PAGE_LINES);
  const moves: Record<string, (first: number) => number> = {
    n: (first) => first + PAGE_LINES,
    p: (first) => Math.max(0, first - PAGE_LINES),
    b: () => 0,
    e: () => last,
  };
  for (let first = 0; ;) {
    const end = Math.min(first + PAGE_LINES, lines.length);
    output.print(...lines.slice(first, end));
    if (end === lines.length) return;
    output.write(pagers.options(first + 1, end, lines.length));
    const move = moves[await keyboard.key([...Object.keys(moves), 'q', CTRL_C])];
    output.write(WIPE);
    if (!move) return;
    first = move(first);
  }
}
