/**
 * A real PostgreSQL (Debian's postgresql-15) on a free port of the loopback, with an empty cluster of its own.
 * Nothing of it outlives the test: the server ends when `stop` is called, and also when the test's process dies.
 */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './ports.js';
import { tempDir } from './temp.js';

const run = promisify(execFile);
const BIN = '/usr/lib/postgresql/15/bin';

// The shell holds the server and reads its own stdin, which the test's process keeps open: end of file means that the
// test has gone, however it went. The signal is a fast shutdown.
const GUARDED =
  'exec 3<&0; "$@" </dev/null & server=$!; (read -r _ <&3; kill -INT "$server") >/dev/null 2>&1 & guard=$!; wait "$server"; code=$?; kill "$guard" 2>/dev/null; exit "$code"';

export interface Postgres {
  /** Of the database `postgres`, as superuser. */
  url: string;
  /** Makes an empty database and answers with its URL. */
  freshDatabase(name?: string): Promise<string>;
  /** A fast shutdown, which cuts every session, and the same cluster on the same port again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root, so root lends it the package's own user. */
async function account(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function launch(data: string, port: number, options: SpawnOptions): ChildProcess {
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  return spawn('sh', ['-c', GUARDED, 'sh', join(BIN, 'postgres'), ...args], {
    ...options,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

/** Resolves when the server says that it takes connections; rejects with what it said if it ends before. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4096);
      if (said.includes('ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${said}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.stdin?.end();
  await exited;
}

async function createDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  return url.replace(/[^/]*$/, encodeURIComponent(name));
}

/** Starts an empty PostgreSQL; takes about a second. */
export async function startPostgres(): Promise<Postgres> {
  const directory = await tempDir('signalbox-postgres-');
  const owner = await account();
  if (owner) await chown(directory.path, owner.uid, owner.gid);
  const options: SpawnOptions = { cwd: directory.path, ...owner };
  const data = join(directory.path, 'data');
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run(join(BIN, 'initdb'), initdb, { cwd: directory.path, ...owner });
  const port = await freePort();
  let child = launch(data, port, options);
  await ready(child);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return {
    url,
    freshDatabase: (name = `test_${randomBytes(6).toString('hex')}`) => createDatabase(url, name),
    async restart() {
      await end(child);
      child = launch(data, port, options);
      await ready(child);
    },
    async stop() {
      await end(child);
      await directory.remove();
    },
  };
}
