/** How many operations may be started in a minute, for each user and for each connection. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Counters } from '../../watching/counters.js';
import { problem } from '../../problems/problems.js';

const DURATION_SECONDS = 60;

export interface StartLimiter {
  /** Counts one start; rejects with TOO_MANY_STARTS and Retry-After where the user or the connection had too many. */
  consume(userId: number, connectionId: number): Promise<void>;
}

/** A limiter for this process; `perMinute` 0 means no limit. */
export function makeStartLimiter(perMinute: number, counters: Counters): StartLimiter {
  if (perMinute === 0) return { consume: async () => undefined };
  const limiter = new RateLimiterMemory({ points: perMinute, duration: DURATION_SECONDS });
  const take = async (reason: 'user' | 'connection', id: number) => {
    try {
      await limiter.consume(`${reason}:${id}`);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      counters.refusedStarts.inc({ reason });
      const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw problem('TOO_MANY_STARTS', { headers: { 'retry-after': String(retryAfterSeconds) } });
    }
  };
  return {
    async consume(userId, connectionId) {
      await take('user', userId);
      await take('connection', connectionId);
    },
  };
}
