/** What the routes of connections work with. Types only. */
import type { Knex } from 'knex';
import type { Access, Owners } from '../access/contract.js';
import type { Audit } from '../audit/contract.js';
import type { Vault } from '../keys/vault.js';
import type { PlatformRegistry } from '../platforms/registry.js';

/** The live rights, told of each connection that comes or goes. */
export interface ConnectionAccess extends Access, Owners {
  putConnection(id: number, ownerId: number): void;
  removeConnection(id: number): void;
}

export interface ConnectionsOptions {
  knex: Knex;
  vault: Vault;
  access: ConnectionAccess;
  audit: Audit;
  platforms: PlatformRegistry;
  /** Told of each connection that was added or changed, before its answer. */
  changed?(id: number): Promise<void>;
}
