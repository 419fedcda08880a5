/**
 * What every node remembers of the database (who may do what, and the settings that are changed while it runs): on PostgreSQL a
 * change of it is said in the transaction of the change, so that the other nodes read anew at once. Triggers do it, so that
 * no write can forget it.
 */
import type { Knex } from 'knex';
import { dialectOf } from '../dialect.js';

const SAY = `
CREATE FUNCTION signalbox_remembered_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('signalbox_remembered', '');
  RETURN NULL;
END $$`;

/** Only the columns that a node remembers: a pinned key or a new password hash alone says nothing. */
const CHANGES: Record<string, string> = {
  users: 'INSERT OR DELETE OR UPDATE OF username, role, token_version',
  connections: 'INSERT OR DELETE OR UPDATE OF owner_id',
  grants: 'INSERT OR DELETE OR UPDATE',
  revoked_tokens: 'INSERT',
  store_meta: 'INSERT OR DELETE OR UPDATE',
};

const isShared = (knex: Knex): boolean => dialectOf(knex).name === 'postgres';

export async function up(knex: Knex): Promise<void> {
  if (!isShared(knex)) return;
  await knex.raw(SAY);
  for (const [table, changes] of Object.entries(CHANGES))
    await knex.raw(`CREATE TRIGGER signalbox_remembered AFTER ${changes} ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION signalbox_remembered_changed()`);
}

export async function down(knex: Knex): Promise<void> {
  // With its triggers.
  if (isShared(knex)) await knex.raw('DROP FUNCTION signalbox_remembered_changed() CASCADE');
}
