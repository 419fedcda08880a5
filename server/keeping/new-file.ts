/** A file for its owner alone, which gets its name when it is whole and on the disk. */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { KeepingError } from './errors.js';

export interface NewFile {
  path: string;
  /** Whether a file of that name is replaced; else it is a reason to refuse. */
  replaces?: boolean;
}

const taken = (path: string, cause?: unknown) =>
  new KeepingError(`${path} exists already.`, { hint: 'Name another file, or add --force to replace it.', cause });

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

// A link fails where the name is taken, also by somebody who came meanwhile.
function giveName(draft: string, { path, replaces }: NewFile): void {
  if (replaces) return renameSync(draft, path);
  try {
    linkSync(draft, path);
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST' ? taken(path, error) : error;
  }
}

function emptyDraft(path: string): string {
  const draft = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    return draft;
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
    throw new KeepingError(`Nothing can be written into ${dirname(path)} (${reason}).`, { cause: error });
  }
}

/** Lets `fill` write into an empty file beside the name, which becomes the name's own when `fill` has ended well. */
export async function newFile(wanted: NewFile, fill: (draft: string) => Promise<void>): Promise<void> {
  if (!wanted.replaces && existsSync(wanted.path)) throw taken(wanted.path);
  const draft = emptyDraft(wanted.path);
  try {
    await fill(draft);
    sync(draft);
    giveName(draft, wanted);
    sync(dirname(wanted.path));
  } finally {
    rmSync(draft, { force: true });
  }
}
