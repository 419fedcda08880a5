/** What the routes of tokens for widgets work with. */
import type { Knex } from 'knex';
import type { Directory } from '../access/directory.js';
import type { Audit } from '../audit/contract.js';
import type { Config } from '../settings/config.js';
import type { MintLimiter } from './mint-limiter.js';

export interface EmbedParts {
  config: Pick<Config, 'jwtSecret' | 'publicUrl' | 'allowedOrigins'>;
  knex: Knex;
  directory: Directory;
  audit: Audit;
  /** ms since the epoch; the directory's own. */
  clock: () => number;
  limit: MintLimiter;
  knowsType: (type: string) => boolean;
}
