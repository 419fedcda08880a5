/** A row of certificate_authorities, and what is made of it. */
import type { CertificateAuthority } from './contract.js';

export interface AuthorityRow {
  id: number;
  name: string;
  directory_url: string;
  directory_roots_pem: string | null;
  issued_roots_pem: string | null;
  contact_emails: string;
  eab_key_id: string | null;
  eab_hmac_key_sealed: string | null;
  terms_agreed_at: string | null;
  terms_agreed_by: string | null;
  // SQLite has no booleans: 0 and 1.
  is_default: boolean | number;
  built_in: string | null;
  account_key_sealed: string | null;
  account_url: string | null;
  created_at: string;
  updated_at: string;
}

/** A CA as it is stored: all that an admin may know. */
export type StoredAuthority = Omit<CertificateAuthority, 'termsOfService'>;

export function fromRow(row: AuthorityRow): StoredAuthority {
  return {
    id: row.id,
    name: row.name,
    directoryUrl: row.directory_url,
    directoryRootsPem: row.directory_roots_pem,
    issuedRootsPem: row.issued_roots_pem,
    contactEmails: JSON.parse(row.contact_emails) as string[],
    eabKeyId: row.eab_key_id,
    hasEabHmacKey: row.eab_hmac_key_sealed !== null,
    termsAgreedAt: row.terms_agreed_at,
    termsAgreedBy: row.terms_agreed_by,
    isDefault: Boolean(row.is_default),
    builtIn: row.built_in !== null,
    accountUrl: row.account_url,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
