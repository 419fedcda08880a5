/** The CAs that every house has. Staging comes first and is the default: a trial must not burn the limits of the other. */
import type { Knex } from 'knex';
import { dialectOf } from '../../db/dialect.js';

interface BuiltIn {
  key: string;
  name: string;
  directoryUrl: string;
  isDefault: boolean;
}

// https://letsencrypt.org/docs/acme-protocol-updates/ and https://letsencrypt.org/docs/staging-environment/
const LETS_ENCRYPT: BuiltIn[] = [
  {
    key: 'letsencrypt-staging',
    name: 'Let’s Encrypt (staging)',
    directoryUrl: 'https://acme-staging-v02.api.letsencrypt.org/directory',
    isDefault: true,
  },
  {
    key: 'letsencrypt',
    name: 'Let’s Encrypt',
    directoryUrl: 'https://acme-v02.api.letsencrypt.org/directory',
    isDefault: false,
  },
];

/** One statement, so that of several nodes that start at once exactly one adds it. */
async function ensure(knex: Knex, { key, name, directoryUrl, isDefault }: BuiltIn): Promise<void> {
  const now = dialectOf(knex).now();
  await knex.raw(
    `insert into certificate_authorities (name, directory_url, built_in, is_default, created_at, updated_at)
     select ?, ?, ?, (? and not exists (select 1 from certificate_authorities where is_default)), ${now}, ${now}
     where not exists (select 1 from certificate_authorities where built_in = ?)
     on conflict (name) do nothing`,
    [name, directoryUrl, key, isDefault, key],
  );
}

/** Adds the built-in CAs that are not there yet; what an admin made of one that is there stays. */
export async function ensureBuiltIns(knex: Knex): Promise<void> {
  for (const authority of LETS_ENCRYPT) await ensure(knex, authority);
}
