/** Everything that decides who may do what, as it stands in the tables. */
import type { Knex } from 'knex';
import { dialectOf } from '../../db/dialect.js';
import type { Account, GrantRole } from './contract.js';
import { grantRoleFrom, roleFrom } from './roles.js';

export interface Rights {
  accounts: Map<number, Account>;
  /** Connection → owner. */
  owners: Map<number, number>;
  /** Connection → user → role. */
  grants: Map<number, Map<number, GrantRole>>;
  /** Token id → when the token would have ended anyway, in ms since the epoch. */
  revoked: Map<string, number>;
}

interface Rows {
  accounts: { id: number; username: string; role: string; token_version: number }[];
  owners: { id: number; owner_id: number }[];
  grants: { connection_id: number; user_id: number; role: string }[];
  revoked: { token_id: string; expires_at: string }[];
}

async function readRows(knex: Knex, now: string): Promise<Rows> {
  // One picture of the four tables; SQLite's transactions are so by themselves.
  const options: Knex.TransactionConfig =
    dialectOf(knex).name === 'postgres' ? { isolationLevel: 'repeatable read', readOnly: true } : {};
  return knex.transaction(
    async (trx) => ({
      accounts: await trx('users').select('id', 'username', 'role', 'token_version'),
      owners: await trx('connections').select('id', 'owner_id'),
      grants: await trx('grants').select('connection_id', 'user_id', 'role'),
      revoked: await trx('revoked_tokens').where('expires_at', '>', now).select('token_id', 'expires_at'),
    }),
    options,
  );
}

/** Reads the four tables; tokens that ended before `nowMs` are left out. */
export async function readRights(knex: Knex, nowMs: number): Promise<Rights> {
  const rows = await readRows(knex, new Date(nowMs).toISOString());
  const grants: Rights['grants'] = new Map();
  for (const row of rows.grants) {
    const users = grants.get(row.connection_id) ?? new Map<number, GrantRole>();
    grants.set(row.connection_id, users.set(row.user_id, grantRoleFrom(row.role)));
  }
  return {
    accounts: new Map(
      rows.accounts.map(({ id, username, role, token_version }) => [
        id,
        { id, username, role: roleFrom(role), tokenVersion: token_version },
      ]),
    ),
    owners: new Map(rows.owners.map((row) => [row.id, row.owner_id])),
    grants,
    revoked: new Map(rows.revoked.map((row) => [row.token_id, Date.parse(row.expires_at)])),
  };
}
