/** From the settings to a database: an embedded SQLite file, or PostgreSQL where DATABASE_URL names one. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import knexModule from 'knex';
import type { Knex } from 'knex';
import { migrationSource } from './migrations/index.js';

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
    client: 'sqlite3',
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

/** Brings the schema to the newest version. */
export async function migrate(knex: Knex): Promise<void> {
  await knex.migrate.latest();
}
