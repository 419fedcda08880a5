/** Tokens for widgets, as long as they live: to list and to revoke them. The token itself is not kept. */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('embed_tokens', (t) => {
    t.text('id').primary();
    t.integer('user_id').notNullable().references('id').inTable('users').onDelete('CASCADE');
    // Of the maker when it was made: a new password ends it.
    t.integer('token_version').notNullable();
    t.text('scope').notNullable();
    t.text('created_at').notNullable();
    t.text('expires_at').notNullable();
    t.index(['user_id', 'created_at'], 'idx_embed_tokens_user');
    t.index(['expires_at'], 'idx_embed_tokens_expiry');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('embed_tokens');
}
