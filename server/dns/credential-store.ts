/** The table of DNS credentials; each function is one statement or one transaction. */
import type { Knex } from 'knex';
import { byName } from '../../db/by-name.js';
import { dialectOf } from '../../db/dialect.js';
import { AuthorityError } from '../authorities/codes.js';
import { references } from '../authorities/references.js';
import type { Vault } from '../keys/vault.js';
import type { JsonObject } from '../operations/contract.js';
import type { CheckedDnsProvider } from './contract.js';
import { fromRow, type CredentialRow, type StoredCredential } from './credential-row.js';
import { openSecrets, placeOf } from './credential-secrets.js';
import { completedSettings, type DnsProviders, type SplitSettings } from './credential-settings.js';

export interface CredentialChange {
  name?: string;
  provider?: string;
  split?: SplitSettings;
}

const table = (knex: Knex) => knex<CredentialRow>('dns_credentials');

/** One credential, or null. */
export async function findCredential(knex: Knex, id: number): Promise<StoredCredential | null> {
  const row = await table(knex).where({ id }).first();
  return row ? fromRow(row) : null;
}

/** All, by name. */
export async function listCredentials(knex: Knex): Promise<StoredCredential[]> {
  const rows = await table(knex).select('*');
  return rows.map(fromRow).sort((a, b) => byName.compare(a.name, b.name) || a.id - b.id);
}

function columnsOf(vault: Vault, id: number, { name, provider, split }: CredentialChange): Record<string, unknown> {
  const columns = { name, provider, ...(split ? settingsColumns(vault, id, split) : {}) };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

function settingsColumns(vault: Vault, id: number, { shown, secrets }: SplitSettings) {
  const names = Object.keys(secrets).sort();
  return {
    settings: JSON.stringify({ shown, secrets: names }),
    secrets_sealed: names.length > 0 ? vault.seal(JSON.stringify(secrets), placeOf(id)) : null,
  };
}

async function stored(trx: Knex, id: number): Promise<StoredCredential> {
  const credential = await findCredential(trx, id);
  if (!credential) throw new Error(`DNS credential ${id} is not there.`);
  return credential;
}

/** Adds a credential, its secrets sealed for its id; null where its name is taken. */
export function createCredential(
  knex: Knex,
  vault: Vault,
  given: Required<CredentialChange>,
): Promise<StoredCredential | null> {
  return knex.transaction(async (trx) => {
    const now = trx.raw(dialectOf(trx).now());
    const [inserted] = await trx('dns_credentials')
      .insert({ name: given.name, provider: given.provider, created_at: now, updated_at: now })
      .onConflict('name')
      .ignore()
      .returning<{ id: number }[]>('id');
    if (!inserted) return null;
    const { id } = inserted;
    await table(trx)
      .where({ id })
      .update(columnsOf(vault, id, given));
    return stored(trx, id);
  });
}

/**
 * Changes a credential; null where it is gone. `decide` makes the change out of what is stored; what it throws leaves the
 * row as it is. Rejects with the database's own error where the name is taken.
 */
export function changeCredential(
  knex: Knex,
  vault: Vault,
  id: number,
  decide: (before: StoredCredential) => CredentialChange,
): Promise<StoredCredential | null> {
  return knex.transaction(async (trx) => {
    // The write comes first: it holds the row, so that what is read next is still true when it is changed.
    await table(trx)
      .where({ id })
      .update({ updated_at: trx.raw(dialectOf(trx).now()) });
    const before = await findCredential(trx, id);
    if (!before) return null;
    const columns = columnsOf(vault, id, decide(before));
    if (Object.keys(columns).length > 0) await table(trx).where({ id }).update(columns);
    return stored(trx, id);
  });
}

/** Removes a credential that no connection refers to: exact even while one begins to. */
export function removeCredential(knex: Knex, id: number): Promise<'removed' | 'missing' | 'in_use'> {
  return knex.transaction(async (trx) => {
    // The write comes first: whoever stores a reference holds this row until he commits; what is read after that has it.
    await table(trx)
      .where({ id })
      .update({ updated_at: trx.ref('updated_at') });
    if ((await references(trx, 'dnsCredentialId')).has(id)) return 'in_use';
    return (await table(trx).where({ id }).delete()) > 0 ? 'removed' : 'missing';
  });
}

export interface OpenedCredential {
  name: string;
  provider: CheckedDnsProvider;
  /** With the secrets in clear. */
  settings: JsonObject;
}

/** Ready to be used. Rejects with DNS_CREDENTIAL_UNKNOWN, DNS_PROVIDER_UNKNOWN, DNS_CREDENTIAL_UNFIT or OP_CREDENTIALS_SEALED. */
export async function openCredential(
  knex: Knex,
  vault: Vault,
  providers: DnsProviders,
  id: number,
): Promise<OpenedCredential> {
  const credential = await findCredential(knex, id);
  if (!credential) throw new AuthorityError('DNS_CREDENTIAL_UNKNOWN');
  const provider = providers.get(credential.provider);
  if (!provider)
    throw new AuthorityError('DNS_PROVIDER_UNKNOWN', `No plugin brings the DNS provider ${credential.provider}.`);
  const settings = completedSettings(provider, { ...credential.settings, ...openSecrets(vault, credential) });
  if (!settings) throw new AuthorityError('DNS_CREDENTIAL_UNFIT', `${credential.name} no longer fits its provider.`);
  return { name: credential.name, provider, settings };
}
