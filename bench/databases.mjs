/** Places for databases: directories for SQLite files, and one PostgreSQL that keeps what it commits as SQLite does. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import knex from 'knex';
import { knexSettings } from '../dist/db/knexfile.js';

const run = promisify(execFile);
const BIN = '/usr/lib/postgresql/15/bin';

/** A directory that goes at the end. */
export async function tempDir() {
  const path = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Settings of an SQLite database in a directory of its own. */
export async function freshSqlite() {
  const directory = await tempDir();
  return { settings: { databaseUrl: null, dataDir: directory.path }, remove: directory.remove };
}

/** knex as it comes, with the pragmas and the pool of the product: what the peers write by. */
export function openAsItComes(settings) {
  const own = knexSettings(settings);
  return knex({ ...own, client: settings.databaseUrl ? 'pg' : 'sqlite3' });
}

export const hasPostgres = () => existsSync(join(BIN, 'postgres'));

/** PostgreSQL on a socket of its own, with fsync on, since the goals speak of durable writes. */
export async function startPostgres() {
  const directory = await tempDir();
  const asRoot = process.getuid() === 0;
  const [data, socket] = [join(directory.path, 'data'), directory.path];
  const as = asRoot ? ids() : {};
  if (asRoot) await run('chown', ['postgres', directory.path]);
  await run(join(BIN, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'bench', '-E', 'UTF8'], as);
  const args = ['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${socket}`];
  const child = spawn(join(BIN, 'postgres'), args, { ...as, cwd: data, stdio: 'ignore' });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const psql = (sql) => run(join(BIN, 'psql'), ['-h', socket, '-U', 'bench', '-d', 'postgres', '-c', sql]);
  await until(() => run(join(BIN, 'pg_isready'), ['-h', socket, '-U', 'bench']));
  let count = 0;
  return {
    async fresh() {
      const name = `bench_${++count}`;
      await psql(`CREATE DATABASE ${name}`);
      return { databaseUrl: `postgres://bench@localhost/${name}?host=${encodeURIComponent(socket)}`, dataDir: '' };
    },
    async stop() {
      child.kill('SIGINT');
      await exited;
      await directory.remove();
    },
  };
}

/** PostgreSQL does not run as root. */
function ids() {
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres']));
  return { uid: id('-u'), gid: id('-g') };
}

async function until(attempt, tries = 200) {
  const { setTimeout: wait } = await import('node:timers/promises');
  for (let n = 0; ; n++) {
    try {
      return await attempt();
    } catch (error) {
      if (n >= tries) throw error;
      await wait(50);
    }
  }
}
