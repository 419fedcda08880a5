/** Whether the CA and the DNS credential that certificate settings name are there. */
import type { Knex } from 'knex';
import { invalid } from '../connections/invalid.js';
import type { FieldError } from '../connections/invalid.js';
import type { CertificateSettings } from './contract.js';

interface Reference {
  key: 'authorityId' | 'dnsCredentialId';
  table: 'certificate_authorities' | 'dns_credentials';
  words: string;
}

const references: Reference[] = [
  { key: 'authorityId', table: 'certificate_authorities', words: 'a CA of GET /certificate-authorities' },
  { key: 'dnsCredentialId', table: 'dns_credentials', words: 'a credential of GET /dns-credentials' },
];

/**
 * Throws a 400 that names each field whose row is missing. The rows stay until the transaction ends, where the database can
 * hold them; SQLite lets nobody else write meanwhile.
 */
export async function assertReferences(
  trx: Knex.Transaction,
  settings: Pick<CertificateSettings, Reference['key']>,
): Promise<void> {
  const errors: FieldError[] = [];
  for (const { key, table, words } of references) {
    const id = settings[key];
    if (id === null || (await trx(table).where({ id }).forShare().first('id'))) continue;
    errors.push({ path: ['certificate', key], message: `certificate.${key} must be ${words}` });
  }
  if (errors.length > 0) throw invalid(errors);
}
