/** The first schema: accounts, connections, the operations store with its interlocking, the log and the audit trail. */
import type { Knex } from 'knex';

const ACTIVE = "status in ('pending','in_progress')";

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('store_meta', (t) => {
    t.text('key').primary();
    t.text('value').notNullable();
  });

  await knex.schema.createTable('users', (t) => {
    t.increments('id');
    t.text('username').notNullable().unique();
    t.text('password_hash').notNullable();
    t.text('role').notNullable();
    t.integer('token_version').notNullable().defaultTo(1);
    t.text('created_at').notNullable();
    t.text('updated_at').notNullable();
  });

  await knex.schema.createTable('revoked_tokens', (t) => {
    t.text('token_id').primary();
    t.text('expires_at').notNullable();
  });

  await knex.schema.createTable('connections', (t) => {
    t.increments('id');
    t.text('name').notNullable();
    t.text('platform').notNullable();
    t.text('hostname').notNullable();
    t.integer('port').notNullable();
    t.text('username').notNullable();
    t.text('services').notNullable().defaultTo('[]');
    t.integer('owner_id').notNullable().references('id').inTable('users');
    t.text('host_key_type');
    t.text('host_key_fingerprint');
    t.text('host_key_pinned_at');
    // The key that the host last showed instead of the pinned one: what a person may accept.
    t.text('offered_key_type');
    t.text('offered_key_fingerprint');
    t.text('offered_key_at');
    t.boolean('legacy_algorithms').notNullable().defaultTo(false);
    t.text('password_sealed');
    t.text('private_key_sealed');
    t.text('passphrase_sealed');
    t.text('created_at').notNullable();
    t.text('updated_at').notNullable();
  });

  await knex.schema.createTable('grants', (t) => {
    t.integer('connection_id').notNullable().references('id').inTable('connections').onDelete('CASCADE');
    t.integer('user_id').notNullable().references('id').inTable('users').onDelete('CASCADE');
    t.text('role').notNullable();
    t.primary(['connection_id', 'user_id']);
  });

  await knex.schema.createTable('active_operations', (t) => {
    t.text('id').primary();
    t.integer('connection_id').notNullable().references('id').inTable('connections').onDelete('CASCADE');
    t.text('operation_type').notNullable();
    t.text('status').notNullable();
    t.text('started_at').notNullable();
    t.text('completed_at');
    t.integer('progress').notNullable().defaultTo(0);
    t.text('message');
    t.text('error');
    t.text('metadata');
    t.text('created_by').notNullable().defaultTo('user');
    t.integer('revision').notNullable().defaultTo(1);
    t.text('requested_by');
    t.text('parent_id');
    t.text('retry_of');
    t.text('node_id');
    t.text('lease_expires_at');
    t.integer('attempt').notNullable().defaultTo(0);
    t.text('step');
    t.text('updated_at').notNullable();
    t.text('cancel_requested_at');
    t.text('cancel_requested_by');
    t.text('params').notNullable().defaultTo('{}');
    t.text('state');
    t.integer('estimated_duration_ms').notNullable().defaultTo(0);
    t.index(['connection_id'], 'idx_active_operations_connection');
    t.index(['status'], 'idx_active_operations_status');
    // The interlocking: at most one active row for each connection and type, on every node, whoever inserts.
    t.unique(['connection_id', 'operation_type'], {
      indexName: 'active_operations_interlocking',
      predicate: knex.whereRaw(ACTIVE),
    });
  });

  await knex.schema.createTable('operation_log', (t) => {
    t.text('operation_id').notNullable().references('id').inTable('active_operations').onDelete('CASCADE');
    t.integer('seq').notNullable();
    t.text('at').notNullable();
    t.text('stream').notNullable();
    t.text('text').notNullable();
    t.primary(['operation_id', 'seq']);
  });

  await knex.schema.createTable('idempotency_keys', (t) => {
    t.integer('user_id').notNullable();
    t.text('route').notNullable();
    t.text('key').notNullable();
    t.text('fingerprint').notNullable();
    t.text('operation_id').notNullable();
    t.boolean('joined').notNullable().defaultTo(false);
    t.text('created_at').notNullable();
    t.primary(['user_id', 'route', 'key']);
  });

  await knex.schema.createTable('audit_log', (t) => {
    t.increments('id');
    t.text('at').notNullable();
    t.text('actor');
    t.text('address');
    t.text('action').notNullable();
    t.text('target');
    t.text('outcome').notNullable();
    t.text('operation_id');
    t.text('detail');
    t.index(['at'], 'idx_audit_log_at');
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'audit_log',
    'idempotency_keys',
    'operation_log',
    'active_operations',
    'grants',
    'connections',
    'revoked_tokens',
    'users',
    'store_meta',
  ])
    await knex.schema.dropTable(table);
}
