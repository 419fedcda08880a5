/** Waits for a state: looks again after each turn of the event loop, and gives up after ten seconds. */
import { setImmediate as turn } from 'node:timers/promises';

const LIMIT_MS = 10_000;

export async function until(state: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const endMs = Date.now() + LIMIT_MS;
  while (!(await state())) {
    if (Date.now() > endMs) throw new Error(`Never came: ${what}`);
    await turn();
  }
}
