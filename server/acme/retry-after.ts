/** When a CA wants to be asked again, and how long one waits between two looks. */

const MAX_POLL_MS = 10_000;

/** Retry-After (RFC 9110 §10.2.3), in seconds or as a date, as ms from `nowMs` on; null where there is none to be read. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/u.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

/** The gap before look number `look` (from 1) at something that the CA still works on: 250 ms, doubled up to 10 s. */
export function pollGapMs(look: number): number {
  return Math.min(MAX_POLL_MS, 250 * 2 ** Math.min(look - 1, 16));
}
