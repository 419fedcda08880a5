/** The SQL of tokens that were signed out before their time. */
import type { Knex } from 'knex';

/** Keeps the id until the token would have ended anyway, and forgets those that have. */
export async function storeRevocation(db: Knex, tokenId: string, expiresAtMs: number, nowMs: number): Promise<void> {
  await db('revoked_tokens')
    .insert({ token_id: tokenId, expires_at: new Date(expiresAtMs).toISOString() })
    .onConflict('token_id')
    .ignore();
  await db('revoked_tokens').where('expires_at', '<=', new Date(nowMs).toISOString()).delete();
}
