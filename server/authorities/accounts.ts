/**
 * The account at a CA: its key is stored before it is registered, its URL after. A CA answers the same key with the same
 * account (RFC 8555 §7.3), so that whoever loses a race, or an answer, finds it again.
 */
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Knex } from 'knex';
import { dialectOf } from '../../db/dialect.js';
import type { AcmeAccount, AcmeOptions, AcmeRegistration, ReachAuthority } from '../acme/contract.js';
import type { Authority } from '../certificates/contract.js';
import type { Vault } from '../keys/vault.js';
import { AuthorityError } from './codes.js';
import type { AuthorityRow } from './row.js';
import { opened, placeOf } from './sealed.js';

const ATTEMPTS = 3;

type Keyed = AuthorityRow & { account_key_sealed: string };

const table = (knex: Knex) => knex<AuthorityRow>('certificate_authorities');

/** The CA's row; fails where it is gone, or where nobody has agreed to its terms. */
async function agreedRow(knex: Knex, id: number): Promise<AuthorityRow> {
  const row = await table(knex).where({ id }).first();
  if (!row) throw new AuthorityError('CA_UNKNOWN');
  if (row.terms_agreed_at === null) {
    const message = `Nobody has agreed to the terms of service of ${row.name}.`;
    throw new AuthorityError('CA_TERMS_NOT_AGREED', message);
  }
  return row;
}

async function newKeyPem(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The row with a key: ours, or that of whoever was first. Null where it was taken away again meanwhile. */
async function keyed(knex: Knex, vault: Vault, row: AuthorityRow): Promise<Keyed | null> {
  if (row.account_key_sealed !== null) return { ...row, account_key_sealed: row.account_key_sealed };
  const { id, directory_url } = row;
  await table(knex)
    .where({ id, directory_url })
    .whereNull('account_key_sealed')
    .update({ account_key_sealed: vault.seal(await newKeyPem(), placeOf(id, 'account_key')) });
  const now = await agreedRow(knex, id);
  return now.account_key_sealed === null ? null : { ...now, account_key_sealed: now.account_key_sealed };
}

/** The URL that stands there now for this very key; null where the CA was changed meanwhile. */
async function keptUrl(knex: Knex, { id, account_key_sealed }: Keyed, url: string): Promise<string | null> {
  await table(knex)
    .where({ id, account_key_sealed })
    .whereNull('account_url')
    .update({ account_url: url, updated_at: knex.raw(dialectOf(knex).now()) });
  const row = await agreedRow(knex, id);
  return row.account_key_sealed === account_key_sealed ? row.account_url : null;
}

function registrationOf(vault: Vault, row: Keyed, accountKeyPem: string): AcmeRegistration {
  const { id, eab_key_id: keyId, eab_hmac_key_sealed: sealed } = row;
  const bound = keyId !== null && sealed !== null;
  return {
    accountKeyPem,
    contactEmails: JSON.parse(row.contact_emails) as string[],
    externalAccount: bound ? { keyId, hmacKey: opened(vault, sealed, placeOf(id, 'eab_hmac_key')) } : null,
  };
}

async function attempt(
  knex: Knex,
  vault: Vault,
  reach: ReachAuthority,
  id: number,
  options: AcmeOptions,
): Promise<AcmeAccount | null> {
  const row = await keyed(knex, vault, await agreedRow(knex, id));
  if (!row) return null;
  const keyPem = opened(vault, row.account_key_sealed, placeOf(id, 'account_key'));
  const authority = reach({ url: row.directory_url, rootsPem: row.directory_roots_pem }, options);
  if (row.account_url !== null) return authority.account(keyPem, row.account_url);
  const registered = await authority.register(registrationOf(vault, row, keyPem));
  const url = await keptUrl(knex, row, registered);
  return url === null ? null : authority.account(keyPem, url);
}

/**
 * The account at this CA, registered where there is none. Rejects with CA_UNKNOWN, CA_TERMS_NOT_AGREED, CA_CHANGED,
 * OP_CREDENTIALS_SEALED, or with the AcmeError of the registration.
 */
export async function accountOf(
  knex: Knex,
  vault: Vault,
  reach: ReachAuthority,
  { id }: Pick<Authority, 'id'>,
  options: AcmeOptions,
): Promise<AcmeAccount> {
  // Another directory meanwhile is another CA: from the beginning then, but not for ever.
  for (let count = 0; count < ATTEMPTS; count += 1) {
    const account = await attempt(knex, vault, reach, id, options);
    if (account) return account;
  }
  throw new AuthorityError('CA_CHANGED');
}

/**
 * Forgets an account that the CA no longer knows (CA_ACCOUNT_GONE), with its key: a CA refuses the key of an account that
 * was deactivated. One that was registered meanwhile stays.
 */
export async function forgetAccount(knex: Knex, { id }: Pick<Authority, 'id'>, accountUrl: string): Promise<void> {
  await table(knex)
    .where({ id, account_url: accountUrl })
    .update({ account_key_sealed: null, account_url: null, updated_at: knex.raw(dialectOf(knex).now()) });
}
