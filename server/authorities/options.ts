/** What the routes of CAs work with. */
import type { Knex } from 'knex';
import type { Access } from '../access/contract.js';
import type { ReachAuthority } from '../acme/contract.js';
import type { Audit } from '../audit/contract.js';
import type { Vault } from '../keys/vault.js';

export interface AuthoritiesOptions {
  knex: Knex;
  vault: Vault;
  access: Access;
  audit: Audit;
  reach: ReachAuthority;
  /** How long a CA may take to say where its terms are; default 5,000. */
  termsTimeoutMs?: number;
}
