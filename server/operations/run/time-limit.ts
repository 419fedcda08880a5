/** Limits of time as abort signals whose reason says what ran out. */

/** A promise that has not settled this long after its signal was aborted is left behind. */
export const ABANDON_MS = 5_000;

export interface Limit {
  signal: AbortSignal;
  abort(reason: Error): void;
  /** Must be called when the work is over, or the timer lives on. */
  clear(): void;
}

/** A signal that follows `parent` and is aborted with a TimeoutError after `ms`. */
export function limit(parent: AbortSignal | null, ms: number | null): Limit {
  const controller = new AbortController();
  const follow = () => controller.abort(parent?.reason);
  if (parent?.aborted) follow();
  else parent?.addEventListener('abort', follow, { once: true });
  const expire = () => controller.abort(new DOMException('The time limit has passed.', 'TimeoutError'));
  const timer = ms === null ? null : setTimeout(expire, ms);
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    clear: () => {
      if (timer) clearTimeout(timer);
      parent?.removeEventListener('abort', follow);
    },
  };
}

export const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'TimeoutError';

/** Settles as `work` does, or rejects with the signal's reason where the work ignores its abort for `graceMs`. */
export async function settled<T>(work: Promise<T>, signal: AbortSignal, graceMs = ABANDON_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let follow = () => {};
  const abandoned = new Promise<never>((_, reject) => {
    follow = () => {
      timer = setTimeout(() => reject(signal.reason as Error), graceMs);
    };
    if (signal.aborted) follow();
    else signal.addEventListener('abort', follow, { once: true });
  });
  try {
    return await Promise.race([work, abandoned]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', follow);
  }
}
