/** The keys that are made at the first start: a file each in the data directory, for the server's own account alone. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { SettingMistake } from '../settings/values.js';

const OTHERS = 0o077;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function writeNew(path: string, content: string): void {
  const handle = openSync(path, 'wx', 0o600);
  try {
    writeSync(handle, `${content}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

// The file gets its name only when it is whole and on the disk. A link fails where the name is taken, so of two
// processes that start at once one wins and both read the winner's key.
function create(path: string, content: string): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    writeNew(draft, content);
    linkSync(draft, path);
    sync(dirname(path));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readOwn(path: string): string | null {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    if (fstatSync(handle).mode & OTHERS)
      throw new SettingMistake(`expected ${path} to be readable by its owner alone (chmod 600)`);
    return readFileSync(handle, 'utf8').trim();
  } finally {
    closeSync(handle);
  }
}

/** Makes the data directory where it is missing, closed to other accounts. */
export function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new SettingMistake(`expected ${dataDir} to be a directory that can be written (${codeOf(error)})`, {
      cause: error,
    });
  }
}

/**
 * The content of the key file `name` in `dataDir`, made by `make` where there is none yet.
 * Throws a SettingMistake where others can read it, where it does not parse, and where it can't be read or written.
 */
export function keyFile<T>(dataDir: string, name: string, make: () => string, parse: (content: string) => T): T {
  const path = join(dataDir, name);
  try {
    if (readOwn(path) === null) create(path, make());
    return parse(readOwn(path) ?? '');
  } catch (error) {
    const reason = error instanceof SettingMistake ? error.message : `can't be read or made (${codeOf(error)})`;
    throw new SettingMistake(reason.includes(path) ? reason : `${path}: ${reason}`, { cause: error });
  }
}
