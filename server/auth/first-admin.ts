/** The first account of an empty house. */
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Directory } from '../access/directory.js';
import { hashPassword, PASSWORD_LENGTH } from './passwords.js';
import { hasUsers, insertUser } from './users.js';

export interface FirstAdminOptions {
  knex: Knex;
  directory: Directory;
  /** The password of the settings; null: one is made. */
  adminPassword: string | null;
  clock?: () => number;
}

const NAME = 'admin';

/**
 * Makes the user `admin` where there are no users. Answers with the password that it made, to be shown once; null where
 * the settings gave one or there was nothing to do. Of two nodes that start at once, one makes it.
 */
export async function ensureFirstAdmin(options: FirstAdminOptions): Promise<string | null> {
  const { knex, directory, adminPassword, clock = Date.now } = options;
  if (await hasUsers(knex)) return null;
  const password = adminPassword ?? randomBytes(18).toString('base64url');
  if (password.length < PASSWORD_LENGTH.min || password.length > PASSWORD_LENGTH.max)
    throw new Error(
      `SIGNALBOX_ADMIN_PASSWORD: expected ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters, got ${password.length}.`,
    );
  const passwordHash = await hashPassword(password);
  const user = await insertUser(knex, { username: NAME, passwordHash, role: 'admin' }, new Date(clock()).toISOString());
  await directory.reload();
  return user && adminPassword === null ? password : null;
}
