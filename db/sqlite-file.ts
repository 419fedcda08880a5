/** An SQLite file as a whole: copied while others use it, held so that nobody else can, overwritten in one step. */
import knexModule from 'knex';
import type { Knex } from 'knex';
import { migrationSource } from './migrations/index.js';

/** How long somebody else's lock is waited for: a server that was stopped this moment is still letting go. */
const PATIENCE_MS = 2_000;

/** Without WAL, whose header would go into the file and ask for two more files beside it. */
const SINGLE = ['PRAGMA journal_mode = DELETE', 'PRAGMA synchronous = FULL', 'PRAGMA foreign_keys = ON'];
// Leaving WAL takes the file's exclusive lock, which fails while anybody has it open, and exclusive mode keeps that lock.
const HELD = ['PRAGMA locking_mode = EXCLUSIVE', ...SINGLE, 'BEGIN EXCLUSIVE', 'COMMIT'];

/** As much of the driver as is used here. */
interface Backup {
  step(pages: number, done: (error: Error | null) => void): void;
  finish(done: (error: Error | null) => void): void;
  retryErrors: number[];
}

interface Connection {
  configure(option: 'busyTimeout', value: number): void;
  backup(file: string, to: string, from: string, fileIsTarget: boolean, ready: (error: Error | null) => void): Backup;
}

export interface SqliteFile {
  path: string;
  knex: Knex;
  connection: Connection;
  close(): Promise<void>;
}

/** The driver's word for what went wrong, as `SQLITE_BUSY`; null where the error is none of SQLite's. */
export function sqliteCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_') ? code : null;
}

async function open(path: string, first: string[]): Promise<SqliteFile> {
  const opened: { connection?: Connection } = {};
  const knex = knexModule({
    client: 'sqlite3',
    connection: { filename: path },
    useNullAsDefault: true,
    pool: {
      ...{ min: 1, max: 1 },
      afterCreate: (connection: Connection, done: (error: Error | null, connection: Connection) => void) => {
        opened.connection = connection;
        connection.configure('busyTimeout', PATIENCE_MS);
        done(null, connection);
      },
    },
    migrations: { migrationSource },
  });
  try {
    for (const statement of first) await knex.raw(statement);
    // The first page is read here, so what is no database fails now.
    await knex.raw('SELECT count(*) FROM sqlite_master');
  } catch (error) {
    await knex.destroy();
    throw error;
  }
  return { path, knex, connection: opened.connection as Connection, close: () => knex.destroy() };
}

/** Opens a file that nobody else uses. Rejects with SQLITE_NOTADB where it is no database. */
export const openFile = (path: string): Promise<SqliteFile> => open(path, SINGLE);

/**
 * Opens the file and keeps everybody else out until it is closed; made where it is missing. Rejects with SQLITE_BUSY where
 * somebody uses it. This process must not open the file by other means: closing it again would give the lock away
 * (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
export const holdFile = (path: string): Promise<SqliteFile> => open(path, HELD);

/** What is wrong with the content, in SQLite's words; null where it is whole. */
export async function faultOf(knex: Knex): Promise<string | null> {
  const [row] = (await knex.raw('PRAGMA integrity_check(1)')) as { integrity_check: string }[];
  return row?.integrity_check === 'ok' ? null : (row?.integrity_check ?? 'nothing was checked');
}

/** Writes what is committed now into `target`, an empty file. */
export async function copyOut({ knex }: Pick<SqliteFile, 'knex'>, target: string): Promise<void> {
  await knex.raw('VACUUM INTO ?', [target]);
}

/** The same of a file that others go on reading and writing. */
export async function copyInto(path: string, target: string): Promise<void> {
  const source = await open(path, []);
  await copyOut(source, target).finally(() => source.close());
}

const called = (work: (done: (error: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));

/** Gives a held file the content of another one, in one transaction: whatever ends this, it holds the one or the other. */
export async function overwrite({ connection }: SqliteFile, source: string): Promise<void> {
  const started: { backup?: Backup } = {};
  await called((done) => (started.backup = connection.backup(source, 'main', 'main', false, done)));
  const backup = started.backup as Backup;
  backup.retryErrors = [];
  try {
    await called((done) => backup.step(-1, done));
  } finally {
    await called((done) => backup.finish(done));
  }
}
