/** What is sealed for a CA, and the failure where it does not open. */
import { VaultError, type Vault } from '../keys/vault.js';
import { operationError } from '../operations/errors.js';

// The third word is a part of what is authenticated: a sealed value opens only in its own row and column.
export type AuthoritySecret = 'eab_hmac_key' | 'account_key';

export const placeOf = (id: number, secret: AuthoritySecret): string => `certificate_authorities|${id}|${secret}`;

/** What stands sealed at a place; fails with OP_CREDENTIALS_SEALED where the present key does not open it. */
export function opened(vault: Vault, sealed: string, place: string): string {
  try {
    return vault.open(sealed, place);
  } catch (error) {
    if (error instanceof VaultError) throw operationError('OP_CREDENTIALS_SEALED', undefined, error);
    throw error;
  }
}
