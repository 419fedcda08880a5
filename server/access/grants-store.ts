/** The SQL of grants. */
import type { Knex } from 'knex';
import type { GrantRole } from './contract.js';
import { grantRoleFrom } from './roles.js';

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
  const rows = await db('grants')
    .insert(
      db
        .select(db.raw('connections.id, users.id, ?', [role]))
        .from('connections')
        .crossJoin(db.raw('users'))
        .where('connections.id', connectionId)
        .where('users.id', userId),
    )
    .onConflict(['connection_id', 'user_id'])
    .merge({ role })
    .returning('user_id');
  return rows.length > 0;
}

/** False where there was none. */
export async function removeGrant(db: Knex, connectionId: number, userId: number): Promise<boolean> {
  const removed = await db('grants').where({ connection_id: connectionId, user_id: userId }).delete();
  return removed > 0;
}
