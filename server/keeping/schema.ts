/** Whose a restored database is, by the migrations that it names, and how it becomes the newest. */
import type { Knex } from 'knex';
import { migrationSource } from '../../db/migrations/index.js';
import { KeepingError } from './errors.js';

const OURS = ['knex_migrations', 'store_meta', 'active_operations'];

export const notOurs = (file: string, cause?: unknown) =>
  new KeepingError(`${file} is not a backup of Signalbox.`, { cause });

/** Of the database that was to be backed up. */
export const nothingHere = () =>
  new KeepingError('The database holds nothing of Signalbox, so there is nothing to back up.', {
    hint: 'Start the server once, or name its database in DATABASE_URL or SIGNALBOX_DATA_DIR.',
  });

/** The names of the migrations that made it. Throws where it is not Signalbox's or of a newer version. */
async function checked(db: Knex, file: string): Promise<string[]> {
  for (const table of OURS) if (!(await db.schema.hasTable(table))) throw notOurs(file);
  const names = (await db('knex_migrations').orderBy('id').pluck('name')) as string[];
  const known = await migrationSource.getMigrations([]);
  if (names[0] !== known[0]) throw notOurs(file);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return names;
  throw new KeepingError(`${file} was made by a newer version: ${unknown.join(', ')} is not known here.`, {
    hint: 'Restore it with the version that made it, or a newer one.',
  });
}

/** Brings it to the newest schema; answers with the last migration that it had. */
export async function upgrade(db: Knex, file: string): Promise<string> {
  const names = await checked(db, file);
  // A backup that was made during a migration holds the lock of a process that is not there.
  await db.migrate.forceFreeMigrationsLock();
  await db.migrate.latest();
  return names.at(-1) as string;
}
