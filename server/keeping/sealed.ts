/** Which keys belong to a store: none of them is in a backup, and without the one no credential opens. */
import type { Knex } from 'knex';
import { join } from 'node:path';
import type { Config } from '../settings/config.js';
import { table } from '../settings/table.js';

interface KeyPlaces {
  secretKey: string;
  jwtSecret: string;
}

/** Where the keys are kept: a setting where one gives them, else the file in the data directory. */
export function keyPlaces(env: NodeJS.ProcessEnv, dataDir: string): KeyPlaces {
  const place = (name: string, file: string) =>
    env[name]?.trim() ? name : env[`${name}_FILE`]?.trim() || join(dataDir, file);
  return {
    secretKey: place(table.secretKeys.name, 'secret.key'),
    jwtSecret: place(table.jwtSecret.name, 'jwt.secret'),
  };
}

/** Every column that holds what the vault has sealed. */
export const SEALED: Record<string, string[]> = {
  connections: ['password_sealed', 'private_key_sealed', 'passphrase_sealed'],
  certificate_authorities: ['eab_hmac_key_sealed', 'account_key_sealed'],
  dns_credentials: ['secrets_sealed'],
  certificates: ['key_sealed'],
};

export interface Unopened {
  /** How many sealed values none of the present keys opens, and the ids of the keys that would. */
  count: number;
  keyIds: string[];
}

/** `v1.<key id>.…`, see server/keys/vault.ts. */
const keyIdOf = (sealed: string): string => sealed.split('.')[1] ?? '';

export async function unopened(db: Knex, { secretKeys }: Pick<Config, 'secretKeys'>): Promise<Unopened> {
  const present = new Set(secretKeys.map(({ id }) => id));
  const missing: string[] = [];
  for (const [name, columns] of Object.entries(SEALED))
    for (const column of columns) {
      const values = (await db(name).whereNotNull(column).pluck(column)) as string[];
      missing.push(...values.map(keyIdOf).filter((id) => !present.has(id)));
    }
  return { count: missing.length, keyIds: [...new Set(missing)].sort() };
}
