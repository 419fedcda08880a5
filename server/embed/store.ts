/** The SQL of tokens for widgets. Each function is one statement or one transaction. */
import type { Knex } from 'knex';
import type { Account } from '../access/contract.js';
import { isForeignKeyViolation } from '../access/violations.js';
import { storeRevocation } from '../auth/revoked-tokens.js';
import type { EmbedScope, EmbedToken } from './contract.js';

interface Row {
  id: string;
  user_id: number;
  token_version: number;
  scope: string;
  created_at: string;
  expires_at: string;
}

const iso = (ms: number): string => new Date(ms).toISOString();

function fromRow({ id, scope, created_at, expires_at }: Row): EmbedToken {
  return { id, ...(JSON.parse(scope) as EmbedScope), createdAt: created_at, expiresAt: expires_at };
}

export interface NewEmbedToken {
  id: string;
  maker: Account;
  scope: EmbedScope;
  createdAtMs: number;
  expiresAtMs: number;
}

/** Keeps a new token and forgets those that have ended; false where its maker has just gone. */
export async function insertEmbedToken(db: Knex, token: NewEmbedToken): Promise<boolean> {
  const { id, maker, scope, createdAtMs, expiresAtMs } = token;
  const made = { id, user_id: maker.id, token_version: maker.tokenVersion, scope: JSON.stringify(scope) };
  try {
    await db<Row>('embed_tokens').insert({ ...made, created_at: iso(createdAtMs), expires_at: iso(expiresAtMs) });
  } catch (error) {
    if (isForeignKeyViolation(error)) return false;
    throw error;
  }
  await db<Row>('embed_tokens').where('expires_at', '<=', iso(createdAtMs)).delete();
  return true;
}

/** The living ones of a maker, newest first, at most `limit`. */
export async function listEmbedTokens(db: Knex, maker: Account, nowMs: number, limit: number): Promise<EmbedToken[]> {
  const rows = await db<Row>('embed_tokens')
    .where({ user_id: maker.id, token_version: maker.tokenVersion })
    .where('expires_at', '>', iso(nowMs))
    .orderBy([{ column: 'created_at', order: 'desc' }, { column: 'id' }])
    .limit(limit)
    .select('*');
  return rows.map(fromRow);
}

/** Ends a token of the maker, or anybody's where `makerId` is null; answers with when it would have ended, null: there is none. */
export function revokeEmbedToken(db: Knex, id: string, makerId: number | null, nowMs: number): Promise<number | null> {
  return db.transaction(async (trx) => {
    const query = trx<Row>('embed_tokens').where({ id }).where('expires_at', '>', iso(nowMs));
    if (makerId !== null) void query.where({ user_id: makerId });
    const row = await query.first('expires_at');
    // Knex has no RETURNING for a DELETE on SQLite; of two who ended it at once, one deleted it.
    if (!row || (await trx('embed_tokens').where({ id }).delete()) === 0) return null;
    const expiresAtMs = Date.parse(row.expires_at);
    await storeRevocation(trx, id, expiresAtMs, nowMs);
    return expiresAtMs;
  });
}
