/** Certificates: CAs and their accounts, DNS credentials, what was issued and served, open challenges, schedules. */
import type { Knex } from 'knex';

const TABLES = [
  'schedule_runs',
  'schedules',
  'served_certificates',
  'challenges',
  'certificates',
  'dns_credentials',
  'certificate_authorities',
];

function times(t: Knex.CreateTableBuilder): void {
  t.text('created_at').notNullable();
  t.text('updated_at').notNullable();
}

async function authorities(knex: Knex): Promise<void> {
  await knex.schema.createTable('certificate_authorities', (t) => {
    t.increments('id');
    t.text('name').notNullable().unique();
    t.text('directory_url').notNullable();
    // What the directory's own TLS is verified by, beside the system's roots.
    t.text('directory_roots_pem');
    // What issued chains must end in; null: the system's roots.
    t.text('issued_roots_pem');
    t.text('contact_emails').notNullable().defaultTo('[]');
    t.text('eab_key_id');
    t.text('eab_hmac_key_sealed');
    // When an admin agreed to the CA's terms; nothing is registered before.
    t.text('terms_agreed_at');
    t.text('terms_agreed_by');
    t.boolean('is_default').notNullable().defaultTo(false);
    // One of our own, which can't be removed: `letsencrypt-staging`, `letsencrypt`.
    t.text('built_in');
    t.text('account_key_sealed');
    t.text('account_url');
    times(t);
  });
  await knex.schema.createTable('dns_credentials', (t) => {
    t.increments('id');
    t.text('name').notNullable().unique();
    t.text('provider').notNullable();
    // Settings that may be seen, as JSON, and those that may not, sealed as one JSON object.
    t.text('settings').notNullable().defaultTo('{}');
    t.text('secrets_sealed');
    times(t);
  });
}

async function certificates(knex: Knex): Promise<void> {
  await knex.schema.alterTable('connections', (t) => {
    t.text('certificate');
  });
  await knex.schema.createTable('certificates', (t) => {
    t.increments('id');
    t.integer('connection_id').notNullable().references('id').inTable('connections').onDelete('CASCADE');
    t.integer('authority_id').notNullable().references('id').inTable('certificate_authorities');
    // Without a reference: retention prunes operations, certificates stay.
    t.text('operation_id').notNullable();
    t.text('status').notNullable();
    t.text('names').notNullable();
    t.text('key_by').notNullable();
    t.text('key_sealed');
    t.text('csr_pem');
    t.text('order_url');
    t.text('chain_pem');
    t.text('serial_number');
    t.text('not_before');
    t.text('not_after');
    t.text('replaces');
    times(t);
    t.index(['connection_id'], 'idx_certificates_connection');
  });
  await knex.schema.createTable('challenges', (t) => {
    t.increments('id');
    t.text('operation_id').notNullable();
    // Without references: what is still up must be taken away even where the connection is gone.
    t.integer('connection_id').notNullable();
    t.integer('certificate_id').notNullable();
    t.text('kind').notNullable();
    t.text('name').notNullable();
    t.text('value').notNullable();
    t.integer('dns_credential_id');
    t.text('placed_at').notNullable();
    t.text('removed_at');
    t.unique(['certificate_id', 'kind', 'name', 'value'], { indexName: 'challenges_once' });
    t.index(['name'], 'idx_challenges_name');
  });
  await knex.schema.createTable('served_certificates', (t) => {
    t.integer('connection_id').notNullable().references('id').inTable('connections').onDelete('CASCADE');
    t.text('endpoint').notNullable();
    t.text('seen_at').notNullable();
    // A ServedCertificate as JSON, or null with the reason why nothing was seen.
    t.text('seen');
    t.text('failure');
    t.primary(['connection_id', 'endpoint']);
  });
}

async function schedules(knex: Knex): Promise<void> {
  await knex.schema.createTable('schedules', (t) => {
    t.increments('id');
    // What is done: `certificate_look`, `certificate_renewal`; one of a kind for each connection.
    t.text('kind').notNullable();
    t.integer('connection_id').notNullable().references('id').inTable('connections').onDelete('CASCADE');
    t.text('cron').notNullable();
    t.text('time_zone').notNullable();
    t.text('next_due_at').notNullable();
    // What the kind remembers between runs: failures in a row, not before when, the ARI moment; JSON.
    t.text('state').notNullable().defaultTo('{}');
    times(t);
    t.unique(['kind', 'connection_id'], { indexName: 'schedules_once' });
    t.index(['next_due_at'], 'idx_schedules_next_due');
  });
  await knex.schema.createTable('schedule_runs', (t) => {
    t.integer('schedule_id').notNullable().references('id').inTable('schedules').onDelete('CASCADE');
    t.text('due_at').notNullable();
    t.text('claimed_at').notNullable();
    t.text('node_id').notNullable();
    // Null while it runs: `started`, `done`, `not_due`, `waiting`, `skipped`, `failed`.
    t.text('outcome');
    t.text('detail');
    t.text('operation_id');
    // The claim: whoever inserts first on whichever node runs it, once.
    t.primary(['schedule_id', 'due_at']);
    t.index(['claimed_at'], 'idx_schedule_runs_open', { predicate: knex.whereRaw('outcome is null') });
  });
}

export async function up(knex: Knex): Promise<void> {
  await authorities(knex);
  await certificates(knex);
  await schedules(knex);
}

export async function down(knex: Knex): Promise<void> {
  for (const table of TABLES) await knex.schema.dropTable(table);
  await knex.schema.alterTable('connections', (t) => {
    t.dropColumn('certificate');
  });
}
