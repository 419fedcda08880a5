/** What is in a PostgreSQL database's schema before a restore, and how it goes. Everything here is in the caller's transaction. */
import type { Knex } from 'knex';
import { KeepingError } from './errors.js';

const LOCK_WAIT = '5s';
/** https://www.postgresql.org/docs/15/errcodes-appendix.html, dependent_objects_still_exist */
const DEPENDED_ON = '2BP01';

interface Answer<T> {
  rows: T[];
}

export async function tablesOf(db: Knex): Promise<string[]> {
  const sql = 'SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename';
  const { rows } = (await db.raw(sql)) as Answer<{ tablename: string }>;
  return rows.map(({ tablename }) => tablename);
}

const named = (trx: Knex, tables: string[]) => trx.raw(tables.map(() => '??').join(', '), tables).toQuery();

/** Whoever comes now waits until the restore has ended, and sees what was restored. */
export async function lockAll(trx: Knex, tables: string[]): Promise<void> {
  if (tables.length === 0) return;
  await trx.raw(`SET LOCAL lock_timeout = '${LOCK_WAIT}'`);
  await trx.raw(`LOCK TABLE ${named(trx, tables)} IN ACCESS EXCLUSIVE MODE`);
}

/** What others have made upon these tables is not taken away with them. */
async function drop(trx: Knex, tables: string[]): Promise<void> {
  try {
    await trx.raw(`DROP TABLE ${named(trx, tables)}`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === DEPENDED_ON)) throw error;
    const things = 'detail' in error ? `: ${String(error.detail)}` : '';
    const hint = 'Take those away first, or restore into an empty database.';
    throw new KeepingError(`Others have built upon the tables${things}.`, { hint, cause: error });
  }
}

/** Takes the tables and our own functions away. */
export async function emptySchema(trx: Knex, tables: string[]): Promise<void> {
  if (tables.length > 0) await drop(trx, tables);
  const { rows } = (await trx.raw(
    `SELECT oid::regprocedure::text AS signature FROM pg_proc
     WHERE pronamespace = current_schema()::regnamespace AND starts_with(proname, 'signalbox_')`,
  )) as Answer<{ signature: string }>;
  // Quoted by the database where that is needed.
  for (const { signature } of rows) await trx.raw(`DROP FUNCTION ${signature}`);
}

/** Tables that the newest schema does not have were not for us to drop. */
export function refuseStrangers(before: string[], after: string[]): void {
  const strangers = before.filter((name) => !after.includes(name));
  if (strangers.length === 0) return;
  throw new KeepingError(`The database holds tables that this version does not know: ${strangers.join(', ')}.`, {
    hint: 'Restore into an empty database, and name that one in DATABASE_URL.',
  });
}
