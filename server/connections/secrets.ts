/** The sealed columns of a connection: written with it, opened only for an operation that is about to use them. */
import type { Knex } from 'knex';
import type { Vault } from '../keys/vault.js';
import type { Credentials } from './contract.js';

type SecretColumn = 'password_sealed' | 'private_key_sealed' | 'passphrase_sealed';
type SealedRow = Record<SecretColumn, string | null>;

// The third word is a part of what is authenticated: a sealed value opens only in its own row and column.
const places: [field: keyof Credentials, column: SecretColumn, word: string][] = [
  ['password', 'password_sealed', 'password'],
  ['privateKey', 'private_key_sealed', 'private_key'],
  ['passphrase', 'passphrase_sealed', 'passphrase'],
];

const contextOf = (id: number, word: string) => `connections|${id}|${word}`;

/** What a caller gives: a secret, null to remove one, nothing to leave it. */
export interface GivenSecrets {
  password?: string | null;
  privateKey?: string | null;
  passphrase?: string | null;
}

/** The columns that these secrets set; those that were not given are left out. */
export function sealedColumns(vault: Vault, id: number, given: GivenSecrets): Partial<SealedRow> {
  const columns: Partial<SealedRow> = {};
  for (const [field, column, word] of places) {
    const secret = given[field];
    if (secret !== undefined) columns[column] = secret === null ? null : vault.seal(secret, contextOf(id, word));
  }
  return columns;
}

/** The connection's credentials in clear; throws where it is gone, and a VaultError where one does not open. */
export async function openCredentials(knex: Knex, vault: Vault, id: number): Promise<Credentials> {
  const columns = places.map(([, column]) => column);
  const row = await knex<SealedRow>('connections').where('id', id).first(columns);
  if (!row) throw new Error(`Connection ${id} is gone.`);
  const credentials: Credentials = { password: null, privateKey: null, passphrase: null };
  for (const [field, column, word] of places) {
    const sealed = row[column];
    if (sealed !== null) credentials[field] = vault.open(sealed, contextOf(id, word));
  }
  return credentials;
}
