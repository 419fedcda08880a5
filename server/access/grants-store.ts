/** The SQL of grants. */
import type { Knex } from 'knex';
import type { GrantRole } from './contract.js';
import { grantRoleFrom } from './roles.js';
import { isForeignKeyViolation } from './violations.js';

/** A grant on the wire. */
export interface Grant {
  username: string;
  role: GrantRole;
}

function fromRow(row: { username: string; role: string }): Grant {
  return { username: row.username, role: grantRoleFrom(row.role) };
}

export async function listGrants(db: Knex, connectionId: number): Promise<Grant[]> {
  const rows = await db('grants')
    .join('users', 'users.id', 'grants.user_id')
    .where('grants.connection_id', connectionId)
    .orderBy('users.username')
    .select('users.username', 'grants.role');
  return rows.map(fromRow);
}

/** Makes or changes a grant; false where the connection or the user has just gone. */
export async function putGrant(db: Knex, connectionId: number, userId: number, role: GrantRole): Promise<boolean> {
  try {
    await db('grants')
      .insert({ connection_id: connectionId, user_id: userId, role })
      .onConflict(['connection_id', 'user_id'])
      .merge(['role']);
    return true;
  } catch (error) {
    if (isForeignKeyViolation(error)) return false;
    throw error;
  }
}

/** False where there was none. */
export async function removeGrant(db: Knex, connectionId: number, userId: number): Promise<boolean> {
  const removed = await db('grants').where({ connection_id: connectionId, user_id: userId }).delete();
  return removed > 0;
}
