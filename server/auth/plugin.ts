/** The front door: who may come in, by which token, and the accounts behind it. */
import type { Plugin } from '@hapi/hapi';
import type { Knex } from 'knex';
import type { Directory } from '../access/directory.js';
import type { TurnsOptions } from '../access/turns.js';
import type { Audit } from '../audit/contract.js';
import type { Config } from '../settings/config.js';
import type { Counters } from '../watching/counters.js';
import { Accounts } from './accounts.js';
import type { JwksTimes } from './jwks.js';
import { LoginLimiter, type LoginLimits } from './login-limiter.js';
import type { AuthParts } from './parts.js';
import { passwordCheck } from './password-check.js';
import { sessionRoutes } from './session-routes.js';
import { openDoors } from './strategies.js';
import { userRoutes } from './user-routes.js';

export interface AuthOptions {
  config: Pick<Config, 'jwtSecret' | 'jwtIssuers'>;
  knex: Knex;
  directory: Directory;
  audit: Audit;
  counters: Counters;
  /** ms since the epoch; give the directory the same. */
  clock?: () => number;
  loginLimits?: Partial<LoginLimits>;
  jwks?: Partial<JwksTimes>;
  /** How many passwords are hashed at once, and how many wait for it; beyond that 503. */
  hashing?: TurnsOptions;
}

const SHORTEST_SECRET_BYTES = 32;

/** Registers the strategy `token` as the default of all routes, and the routes of /auth and /users. */
export const auth: Plugin<AuthOptions> = {
  name: 'signalbox-auth',
  async register(server, options) {
    const { config, knex, directory, audit, counters, hashing } = options;
    const { clock = Date.now, loginLimits = {}, jwks = {} } = options;
    if (config.jwtSecret.length < SHORTEST_SECRET_BYTES)
      throw new Error(`JWT secret: expected at least ${SHORTEST_SECRET_BYTES} bytes, got ${config.jwtSecret.length}.`);
    await openDoors(server, { config, directory, counters, clock, jwks });
    const accounts = new Accounts({ knex, directory, clock, hashing });
    const check = passwordCheck(accounts, new LoginLimiter(loginLimits), counters);
    const parts: AuthParts = { config, knex, directory, audit, counters, clock, accounts, passwordCheck: check };
    server.route([...sessionRoutes(parts), ...userRoutes(parts)]);
  },
};
