/** The SQL of accounts. Each function is one statement or one transaction. */
import type { Knex } from 'knex';
import type { Account, Role } from '../access/contract.js';
import { roleFrom } from '../access/roles.js';
import { isForeignKeyViolation } from '../access/violations.js';
import { dialectOf } from '../../db/dialect.js';

export interface UserRecord extends Account {
  passwordHash: string;
  createdAt: string;
  updatedAt: string;
}

export interface NewUser {
  username: string;
  passwordHash: string;
  role: Role;
}

export interface UserChange {
  passwordHash?: string | undefined;
  role?: Role | undefined;
}

interface Row {
  id: number;
  username: string;
  password_hash: string;
  role: string;
  token_version: number;
  created_at: string;
  updated_at: string;
}

const NOT_THE_LAST_ADMIN = `(role <> 'admin' or (select count(*) from users as others where others.role = 'admin') > 1)`;
const OWNS_NOTHING = 'not exists (select 1 from connections where connections.owner_id = users.id)';

function fromRow(row: Row): UserRecord {
  return {
    id: row.id,
    username: row.username,
    passwordHash: row.password_hash,
    role: roleFrom(row.role),
    tokenVersion: row.token_version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const firstOf = (rows: Row[]): UserRecord | null => (rows[0] ? fromRow(rows[0]) : null);

export async function listUsers(db: Knex): Promise<UserRecord[]> {
  return (await db<Row>('users').orderBy('username').select('*')).map(fromRow);
}

export async function findUser(db: Knex, username: string): Promise<UserRecord | null> {
  return firstOf(await db<Row>('users').where({ username }).select('*'));
}

export async function hasUsers(db: Knex): Promise<boolean> {
  return (await db('users').select('id').limit(1)).length > 0;
}

export async function ownsConnections(db: Knex, userId: number): Promise<boolean> {
  return (await db('connections').where({ owner_id: userId }).select('id').limit(1)).length > 0;
}

/** Null where the name is taken. */
export async function insertUser(db: Knex, { username, passwordHash, role }: NewUser, at: string) {
  const row = { username, password_hash: passwordHash, role, created_at: at, updated_at: at };
  return firstOf(await db<Row>('users').insert(row).onConflict('username').ignore().returning('*'));
}

/** SQLite writes one statement at a time; PostgreSQL has to be told that two demotions look at the same rows. */
function guarded<T>(db: Knex, work: (trx: Knex) => Promise<T>): Promise<T> {
  if (dialectOf(db).name === 'sqlite') return work(db);
  return db.transaction(async (trx) => {
    await trx('users').where({ role: 'admin' }).orderBy('id').forUpdate().select('id');
    return work(trx);
  });
}

/** Changes an account; a new password raises its token version. Null where there is none, or it is the last admin. */
export function updateUser(db: Knex, username: string, { passwordHash, role }: UserChange, at: string) {
  return guarded(db, async (trx) => {
    const query = trx<Row>('users').where({ username });
    if (role !== undefined && role !== 'admin') query.whereRaw(NOT_THE_LAST_ADMIN);
    const values: Record<string, unknown> = { updated_at: at };
    if (role !== undefined) values['role'] = role;
    if (passwordHash !== undefined) {
      values['password_hash'] = passwordHash;
      values['token_version'] = trx.raw('token_version + 1');
    }
    return firstOf((await query.update(values).returning('*')) as Row[]);
  });
}

/** Removes an account with its grants; false where there is none, it is the last admin, or it owns connections. */
export async function deleteUser(db: Knex, username: string): Promise<boolean> {
  try {
    const removed = await guarded(db, (trx) =>
      trx('users').where({ username }).whereRaw(NOT_THE_LAST_ADMIN).whereRaw(OWNS_NOTHING).delete(),
    );
    return removed > 0;
  } catch (error) {
    // PostgreSQL: a connection of this owner was stored after the statement had begun.
    if (isForeignKeyViolation(error)) return false;
    throw error;
  }
}
