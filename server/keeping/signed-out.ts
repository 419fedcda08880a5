/** Tokens that have ended before their time stay ended, although the backup is older than that. */
import type { Knex } from 'knex';

interface RevokedRow {
  token_id: string;
  expires_at: string;
}

interface VersionRow {
  id: number;
  username: string;
  token_version: number;
}

export interface SignedOut {
  revoked: RevokedRow[];
  /** A new password, among others, raises an account's version and ends its older tokens. */
  versions: VersionRow[];
}

/** What the database that will be replaced knows; null where it holds no accounts. */
export async function readSignedOut(db: Knex): Promise<SignedOut | null> {
  for (const table of ['revoked_tokens', 'users']) if (!(await db.schema.hasTable(table))) return null;
  return {
    revoked: await db<RevokedRow>('revoked_tokens').select('token_id', 'expires_at'),
    versions: await db<VersionRow>('users').select('id', 'username', 'token_version'),
  };
}

export async function carryOver(db: Knex, { revoked, versions }: SignedOut): Promise<void> {
  for (const row of revoked) await db<RevokedRow>('revoked_tokens').insert(row).onConflict('token_id').ignore();
  for (const { id, username, token_version: version } of versions)
    await db<VersionRow>('users')
      .where({ id, username })
      .where('token_version', '<', version)
      .update({ token_version: version });
}
