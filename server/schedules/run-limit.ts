/** Holds a run to its limits: a kind that does not heed its signal must not keep its place. */
import type { RunAnswer, ScheduleKind, ScheduleRun } from './contract.js';

export const RUN_LIMIT_MS = 5 * 60 * 1000;

/** Rejects with the signal's reason as soon as it is aborted, whatever the kind does. */
export async function within(
  signal: AbortSignal,
  kind: ScheduleKind,
  run: Omit<ScheduleRun, 'signal'>,
): Promise<RunAnswer> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([kind.run({ ...run, signal }), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
