/** From the settings to a database: an embedded SQLite file, or PostgreSQL where DATABASE_URL names one. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import knexModule from 'knex';
import type { Knex } from 'knex';
import { dialectOf } from './dialect.js';
import { migrationSource } from './migrations/index.js';
import { PreparedSqlite } from './prepared-sqlite.js';

export interface DatabaseSettings {
  /** `postgres://…`, or null for the SQLite file in `dataDir`. */
  databaseUrl: string | null;
  dataDir: string;
}

interface SqliteConnection {
  exec(sql: string, done: (error: Error | null) => void): void;
}

// WAL lets readers go on while one writes; FULL keeps what was answered through a power cut.
const PRAGMAS =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;';

export function knexSettings(settings: DatabaseSettings): Knex.Config {
  const migrations = { migrationSource };
  if (settings.databaseUrl)
    return { client: 'pg', connection: settings.databaseUrl, pool: { min: 0, max: 10 }, migrations };
  return {
    client: PreparedSqlite as unknown as typeof Knex.Client,
    connection: { filename: join(settings.dataDir, 'signalbox.sqlite') },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection: SqliteConnection, done: (error: Error | null, connection: SqliteConnection) => void) =>
        connection.exec(PRAGMAS, (error) => done(error, connection)),
    },
    migrations,
  };
}

/** Opens the database; the directory of an SQLite file is made where it is missing. */
export function openDatabase(settings: DatabaseSettings): Knex {
  const config = knexSettings(settings);
  if (!settings.databaseUrl)
    mkdirSync(dirname((config.connection as { filename: string }).filename), { recursive: true, mode: 0o700 });
  return knexModule(config);
}

/** Any number that nobody else on the server uses; the same on every node. */
const MIGRATION_LOCK = 7_466_217_101;

/**
 * Brings the schema to the newest version. Nodes that start together do it one after the other: knex' own lock lies in a
 * table, which several would make at once on an empty database.
 */
export async function migrate(knex: Knex): Promise<void> {
  if (dialectOf(knex).name === 'sqlite') return void (await knex.migrate.latest());
  await knex.transaction(async (trx) => {
    await trx.raw('SELECT pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    await knex.migrate.latest();
  });
}
