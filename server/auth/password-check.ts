/** The one way to try a password, wherever it is asked for: counted first, then verified. */
import Boom from '@hapi/boom';
import type { Counters } from '../watching/counters.js';
import type { Accounts } from './accounts.js';
import type { LoginLimiter } from './login-limiter.js';
import type { UserRecord } from './users.js';

/** The account whose password this is, or null; throws TOO_MANY_LOGINS after repeated failures. */
export type PasswordCheck = (address: string, username: string, password: string) => Promise<UserRecord | null>;

export function passwordCheck(accounts: Accounts, limiter: LoginLimiter, counters: Counters): PasswordCheck {
  return async (address, username, password) => {
    try {
      await limiter.begin(address, username);
    } catch (error) {
      if (Boom.isBoom(error, 429)) counters.refusedLogins.inc({ reason: 'limit' });
      throw error;
    }
    const user = await accounts.authenticate(username, password);
    if (user) await limiter.succeeded(address, username);
    return user;
  };
}
