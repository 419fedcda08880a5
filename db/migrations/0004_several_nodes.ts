/**
 * What several nodes on one PostgreSQL need to be one: which transaction changed an operation last, and a NOTIFY with each
 * commit. Triggers do it, so that no write can forget it. An SQLite file has one node and gets nothing of this.
 * docs/decisions/0014-several-nodes.md says why.
 */
import type { Knex } from 'knex';
import { dialectOf } from '../dialect.js';

// A payload of 8,000 bytes or more is an error; an empty one says "look at everything".
const PAYLOAD_BYTES = 7_900;

const STAMP = `
CREATE FUNCTION signalbox_operation_stamped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_in = pg_current_xact_id();
  RETURN NEW;
END $$`;

const TELL = `
CREATE FUNCTION signalbox_tell(revisions json) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF revisions IS NULL THEN RETURN; END IF;
  PERFORM pg_notify('signalbox_operations',
    CASE WHEN octet_length(revisions::text) < ${PAYLOAD_BYTES} THEN revisions::text ELSE '' END);
END $$`;

const INSERTED = `
CREATE FUNCTION signalbox_operations_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM signalbox_tell(json_agg(json_build_array(id, revision))) FROM stored;
  RETURN NULL;
END $$`;

/** A lease that is prolonged changes no revision, and nobody is told of it. */
const UPDATED = `
CREATE FUNCTION signalbox_operations_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM signalbox_tell(json_agg(json_build_array(stored.id, stored.revision)))
  FROM stored JOIN earlier ON earlier.id = stored.id AND earlier.revision <> stored.revision;
  RETURN NULL;
END $$`;

const LOGGED = `
CREATE FUNCTION signalbox_lines_logged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('signalbox_log', json_build_array(operation.connection_id, operation.id, lines.first, lines.last)::text)
  FROM (SELECT operation_id, min(seq) AS first, max(seq) AS last FROM stored GROUP BY operation_id) AS lines
  JOIN active_operations AS operation ON operation.id = lines.operation_id;
  RETURN NULL;
END $$`;

const TRIGGERS = [
  `CREATE TRIGGER signalbox_stamp BEFORE UPDATE ON active_operations FOR EACH ROW
   WHEN (OLD.revision IS DISTINCT FROM NEW.revision) EXECUTE FUNCTION signalbox_operation_stamped()`,
  `CREATE TRIGGER signalbox_tell_inserted AFTER INSERT ON active_operations REFERENCING NEW TABLE AS stored
   FOR EACH STATEMENT EXECUTE FUNCTION signalbox_operations_inserted()`,
  `CREATE TRIGGER signalbox_tell_updated AFTER UPDATE ON active_operations
   REFERENCING OLD TABLE AS earlier NEW TABLE AS stored
   FOR EACH STATEMENT EXECUTE FUNCTION signalbox_operations_updated()`,
  `CREATE TRIGGER signalbox_tell_logged AFTER INSERT ON operation_log REFERENCING NEW TABLE AS stored
   FOR EACH STATEMENT EXECUTE FUNCTION signalbox_lines_logged()`,
];

const TRIGGER_FUNCTIONS = [
  'signalbox_lines_logged',
  'signalbox_operations_updated',
  'signalbox_operations_inserted',
  'signalbox_operation_stamped',
];

const isShared = (knex: Knex): boolean => dialectOf(knex).name === 'postgres';

export async function up(knex: Knex): Promise<void> {
  if (!isShared(knex)) return;
  await knex.raw('ALTER TABLE active_operations ADD COLUMN changed_in xid8 NOT NULL DEFAULT pg_current_xact_id()');
  await knex.raw('CREATE INDEX idx_active_operations_changed_in ON active_operations (changed_in)');
  for (const sql of [STAMP, TELL, INSERTED, UPDATED, LOGGED, ...TRIGGERS]) await knex.raw(sql);
}

export async function down(knex: Knex): Promise<void> {
  if (!isShared(knex)) return;
  // With its triggers.
  for (const name of TRIGGER_FUNCTIONS) await knex.raw(`DROP FUNCTION ${name}() CASCADE`);
  await knex.raw('DROP FUNCTION signalbox_tell(json)');
  await knex.raw('ALTER TABLE active_operations DROP COLUMN changed_in');
}
