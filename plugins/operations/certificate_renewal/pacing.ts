/** How long the chain waits for what, in ms; other values in tests. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Pacing {
  /** The first gap between two looks, and the longest one. */
  firstGapMs: number;
  longestGapMs: number;
  /** Until every name server shows the records. */
  propagationMs: number;
  /** Until a person has set the records. */
  manualMs: number;
  /** Until the CA has validated, and until it has issued. */
  authorityMs: number;
  /** Until every endpoint serves the new certificate, through the race of a reload. */
  servedMs: number;
}

export const pacing: Pacing = {
  firstGapMs: 500,
  longestGapMs: 10_000,
  propagationMs: 15 * 60_000,
  manualMs: 20 * 60 * 60_000,
  authorityMs: 5 * 60_000,
  servedMs: 60_000,
};

/**
 * Looks again and again, with growing gaps, until a look answers other than null; null where `limitMs` passed.
 * The last look begins before the limit. Rejects as the look does, or with the signal's reason.
 */
export async function until<T>(
  look: () => Promise<T | null>,
  { limitMs, signal, pacing }: { limitMs: number; signal: AbortSignal; pacing: Pacing },
): Promise<T | null> {
  const began = performance.now();
  for (let gapMs = pacing.firstGapMs; ; gapMs = Math.min(gapMs * 1.5, pacing.longestGapMs)) {
    const found = await look();
    if (found !== null) return found;
    const leftMs = began + limitMs - performance.now();
    if (leftMs <= 0) return null;
    await sleep(Math.min(gapMs, leftMs), undefined, { signal });
  }
}
