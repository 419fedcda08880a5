/** Removing a connection with its history, but never under a running operation. */
import type { Knex } from 'knex';
import { dialectOf } from '../../db/dialect.js';

export type Removal = { outcome: 'removed' } | { outcome: 'missing' } | { outcome: 'busy'; operationId: string };

const active = (knex: Knex, id: number) =>
  knex<{ id: string }>('active_operations').where('connection_id', id).whereIn('status', ['pending', 'in_progress']);

/** Removes the connection unless an operation is active on it: exact even while one is being started. */
export function removeConnection(knex: Knex, id: number): Promise<Removal> {
  return knex.transaction(async (trx) => {
    // A start holds the connection's row until it commits, but PostgreSQL's DELETE would wait for it with an old view
    // and then take the new operation along. Waiting first gives the DELETE a view with that operation in it.
    if (dialectOf(trx).name === 'postgres') await trx('connections').where({ id }).forUpdate().select('id');
    const removed = await trx('connections').where({ id }).whereNotExists(active(trx, id).select('id')).delete();
    if (removed > 0) return { outcome: 'removed' };
    const running = await active(trx, id).first('id');
    return running ? { outcome: 'busy', operationId: running.id } : { outcome: 'missing' };
  });
}
