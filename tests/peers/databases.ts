/** The same cases on both databases: an empty, migrated one for each case. */
import type { Test } from 'tap';
import type { Knex } from 'knex';
import { migrate, openDatabase, type DatabaseSettings } from '../../db/knexfile.js';
import { startPostgres } from './postgres.js';
import { tempDir } from './temp.js';

export interface FreshDatabase {
  knex: Knex;
  settings: DatabaseSettings;
}

type Case = (t: Test, database: FreshDatabase) => Promise<void>;

/** An empty, migrated SQLite database, closed and removed at the end of `t`. */
export async function freshSqlite(t: Test): Promise<FreshDatabase> {
  const directory = await tempDir();
  const settings = { databaseUrl: null, dataDir: directory.path };
  const knex = openDatabase(settings);
  t.teardown(async () => {
    await knex.destroy();
    await directory.remove();
  });
  await migrate(knex);
  return { knex, settings };
}

/** Starts one PostgreSQL for the file; the returned function runs a case on SQLite and on it. */
export async function bothDatabases(t: Test): Promise<(title: string, run: Case) => Promise<void>> {
  const postgres = await startPostgres();
  t.teardown(() => postgres.stop());
  const freshPostgres = async (test: Test): Promise<FreshDatabase> => {
    const settings = { databaseUrl: await postgres.freshDatabase(), dataDir: '' };
    const knex = openDatabase(settings);
    test.teardown(() => knex.destroy());
    await migrate(knex);
    return { knex, settings };
  };
  return async (title, run) => {
    await t.test(`${title} (SQLite)`, async (test) => run(test, await freshSqlite(test)));
    await t.test(`${title} (PostgreSQL)`, async (test) => run(test, await freshPostgres(test)));
  };
}

/** A user and as many connections as asked for; answers with the connections' ids. */
export async function seedConnections(knex: Knex, count: number): Promise<number[]> {
  const at = new Date().toISOString();
  const stamps = { created_at: at, updated_at: at };
  const [user] = await knex('users')
    .insert({ username: 'owner', password_hash: '-', role: 'operator', ...stamps })
    .returning('id');
  const rows = Array.from({ length: count }, (_, index) => ({
    name: `host-${index + 1}`,
    platform: 'linux',
    hostname: '127.0.0.1',
    port: 22,
    username: 'nobody',
    owner_id: (user as { id: number }).id,
    ...stamps,
  }));
  await knex.batchInsert('connections', rows, 50);
  const inserted = await knex<{ id: number }>('connections').orderBy('id').select('id');
  return inserted.map((row) => row.id);
}
