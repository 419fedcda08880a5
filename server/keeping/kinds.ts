/** What a file is, by how it begins. */
import { closeSync, openSync, readSync } from 'node:fs';
import { KeepingError } from './errors.js';
import { notOurs } from './schema.js';

export type BackupKind = 'sqlite' | 'postgres';

const BEGINNINGS: Record<BackupKind, Buffer> = {
  sqlite: Buffer.from('SQLite format 3\0'),
  postgres: Buffer.from('PGDMP'),
};

const OTHER: Record<BackupKind, string> = {
  sqlite: 'is the backup of an SQLite file, and DATABASE_URL names PostgreSQL; unset it to restore this one',
  postgres: 'is the backup of a PostgreSQL database; set DATABASE_URL to restore it there',
};

function read(file: string): Buffer {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(16);
    return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(handle);
  }
}

function beginning(file: string): Buffer {
  try {
    return read(file);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
    throw new KeepingError(`${file} can't be read (${reason}).`, { cause: error });
  }
}

/** Throws where the file can't be a backup of the database that is set. */
export function checkKind(file: string, wanted: BackupKind): void {
  const begins = beginning(file);
  const kinds: BackupKind[] = ['sqlite', 'postgres'];
  const kind = kinds.find((each) => begins.subarray(0, BEGINNINGS[each].length).equals(BEGINNINGS[each]));
  if (!kind) throw notOurs(file);
  if (kind !== wanted) throw new KeepingError(`${file} ${OTHER[kind]}.`);
}
