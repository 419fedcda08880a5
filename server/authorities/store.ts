/** The table of CAs; each function is one statement or one transaction, and takes a transaction as well. */
import type { Knex } from 'knex';
import { byName } from '../../db/by-name.js';
import { dialectOf } from '../../db/dialect.js';
import { isForeignKeyViolation } from '../access/violations.js';
import type { Authority } from '../certificates/contract.js';
import type { Vault } from '../keys/vault.js';
import { AuthorityError } from './codes.js';
import { columnsOf, type AgreedChange, type NewAuthority } from './columns.js';
import { references } from './references.js';
import { fromRow, type AuthorityRow, type StoredAuthority } from './row.js';

const table = (knex: Knex) => knex<AuthorityRow>('certificate_authorities');

/** One CA, or null. */
export async function findAuthority(knex: Knex, id: number): Promise<StoredAuthority | null> {
  const row = await table(knex).where({ id }).first();
  return row ? fromRow(row) : null;
}

/** The default first, then by name. */
export async function listAuthorities(knex: Knex): Promise<StoredAuthority[]> {
  const rows = await table(knex).select('*');
  return rows
    .map(fromRow)
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || byName.compare(a.name, b.name) || a.id - b.id);
}

/** What an operation may know of a CA; null means the default. Rejects with CA_UNKNOWN or CA_NOT_CHOSEN. */
export async function authorityFor(knex: Knex, id: number | null): Promise<Authority> {
  const query = id === null ? table(knex).where('is_default', true) : table(knex).where({ id });
  const row = await query.first();
  if (!row) throw new AuthorityError(id === null ? 'CA_NOT_CHOSEN' : 'CA_UNKNOWN');
  return { id: row.id, name: row.name, directoryUrl: row.directory_url, issuedRootsPem: row.issued_roots_pem };
}

/** Lets one change at a time look at the rows; the first statement of its transaction. */
async function hold(trx: Knex): Promise<void> {
  // SQLite lets one write at a time, and only a transaction that begins with a write waits for its turn.
  if (dialectOf(trx).name === 'sqlite') await table(trx).where('id', 0).update({ is_default: false });
  // By id, so that two of them never wait for each other.
  else await table(trx).orderBy('id').forUpdate().select('id');
}

// A statement of its own after `hold`: it sees what the changes before this one have made.
const makeDefault = (trx: Knex, id: number) => table(trx).update({ is_default: trx.raw('(id = ?)', [id]) });

async function stored(trx: Knex, id: number): Promise<StoredAuthority> {
  const authority = await findAuthority(trx, id);
  if (!authority) throw new Error(`CA ${id} is not there.`);
  return authority;
}

/** Adds a CA; null where its name is taken. */
export function createAuthority(knex: Knex, vault: Vault, given: NewAuthority): Promise<StoredAuthority | null> {
  return knex.transaction(async (trx) => {
    await hold(trx);
    const now = trx.raw(dialectOf(trx).now());
    const [inserted] = await trx('certificate_authorities')
      .insert({ name: given.name, directory_url: given.directoryUrl, created_at: now, updated_at: now })
      .onConflict('name')
      .ignore()
      .returning<{ id: number }[]>('id');
    if (!inserted) return null;
    const { id } = inserted;
    await table(trx)
      .where({ id })
      .update({ ...columnsOf(trx, vault, id, given), updated_at: now });
    if (given.isDefault) await makeDefault(trx, id);
    return stored(trx, id);
  });
}

// Another directory is another CA: it knows nothing of the account, and its terms are others.
const forgotten = (before: StoredAuthority, { directoryUrl = before.directoryUrl }: AgreedChange) =>
  directoryUrl === before.directoryUrl
    ? {}
    : { account_key_sealed: null, account_url: null, terms_agreed_at: null, terms_agreed_by: null };

/**
 * Changes a CA; null where it is gone. `decide` makes the change out of what is stored; what it throws leaves the row as
 * it is. Rejects with the database's own error where the name is taken.
 */
export function changeAuthority(
  knex: Knex,
  vault: Vault,
  id: number,
  decide: (before: StoredAuthority) => AgreedChange,
): Promise<StoredAuthority | null> {
  return knex.transaction(async (trx) => {
    await hold(trx);
    const before = await findAuthority(trx, id);
    if (!before) return null;
    const change = decide(before);
    const columns = { ...forgotten(before, change), ...columnsOf(trx, vault, id, change) };
    await table(trx)
      .where({ id })
      .update({ ...columns, updated_at: trx.raw(dialectOf(trx).now()) });
    if (change.isDefault) await makeDefault(trx, id);
    return stored(trx, id);
  });
}

export type AuthorityRemoval = 'removed' | 'missing' | 'built_in' | 'default' | 'in_use';

async function whyKept(trx: Knex, id: number): Promise<AuthorityRemoval | null> {
  const authority = await findAuthority(trx, id);
  if (!authority) return 'missing';
  if (authority.builtIn) return 'built_in';
  if (authority.isDefault) return 'default';
  const issued = await trx<{ id: number }>('certificates').where('authority_id', id).first('id');
  return issued || (await references(trx, 'authorityId')).has(id) ? 'in_use' : null;
}

/** Removes a CA that is ours to remove and that nothing refers to. */
export async function removeAuthority(knex: Knex, id: number): Promise<AuthorityRemoval> {
  try {
    return await knex.transaction(async (trx) => {
      await hold(trx);
      const kept = await whyKept(trx, id);
      if (kept) return kept;
      await table(trx).where({ id }).delete();
      return 'removed';
    });
  } catch (error) {
    // A certificate was planned at the same moment.
    if (isForeignKeyViolation(error)) return 'in_use';
    throw error;
  }
}
