/** Backup and restore of the SQLite file. A restore works on a draft and overwrites the file, which it holds all the while, in one step. */
import { copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import {
  copyInto,
  copyOut,
  faultOf,
  holdFile,
  openFile,
  overwrite,
  sqliteCode,
  type SqliteFile,
} from '../../db/sqlite-file.js';
import type { BackupRequest, RestoreReport, RestoreRequest } from './contract.js';
import { KeepingError } from './errors.js';
import { newFile } from './new-file.js';
import { notOurs, nothingHere, upgrade } from './schema.js';
import { unopened } from './sealed.js';
import { BACKED_UP_AT, settle } from './settle.js';
import { readSignedOut, type SignedOut } from './signed-out.js';
import { stamped } from './stamp.js';

const DAMAGED = ['SQLITE_NOTADB', 'SQLITE_CORRUPT'];
const WITH_WAL = ['', '-wal'];
const ALL_FILES = ['', '-wal', '-shm'];

const fileOf = (dataDir: string) => join(dataDir, 'signalbox.sqlite');
const isDamage = (error: unknown) => DAMAGED.includes(sqliteCode(error) ?? '');

async function mark(path: string, now: number): Promise<void> {
  const copy = await openFile(path);
  try {
    const fault = await faultOf(copy.knex);
    if (fault) throw new KeepingError(`The copy is damaged, so there is no backup: ${fault}.`);
    if (!(await copy.knex.schema.hasTable('store_meta'))) throw nothingHere();
    const value = new Date(now).toISOString();
    await copy.knex('store_meta').insert({ key: BACKED_UP_AT, value }).onConflict('key').merge();
  } finally {
    await copy.close();
  }
}

/** Works while a server runs; it holds what was committed when it began. */
export async function backUpSqlite({ config, file, force, now }: BackupRequest): Promise<void> {
  const path = fileOf(config.dataDir);
  if (!existsSync(path))
    throw new KeepingError(`There is no database at ${path}.`, { hint: 'Set SIGNALBOX_DATA_DIR to its directory.' });
  await newFile({ path: file, replaces: force }, async (draft) => {
    try {
      await copyInto(path, draft);
    } catch (error) {
      if (!isDamage(error)) throw error;
      const hint = 'Keep it as it is, and restore the last backup that is whole.';
      throw new KeepingError(`The database at ${path} is damaged.`, { hint, cause: error });
    }
    await mark(draft, now);
  });
}

/** Null where it is damaged, and so is nobody's to use. */
async function hold(path: string): Promise<SqliteFile | null> {
  try {
    return await holdFile(path);
  } catch (error) {
    if (isDamage(error)) return null;
    if (sqliteCode(error) !== 'SQLITE_BUSY') throw error;
    const hint = 'Stop every server that uses it, then restore.';
    throw new KeepingError(`The database at ${path} is in use.`, { hint, cause: error });
  }
}

async function holdWhole(path: string): Promise<SqliteFile | null> {
  const held = await hold(path);
  if (!held) return null;
  try {
    if ((await faultOf(held.knex)) === null) return held;
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  await held.close();
  return null;
}

/** A copied file may have its last changes beside it. */
function copyAll(from: string, to: string): void {
  for (const suffix of WITH_WAL) if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix);
}

function removeAll(path: string): void {
  for (const suffix of [...ALL_FILES, '-journal']) rmSync(path + suffix, { force: true });
}

function moveAll(from: string, to: string): void {
  for (const suffix of ALL_FILES) if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
}

async function openDraft(draft: string, file: string): Promise<SqliteFile> {
  try {
    return await openFile(draft);
  } catch (error) {
    throw isDamage(error) ? notOurs(file, error) : error;
  }
}

async function backedUpAt(db: Knex, file: string): Promise<string> {
  const row = await db<{ key: string; value: string }>('store_meta').where({ key: BACKED_UP_AT }).first();
  return row?.value ?? statSync(file).mtime.toISOString();
}

type Prepared = Omit<RestoreReport, 'kept' | 'wasDamaged'>;

async function prepare(draft: string, request: RestoreRequest, signedOut: SignedOut | null): Promise<Prepared> {
  const { config, file, now } = request;
  const { knex, close } = await openDraft(draft, file);
  try {
    const fault = await faultOf(knex);
    if (fault) throw new KeepingError(`${file} is damaged: ${fault}.`, { hint: 'Restore another backup.' });
    const schema = await upgrade(knex, file);
    const at = await backedUpAt(knex, file);
    const settled = await knex.transaction((trx) => settle(trx, { backedUpAt: at, signedOut, now }));
    return { ...settled, schema, backedUpAt: at, unopened: await unopened(knex, config) };
  } finally {
    await close();
  }
}

interface Place {
  path: string;
  /** Whether there was no database. */
  isNew: boolean;
  /** Null where the database that is there is damaged. */
  held: SqliteFile | null;
}

/** Through SQLite, since a file that is opened and closed here otherwise is held no more. */
export const keepIn = (held: SqliteFile, kept: string): Promise<void> =>
  newFile({ path: kept }, (empty) => copyOut(held, empty));

async function makeNew(path: string, draft: string): Promise<void> {
  const fresh = await holdFile(path);
  await overwrite(fresh, draft).finally(() => fresh.close());
}

/** A damaged file is moved, and back again where nothing can take its place. */
async function replaceDamaged(path: string, kept: string, draft: string): Promise<void> {
  moveAll(path, kept);
  try {
    await makeNew(path, draft);
  } catch (error) {
    removeAll(path);
    moveAll(kept, path);
    throw error;
  }
}

/** Replaces the content; answers with where the old one is. */
async function replace({ path, isNew, held }: Place, draft: string, now: number): Promise<string | null> {
  const kept = `${path}.before-${stamped(now)}`;
  if (!held) await replaceDamaged(path, kept, draft);
  else {
    if (!isNew) await keepIn(held, kept);
    await overwrite(held, draft);
  }
  return isNew ? null : kept;
}

async function restoreInto(place: Place, request: RestoreRequest): Promise<RestoreReport> {
  const { path, held } = place;
  const draft = `${path}.restoring`;
  // Left by one that was cut off: whoever holds the file is the only one.
  removeAll(draft);
  try {
    copyAll(request.file, draft);
    const prepared = await prepare(draft, request, held && (await readSignedOut(held.knex)));
    return { ...prepared, wasDamaged: !held, kept: await replace(place, draft, request.now) };
  } finally {
    removeAll(draft);
  }
}

function refuseItself(file: string, path: string): void {
  const [one, other] = [statSync(file), statSync(path)];
  if (one.dev === other.dev && one.ino === other.ino) throw new KeepingError(`${file} is the database itself.`);
}

/** Nothing is changed unless all of it succeeds. */
export async function restoreSqlite(request: RestoreRequest): Promise<RestoreReport> {
  const path = fileOf(request.config.dataDir);
  const isNew = !existsSync(path);
  if (!isNew) refuseItself(request.file, path);
  const held = await holdWhole(path);
  try {
    return await restoreInto({ path, isNew, held }, request);
  } catch (error) {
    if (isNew) removeAll(path);
    throw error;
  } finally {
    await held?.close();
  }
}
