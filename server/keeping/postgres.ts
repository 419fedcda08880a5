/** Backup and restore of a PostgreSQL database. A restore is one transaction: all of it is seen at once, or nothing. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import knexModule from 'knex';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { migrationSource } from '../../db/migrations/index.js';
import { dump, look, partsOf, script } from './archive.js';
import type { BackupRequest, RestoreReport, RestoreRequest } from './contract.js';
import { copyIn } from './copy-in.js';
import { newFile } from './new-file.js';
import { emptySchema, lockAll, refuseStrangers, tablesOf } from './present.js';
import { refuseUse } from './sessions.js';
import { notOurs, nothingHere, upgrade } from './schema.js';
import { unopened } from './sealed.js';
import { settle } from './settle.js';
import { readSignedOut } from './signed-out.js';
import { stamped } from './stamp.js';

export async function backUpPostgres(databaseUrl: string, { file, force }: BackupRequest): Promise<void> {
  await newFile({ path: file, replaces: force }, async (draft) => {
    await dump(databaseUrl, draft);
    if ((await look(draft)) === null) throw nothingHere();
  });
}

interface Database {
  knex: Knex;
  /** The one connection that `knex` has. */
  client(): Client;
}

function connect(databaseUrl: string): Database {
  const made: { client?: Client } = {};
  const knex = knexModule({
    client: 'pg',
    connection: { connectionString: databaseUrl, application_name: 'signalbox restore' },
    pool: {
      ...{ min: 1, max: 1 },
      afterCreate: (client: Client, done: (error: Error | null, client: Client) => void) => {
        made.client = client;
        done(null, client);
      },
    },
    migrations: { migrationSource },
  });
  return { knex, client: () => made.client as Client };
}

/** Runs the archive on the connection, in the transaction that is open there. */
async function load(client: Client, file: string): Promise<void> {
  const run = script(file);
  try {
    for await (const part of partsOf(run.output)) {
      if ('copy' in part) await copyIn(client, part.copy, part.rows);
      else await client.query(part.sql);
    }
    await run.ended;
  } finally {
    run.stop();
  }
}

/** An archive sets the session up for itself; the schema's name counts again afterwards. */
async function keepingSearchPath(trx: Knex, work: () => Promise<void>): Promise<void> {
  const { rows } = (await trx.raw("SELECT current_setting('search_path') AS path")) as { rows: { path: string }[] };
  await work();
  await trx.raw("SELECT set_config('search_path', ?, false)", [rows[0]?.path ?? 'public']);
}

type Restored = Omit<RestoreReport, 'kept' | 'wasDamaged'>;

async function replace(trx: Knex, client: Client, backedUpAt: string, request: RestoreRequest): Promise<Restored> {
  const { config, file, now } = request;
  const before = await tablesOf(trx);
  await lockAll(trx, before);
  await refuseUse(trx);
  const signedOut = await readSignedOut(trx);
  await emptySchema(trx, before);
  await keepingSearchPath(trx, () => load(client, file));
  const schema = await upgrade(trx, file);
  refuseStrangers(before, await tablesOf(trx));
  const settled = await settle(trx, { backedUpAt, signedOut, now });
  return { ...settled, schema, backedUpAt, unopened: await unopened(trx, config) };
}

/** The present database as a file that can be restored; null where there is nothing in it. */
async function keep(databaseUrl: string, knex: Knex, { config, now }: RestoreRequest): Promise<string | null> {
  if ((await tablesOf(knex)).length === 0) return null;
  const kept = join(config.dataDir, `signalbox.dump.before-${stamped(now)}`);
  await newFile({ path: kept }, (draft) => dump(databaseUrl, draft));
  return kept;
}

/** Nothing is changed unless all of it succeeds. */
export async function restorePostgres(databaseUrl: string, request: RestoreRequest): Promise<RestoreReport> {
  const backedUpAt = await look(request.file);
  if (backedUpAt === null) throw notOurs(request.file);
  const { knex, client } = connect(databaseUrl);
  try {
    await refuseUse(knex);
    const kept = await keep(databaseUrl, knex, request);
    try {
      const restored = await knex.transaction((trx) => replace(trx, client(), backedUpAt, request));
      return { ...restored, kept, wasDamaged: false };
    } catch (error) {
      if (kept) rmSync(kept, { force: true });
      throw error;
    }
  } finally {
    await knex.destroy();
  }
}
