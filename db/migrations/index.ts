/** The migrations by name, in order: a list in code, so that a name is the same whether sources or the build run. */
import type { Knex } from 'knex';
import * as firstLight from './0001_first_light.js';
import * as platformSettings from './0002_platform_settings.js';
import * as certificates from './0003_certificates.js';
import * as severalNodes from './0004_several_nodes.js';
import * as embedTokens from './0005_embed_tokens.js';
import * as remembered from './0006_remembered.js';

const migrations: Record<string, Knex.Migration> = {
  '0001_first_light': firstLight,
  '0002_platform_settings': platformSettings,
  '0003_certificates': certificates,
  '0004_several_nodes': severalNodes,
  '0005_embed_tokens': embedTokens,
  '0006_remembered': remembered,
};

export const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => Object.keys(migrations).sort(),
  getMigrationName: (name) => name,
  getMigration: async (name) => {
    const migration = migrations[name];
    if (!migration) throw new Error(`There is no migration ${name}.`);
    return migration;
  },
};
