/** How many tokens for widgets one maker may have made in a minute. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { problem } from '../problems/problems.js';

const DURATION_SECONDS = 60;

/** Counts one; rejects with TOO_MANY_EMBED_TOKENS and Retry-After where there were too many. */
export type MintLimiter = (userId: number) => Promise<void>;

/** A limiter for this process; `perMinute` 0 means no limit. */
export function makeMintLimiter(perMinute: number): MintLimiter {
  if (perMinute === 0) return () => Promise.resolve();
  const limiter = new RateLimiterMemory({ points: perMinute, duration: DURATION_SECONDS });
  return async (userId) => {
    try {
      await limiter.consume(userId);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw problem('TOO_MANY_EMBED_TOKENS', { headers: { 'Retry-After': String(seconds) } });
    }
  };
}
