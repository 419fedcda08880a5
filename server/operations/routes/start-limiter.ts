/** How many operations may be started in a minute, for each user and for each connection. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Counters } from '../../watching/counters.js';
import { problem } from '../../problems/problems.js';

const DURATION_SECONDS = 60;

export interface StartLimiter {
  /**
   * Counts one start; rejects with TOO_MANY_STARTS and Retry-After where the user or the connection had too many, and counts
   * nothing then. What it answers with takes the count back, for a start that turned out to be none.
   */
  consume(userId: number, connectionId: number): Promise<() => Promise<void>>;
}

type Reason = 'user' | 'connection';

function refused(refusal: RateLimiterRes) {
  const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
  return problem('TOO_MANY_STARTS', { headers: { 'retry-after': String(retryAfterSeconds) } });
}

/** A limiter for this process; `perMinute` 0 means no limit. */
export function makeStartLimiter(perMinute: number, counters: Counters): StartLimiter {
  if (perMinute === 0) return { consume: async () => async () => undefined };
  const limiter = new RateLimiterMemory({ points: perMinute, duration: DURATION_SECONDS });
  const take = (key: string, reason: Reason) =>
    limiter.consume(key).catch((refusal: unknown) => {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      counters.refusedStarts.inc({ reason });
      throw refused(refusal);
    });
  return {
    async consume(userId, connectionId) {
      const taken: string[] = [];
      const giveBack = async () => {
        for (const key of taken.splice(0)) await limiter.reward(key);
      };
      const wanted: [Reason, number][] = [
        ['user', userId],
        ['connection', connectionId],
      ];
      try {
        for (const [reason, id] of wanted) {
          taken.push(`${reason}:${id}`);
          await take(`${reason}:${id}`, reason);
        }
      } catch (error) {
        await giveBack();
        throw error;
      }
      return giveBack;
    },
  };
}
