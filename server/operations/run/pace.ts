/** Progress inside a step that says nothing of itself: the clock against what was expected, easing and never at the end. */

/** Up to this share of the expectation the progress is the clock itself. */
const STRAIGHT = 0.8;
const SHORTEST_TICK_MS = 250;
const LONGEST_TICK_MS = 2_000;

/**
 * How much of a step that is expected to take `expectedMs` is shown as done after `elapsedMs`, 0–1. A straight line at
 * first; from there on it slows down without a bend or a halt, is at 90 % when the expectation has passed, and never at 1.
 */
export function eased(elapsedMs: number, expectedMs: number): number {
  const x = elapsedMs / expectedMs;
  if (x <= STRAIGHT) return Math.max(0, x);
  const rest = 1 - STRAIGHT;
  return 1 - rest / (1 + (x - STRAIGHT) / rest);
}

/** Tells the eased progress of one step until the answer is called. */
export function pace(expectedMs: number, tell: (fraction: number) => void): () => void {
  const began = performance.now();
  const everyMs = Math.min(LONGEST_TICK_MS, Math.max(SHORTEST_TICK_MS, expectedMs / 100));
  const timer = setInterval(() => tell(eased(performance.now() - began, expectedMs)), everyMs);
  return () => clearInterval(timer);
}
