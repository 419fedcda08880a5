/** What the routes of accounts and sessions work with. */
import type { Knex } from 'knex';
import type { Directory } from '../access/directory.js';
import type { Audit } from '../audit/contract.js';
import type { Config } from '../settings/config.js';
import type { Counters } from '../watching/counters.js';
import type { Accounts } from './accounts.js';
import type { PasswordCheck } from './password-check.js';

export interface AuthParts {
  config: Pick<Config, 'jwtSecret'>;
  knex: Knex;
  directory: Directory;
  audit: Audit;
  counters: Counters;
  /** ms since the epoch. */
  clock: () => number;
  accounts: Accounts;
  passwordCheck: PasswordCheck;
}
