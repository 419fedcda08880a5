/** The secrets of a DNS credential: sealed together, and opened only for who is about to use them. */
import { opened } from '../authorities/sealed.js';
import type { Vault } from '../keys/vault.js';
import type { JsonObject } from '../operations/contract.js';
import type { StoredCredential } from './credential-row.js';

// Authenticated with the value: sealed secrets open only in their own row.
export const placeOf = (id: number): string => `dns_credentials|${id}|secrets`;

/** In clear; fails with OP_CREDENTIALS_SEALED where the present key does not open them. */
export function openSecrets(vault: Vault, { id, secretsSealed }: StoredCredential): JsonObject {
  return secretsSealed === null ? {} : (JSON.parse(opened(vault, secretsSealed, placeOf(id))) as JsonObject);
}
