/** A row of dns_credentials, and what is made of it. Its secrets are opened only for who is about to use them. */
import type { JsonObject } from '../operations/contract.js';
import type { DnsCredential } from './contract.js';

export interface CredentialRow {
  id: number;
  name: string;
  provider: string;
  /** JSON: ShownSettings */
  settings: string;
  secrets_sealed: string | null;
  created_at: string;
  updated_at: string;
}

/** What the row holds in clear: the settings that may be seen, and the names of those that may not. */
export interface ShownSettings {
  shown: JsonObject;
  secrets: string[];
}

export interface StoredCredential extends Omit<DnsCredential, 'usedBy'> {
  secretsSealed: string | null;
}

/** A column that was changed by hand must not hide the credential: it counts as empty. */
function settingsIn(text: string): Partial<ShownSettings> {
  try {
    return (JSON.parse(text) as Partial<ShownSettings> | null) ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

export function fromRow(row: CredentialRow): StoredCredential {
  const { shown = {}, secrets = [] } = settingsIn(row.settings);
  return {
    ...{ id: row.id, name: row.name, provider: row.provider },
    ...{ settings: shown, storedSecrets: secrets, secretsSealed: row.secrets_sealed },
    ...{ createdAt: row.created_at, updatedAt: row.updated_at },
  };
}

/** On the wire; `usedBy` counts the connections that refer to each. */
export function toWire(
  { secretsSealed: _, ...credential }: StoredCredential,
  usedBy: ReadonlyMap<number, number>,
): DnsCredential {
  return { ...credential, usedBy: usedBy.get(credential.id) ?? 0 };
}
