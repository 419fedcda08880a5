/** What a change makes of the columns of a CA. */
import type { Knex } from 'knex';
import { dialectOf } from '../../db/dialect.js';
import type { Vault } from '../keys/vault.js';
import type { CertificateAuthorityChange } from './contract.js';
import { placeOf } from './sealed.js';

/** A change, and in whose name it agrees to the terms. */
export interface AgreedChange extends CertificateAuthorityChange {
  agreedBy: string;
}

/** A new CA, checked. */
export interface NewAuthority extends AgreedChange {
  name: string;
  directoryUrl: string;
}

function termsColumns(knex: Knex, { termsAgreed, agreedBy }: AgreedChange): Record<string, unknown> {
  if (termsAgreed === undefined) return {};
  if (!termsAgreed) return { terms_agreed_at: null, terms_agreed_by: null };
  return { terms_agreed_at: knex.raw(dialectOf(knex).now()), terms_agreed_by: agreedBy };
}

/** The columns that this change sets, but for `is_default`; what was not given is left out. */
export function columnsOf(knex: Knex, vault: Vault, id: number, change: AgreedChange): Record<string, unknown> {
  const { name, directoryUrl, directoryRootsPem, issuedRootsPem, contactEmails, eabKeyId, eabHmacKey } = change;
  const columns = {
    ...{ name, directory_url: directoryUrl, eab_key_id: eabKeyId },
    ...{ directory_roots_pem: directoryRootsPem, issued_roots_pem: issuedRootsPem },
    contact_emails: contactEmails && JSON.stringify(contactEmails),
    eab_hmac_key_sealed: eabHmacKey && vault.seal(eabHmacKey, placeOf(id, 'eab_hmac_key')),
    ...termsColumns(knex, change),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
