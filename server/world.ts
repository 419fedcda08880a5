/** The engine's view of connections and platforms. */
import type { Knex } from 'knex';
import { meetHostKey } from './connections/host-keys.js';
import { openCredentials } from './connections/secrets.js';
import { targetOf } from './connections/store.js';
import type { Vault } from './keys/vault.js';
import type { World } from './operations/world.js';
import type { PlatformRegistry } from './platforms/registry.js';

export function makeWorld(knex: Knex, vault: Vault, registry: PlatformRegistry): World {
  return {
    target: (connectionId) => targetOf(knex, registry, connectionId),
    platform: (name) => registry.get(name),
    openCredentials: (connectionId) => openCredentials(knex, vault, connectionId),
    pinHostKey: (connectionId, key) => meetHostKey(knex, connectionId, key),
  };
}
