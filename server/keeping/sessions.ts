/** Who else uses a PostgreSQL database: sessions of the same account, or of a server's. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Knex } from 'knex';
import { KeepingError } from './errors.js';

/** A server that was stopped this moment is still letting go. */
const LOOKS = 10;
const APART_MS = 200;

const OTHERS = `SELECT coalesce(nullif(application_name, ''), 'a session without a name') AS name,
    coalesce(host(client_addr), 'this machine') AS address
  FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND (usename = current_user OR application_name LIKE 'signalbox%')
  ORDER BY 1, 2`;

async function others(db: Knex): Promise<string[]> {
  // The answer is remembered within a transaction unless it is let go.
  await db.raw('SELECT pg_stat_clear_snapshot()');
  const { rows } = (await db.raw(OTHERS)) as { rows: { name: string; address: string }[] };
  return rows.map(({ name, address }) => `${name} from ${address}`);
}

/** Throws where somebody still uses it after two seconds. */
export async function refuseUse(db: Knex): Promise<void> {
  let found = await others(db);
  for (let look = 1; found.length > 0 && look < LOOKS; look++) {
    await wait(APART_MS);
    found = await others(db);
  }
  if (found.length === 0) return;
  throw new KeepingError(`The database is in use: ${[...new Set(found)].join(', ')}.`, {
    hint: 'Stop every server that uses it, end the other sessions of its account, then restore.',
  });
}
