/** A backup is made while work goes on, and what it brings back is the truth of then, for everybody who watches. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Knex } from 'knex';
import t, { type Test } from 'tap';
import { migrate, openDatabase } from '../db/knexfile.js';
import { holdFile } from '../db/sqlite-file.js';
import { command } from '../server/keeping/command.js';
import { addressParts, pathOf } from '../server/keeping/postgres-tools.js';
import { SEALED } from '../server/keeping/sealed.js';
import { keepIn } from '../server/keeping/sqlite.js';
import type { Operation, OperationPage, StartAnswer } from '../server/operations/contract.js';
import { seedConnections } from './peers/databases.js';
import { startFakeSsh } from './peers/fake-ssh.js';
import { signIn, startServer, until, visitor, type ServerProcess, type Visitor } from './peers/house.js';
import { startPostgres } from './peers/postgres.js';
import { programOf } from './peers/programs.js';
import { startTeller } from './peers/teller.js';
import { freePort } from './peers/ports.js';
import { tempDir } from './peers/temp.js';
import { openWatcher } from './peers/watchers.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SSH_PASSWORD = 'the-password-of-the-host';

const postgres = await startPostgres();
const teller = await startTeller();
const ssh = await startFakeSsh(
  (request) =>
    request.method === 'password' && request.password === SSH_PASSWORD
      ? request.accept()
      : request.reject(['password']),
  (accept) => {
    const channel = accept();
    channel.exit(0);
    channel.end();
  },
);
t.teardown(async () => {
  await ssh.stop();
  await teller.stop();
  await postgres.stop();
});

type Env = Record<string, string>;

/** A data directory, and a database of its own where it is PostgreSQL. */
interface Place {
  env: Env;
  dataDir: string;
  open(): Knex;
}

const KINDS = ['SQLite', 'PostgreSQL'] as const;

async function place(t: Test, kind: (typeof KINDS)[number]): Promise<Place> {
  const directory = await tempDir();
  t.teardown(() => directory.remove());
  const databaseUrl = kind === 'SQLite' ? null : await postgres.freshDatabase();
  const env = { SIGNALBOX_DATA_DIR: directory.path, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) };
  return { env, dataDir: directory.path, open: () => openDatabase({ databaseUrl, dataDir: directory.path }) };
}

async function changing<T>(where: Place, work: (knex: Knex) => Promise<T>): Promise<T> {
  const knex = where.open();
  try {
    return await work(knex);
  } finally {
    await knex.destroy();
  }
}

interface Ended {
  code: number | null;
  said: string;
}

/** In this process, which is faster. */
async function keep({ env }: Place, ...args: string[]): Promise<Ended> {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const code = await command(args, { env, directory: ROOT, say, complain: say });
  return { code, said: lines.join('\n') };
}

function keepProcess({ env }: Place, ...args: string[]) {
  const child = spawn(process.execPath, [...programOf('server/keeping/main.ts'), ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += String(text)));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, said })));
  return { child, ended };
}

const epochOf = (knex: Knex) =>
  knex('store_meta')
    .where({ key: 'epoch' })
    .first('value')
    .then((row) => row?.value as string);

async function makeConnections(admin: Visitor, count: number): Promise<number[]> {
  const host = { platform: 'linux', hostname: '127.0.0.1', port: ssh.port, username: 'mira', password: SSH_PASSWORD };
  const ids: number[] = [];
  for (let index = 0; index < count; index++)
    ids.push(Number((await admin.call('POST', '/connections', { name: `host-${index}`, ...host })).body['id']));
  return ids;
}

async function start(admin: Visitor, connectionId: number, type: string, headers: Env = {}): Promise<Operation> {
  const params = type.startsWith('told') && type !== 'told_burst' ? { port: teller.port } : {};
  const path = `/connections/${connectionId}/operations/${type}`;
  const answer = await admin.call('POST', path, { params }, headers);
  if (!answer.body['operation']) throw new Error(`${answer.status} ${answer.text}`);
  return (answer.body as unknown as StartAnswer).operation;
}

const see = async (admin: Visitor, { connectionId, id }: Operation) =>
  (await admin.call('GET', `/connections/${connectionId}/operations/${id}`)).body as unknown as Operation;

const ended = (admin: Visitor, operation: Operation) =>
  until(
    () => see(admin, operation),
    ({ completedAt }) => completedAt !== null,
  );

const fleet = async (admin: Visitor) =>
  (await admin.call('GET', '/operations?limit=200')).body as unknown as OperationPage & { epoch: string };

async function serve(t: Test, where: Place, port: number): Promise<ServerProcess> {
  const server = await startServer(where.dataDir, {
    ...where.env,
    PORT: String(port),
    SIGNALBOX_LEASE_SECONDS: '3',
    SIGNALBOX_PLUGINS: './tests/peers/told-plugin.ts',
  });
  t.teardown(async () => {
    if (server.child.exitCode === null && server.child.signalCode === null) await server.kill();
  });
  return server;
}

/** A store as a server leaves it: an account, a connection, operations in every status. */
async function seed(knex: Knex): Promise<void> {
  const at = new Date(0).toISOString();
  const [one] = await seedConnections(knex, 1);
  await knex('store_meta').insert({ key: 'epoch', value: 'the first' });
  const statuses = { pending: 'a', in_progress: 'b', completed: 'c', failed: 'd', cancelled: 'e' };
  for (const [status, id] of Object.entries(statuses))
    await knex('active_operations').insert({
      ...{ id, status, connection_id: one, started_at: at, updated_at: at, attempt: 1 },
      operation_type: `type_${id}`,
    });
}

const fill = (where: Place) =>
  changing(where, async (knex) => {
    await migrate(knex);
    await seed(knex);
  });

for (const kind of KINDS) {
  t.test(`a store in use is backed up, and its clients see what is restored (${kind})`, async (t) => {
    const here = await place(t, kind);
    const file = join(here.dataDir, 'kept.backup');
    const port = await freePort();
    const server = await serve(t, here, port);
    const admin = await signIn(server.url);
    const leaving = await signIn(server.url);
    const [first, second, ...rest] = (await makeConnections(admin, 8)) as [number, number, ...number[]];
    const done = await start(admin, first, 'ssh_test');
    t.match(await ended(admin, done), { status: 'completed' }, 'the credentials open');
    const key = { 'idempotency-key': 'once-and-for-all' };
    const running = await start(admin, first, 'told', key);
    const resumable = await start(admin, second, 'told_resumable');
    await teller.arrived(running.id);
    await teller.arrived(resumable.id);
    const pages = [await openWatcher(server.url, admin), await openWatcher(server.url, admin, false)];
    t.teardown(() => pages.forEach((page) => page.close()));
    const shows = (operation: Operation, fits: (shown: Operation | undefined) => boolean) =>
      Promise.all(pages.map((page) => until(async () => page.shown(operation.id), fits, 60_000)));

    const bursts = Promise.all(rest.map((id) => start(admin, id, 'told_burst')));
    const backup = await keepProcess(here, 'backup', file).ended;
    t.match(backup, { code: 0, said: 'secret.key, without which no stored credential opens' });
    t.equal(statSync(file).mode & 0o777, 0o600);
    for (const burst of await bursts) t.match(await ended(admin, burst), { status: 'completed' }, 'work went on');

    teller.tell(running.id, { end: true });
    await ended(admin, running);
    await shows(running, (shown) => shown?.status === 'completed');
    const later = await start(admin, first, 'told_burst');
    await ended(admin, later);
    await shows(later, (shown) => shown?.status === 'completed');
    t.equal((await leaving.call('POST', '/auth/logout')).status, 204);
    const before = await fleet(admin);

    const refused = await keep(here, 'restore', file);
    t.match(refused, { code: 1, said: /^The database .*is in use/ });
    t.same((await fleet(admin)).epoch, before.epoch, 'nothing was changed');

    await server.kill();
    const restored = await keepProcess(here, 'restore', file).ended;
    t.match(restored, { code: 0, said: /kept in (.*)/ });
    t.match(restored.said, /\d operations? w(as|ere) under way then and failed as OP_RESTORED/);
    const again = await serve(t, here, port);
    t.equal(again.url, server.url);
    const after = await fleet(admin);
    t.not(after.epoch, before.epoch);
    await shows(running, (shown) => shown?.error?.code === 'OP_RESTORED');
    await shows(later, (shown) => shown === undefined);
    for (const operation of [running, resumable]) {
      const now = await see(admin, operation);
      t.match(now, { status: 'failed', attempt: 1, error: { code: 'OP_RESTORED', retryable: false } });
      t.match(
        now.error?.message,
        /^A backup from \d{4}-\S+Z was restored; whether this was done since is not known\.$/,
      );
    }
    t.same(
      after.operations.filter(({ completedAt }) => completedAt === null),
      [],
      'nothing runs that ran then',
    );
    t.equal((await see(admin, later)).id, undefined, 'what came later was not yet');
    t.equal((await leaving.call('GET', '/auth/me')).status, 401, 'who signed out since stays so');
    t.equal((await start(admin, first, 'told', key)).id, running.id, 'an idempotency key keeps its operation');
    t.match(await ended(admin, await start(admin, first, 'ssh_test')), { status: 'completed' });
    const trail = (await admin.call('GET', '/audit?action=store.restore')).text;
    t.match(trail, /"actor":"system".*"parked":/);

    await again.stop();
    const keptFile = (/kept in (.*)\.$/m.exec(restored.said) as RegExpExecArray)[1] as string;
    t.match(await keep(here, 'restore', keptFile), { code: 0 }, 'what was replaced can be restored too');
    const status = await changing(here, (knex) => knex('active_operations').where({ id: running.id }).first('status'));
    t.match(status, { status: 'completed' });

    const elsewhere = await place(t, kind);
    const moved = await keep(elsewhere, 'restore', file);
    t.match(moved, { code: 0, said: /8 stored secrets were sealed under a key that is not here/ });
    t.notMatch(moved.said, /kept in/);
    const other = await serve(t, elsewhere, await freePort());
    const there = await signIn(other.url);
    const failed = await ended(there, await start(there, first, 'ssh_test'));
    t.match(failed, { status: 'failed', error: { code: 'OP_CREDENTIALS_SEALED' } });
    t.equal((await visitor(other.url, admin.token).call('GET', '/auth/me')).status, 401, 'nor do tokens hold there');
    await other.stop();
  });

  const WEIRD = [
    '\\.',
    '\\restrict x',
    'COPY x FROM stdin;',
    'a\tb\r\nc',
    '\u2028\u2029',
    "'; --",
    '\\N',
    '',
    'ä😀'.repeat(40_000),
  ];

  t.test(`an old backup is brought to the newest schema, word for word (${kind})`, async (t) => {
    const [old, target] = [await place(t, kind), await place(t, kind)];
    const file = join(old.dataDir, 'old.backup');
    await changing(old, async (knex) => {
      await migrate(knex);
      const [all] = (await knex.migrate.list()) as [unknown[]];
      for (let left = all.length; left > 1; left--) await knex.migrate.down();
      t.notOk(await knex.schema.hasTable('schedules'), 'it is as the first version made it');
      await seed(knex);
      for (const [index, text] of WEIRD.entries())
        await knex('operation_log').insert({ operation_id: 'b', seq: index + 1, at: 'then', stream: 'out', text });
    });
    t.match(await keep(old, 'backup', file), { code: 0 });
    await fill(target);
    t.match(await keep(target, 'restore', file), { code: 0, said: /schema 0001_first_light/ });
    await changing(target, async (knex) => {
      const [, missing] = (await knex.migrate.list()) as [unknown, unknown[]];
      t.same(missing, []);
      t.same(await knex('operation_log').orderBy('seq').pluck('text'), WEIRD);
      const rows = await knex('active_operations').orderBy('id').select('id', 'status', 'revision');
      const expected = [
        ['a', 'failed', 2],
        ['b', 'failed', 2],
        ['c', 'completed', 1],
        ['d', 'failed', 1],
        ['e', 'cancelled', 1],
      ];
      t.same(
        rows.map(({ id, status, revision }) => [id, status, revision]),
        expected,
      );
      await seedConnections(knex, 0).catch((error: Error) => t.match(error.message, /username/i, 'ids go on'));
      await migrate(knex);
    });
  });

  t.test(`what came due meanwhile does not come all at once (${kind})`, async (t) => {
    const here = await place(t, kind);
    const file = join(here.dataDir, 'kept.backup');
    await fill(here);
    const past = new Date(Date.now() - 86_400_000).toISOString();
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    await changing(here, async (knex) => {
      const common = { cron: '15 3 * * *', time_zone: 'Europe/Berlin', created_at: past, updated_at: past };
      const one = (await knex('connections').first('id')).id as number;
      const kinds = [
        ['overdue', past],
        ['to_come', soon],
        ['unreadable', past],
      ];
      for (const [name, due] of kinds)
        await knex('schedules').insert({
          ...{ ...common, kind: name, connection_id: one, next_due_at: due },
          ...(name === 'unreadable' ? { cron: 'never' } : {}),
        });
      const { id } = await knex('schedules').where({ kind: 'overdue' }).first('id');
      await knex('schedule_runs').insert({ schedule_id: id, due_at: past, claimed_at: past, node_id: 'gone' });
      await knex('revoked_tokens').insert({ token_id: 'in the backup', expires_at: soon });
    });
    t.match(await keep(here, 'backup', file), { code: 0 });
    await changing(here, async (knex) => {
      await knex('revoked_tokens').delete();
      await knex('revoked_tokens').insert({ token_id: 'since', expires_at: soon });
      await knex('users').update({ token_version: 7 });
    });
    const began = new Date().toISOString();
    t.match(await keep(here, 'restore', file), { code: 0, said: /2 schedules had come due since/ });
    await changing(here, async (knex) => {
      const rows = await knex('schedules').orderBy('kind').select('kind', 'next_due_at');
      const due = Object.fromEntries(rows.map((row) => [row.kind, row.next_due_at as string]));
      t.equal(due['to_come'], soon);
      t.ok((due['overdue'] as string) > began && /T0[12]:15:00\.000Z$/.test(due['overdue'] as string), due['overdue']);
      t.ok((due['unreadable'] as string) > began);
      t.match(await knex('schedule_runs').first(), { outcome: 'failed', detail: /was restored/ });
      t.same(await knex('revoked_tokens').orderBy('token_id').pluck('token_id'), ['in the backup', 'since']);
      t.match(await knex('users').first('token_version'), { token_version: 7 });
      t.not(await epochOf(knex), 'the first');
      t.notOk(await knex('store_meta').where({ key: 'backed_up_at' }).first());
    });
  });

  t.test(`what is no backup for here is refused, and nothing is changed (${kind})`, async (t) => {
    const [here, other] = [await place(t, kind), await place(t, kind)];
    await fill(here);
    await fill(other);
    const file = join(other.dataDir, 'kept.backup');
    const refuses = async (name: string, reason: RegExp) => {
      t.match(await keep(here, 'restore', join(other.dataDir, name)), { code: 1, said: reason }, name);
      await changing(here, async (knex) => {
        t.equal(await epochOf(knex), 'the first', name);
        t.equal((await knex('active_operations').where({ status: 'in_progress' })).length, 1);
      });
    };
    await writeFile(join(other.dataDir, 'garbage'), 'This is a text.');
    await writeFile(join(other.dataDir, 'empty'), '');
    await refuses('garbage', /garbage is not a backup of Signalbox\./);
    await refuses('empty', /empty is not a backup of Signalbox\./);
    await refuses('missing', /missing can't be read \(ENOENT\)\./);
    await refuses('.', /can't be read \(EISDIR\)\./);
    t.match(await keep(other, 'backup', file), { code: 0 });
    t.match(await keep(other, 'backup', file), { code: 1, said: /exists already\./ });
    const whole = await readFile(file);
    for (const part of [0.3, 0.9]) {
      await writeFile(join(other.dataDir, 'cut'), whole.subarray(0, whole.length * part));
      await refuses('cut', /cut is (damaged|not a backup)|pg_restore failed|failed: /);
    }
    await changing(other, (knex) => knex('knex_migrations').insert({ name: '9999_the_future', batch: 9 }));
    t.match(await keep(other, 'backup', file, '--force'), { code: 0 });
    await refuses('kept.backup', /was made by a newer version: 9999_the_future is not known here\./);
    await changing(other, async (knex) => {
      for (const table of ['schedule_runs', 'operation_log', 'idempotency_keys', 'store_meta'])
        await knex.schema.dropTable(table);
    });
    const stranger = await keep(other, 'backup', file, '--force');
    t.match(stranger, { code: 1, said: /holds nothing of Signalbox/ });
    const wrong = kind === 'SQLite' ? await place(t, 'PostgreSQL') : await place(t, 'SQLite');
    await fill(wrong);
    t.match(await keep(wrong, 'backup', join(other.dataDir, 'wrong')), { code: 0 });
    await refuses('wrong', /is the backup of an? (SQLite file|PostgreSQL database)/);
    t.same(
      readdirSync(here.dataDir).filter((name) => /before|restoring|part/.test(name)),
      [],
      'and nothing is left over',
    );
  });

  t.test(`a restore that is killed leaves the one store or the other (${kind})`, async (t) => {
    const [here, other] = [await place(t, kind), await place(t, kind)];
    const file = join(other.dataDir, 'kept.backup');
    await fill(other);
    t.match(await keep(other, 'backup', file), { code: 0 });
    await fill(here);
    await changing(here, (knex) =>
      knex('users').insert({ username: 'later', password_hash: '-', role: 'viewer', created_at: '-', updated_at: '-' }),
    );
    const marks = kind === 'SQLite' ? ['.restoring', '.restoring-journal', '.before-'] : ['.part', '.before-'];
    for (const mark of marks) {
      const { child, ended: over } = keepProcess(here, 'restore', file);
      const seen = () => readdirSync(here.dataDir).some((name) => name.includes(mark));
      while (!seen() && child.exitCode === null) await wait(1);
      child.kill('SIGKILL');
      await over;
      await changing(here, async (knex) => {
        const old = (await epochOf(knex)) === 'the first';
        t.equal((await knex('users').where({ username: 'later' })).length, old ? 1 : 0, mark);
        t.equal((await knex('active_operations').where({ status: 'pending' })).length, old ? 1 : 0, mark);
      });
      for (const name of readdirSync(here.dataDir)) if (/before|part/.test(name)) await rm(join(here.dataDir, name));
    }
    t.match(await keep(here, 'restore', file), { code: 0 });
    await changing(here, async (knex) => t.equal((await knex('users').where({ username: 'later' })).length, 0));
    t.notOk(existsSync(join(here.dataDir, 'signalbox.sqlite.restoring')));
  });
}

t.test('a damaged SQLite file is put aside, and a damaged backup is refused', async (t) => {
  const [here, other] = [await place(t, 'SQLite'), await place(t, 'SQLite')];
  const file = join(other.dataDir, 'kept.backup');
  await fill(other);
  await changing(other, (knex) => knex('store_meta').insert({ key: 'much', value: 'x'.repeat(100_000) }));
  t.match(await keep(here, 'backup', file), { code: 1, said: /^There is no database at / });
  t.match(await keep(other, 'backup', file), { code: 0 });
  const whole = await readFile(file);
  const database = join(here.dataDir, 'signalbox.sqlite');
  const pageOf = (number: number) =>
    Buffer.concat([whole.subarray(0, number * 4096), Buffer.alloc(4096, 0xff), whole.subarray((number + 1) * 4096)]);
  for (const damaged of [Buffer.from('no longer a database'), pageOf(0), pageOf(2)]) {
    await writeFile(database, damaged);
    t.match(await keep(here, 'backup', join(here.dataDir, 'never')), { code: 1, said: /damaged/ });
    t.match(await keep(here, 'restore', file), { code: 0, said: /It was damaged/ });
    await changing(here, async (knex) => t.ok(await knex('store_meta').where({ key: 'much' }).first()));
    const kept = readdirSync(here.dataDir)
      .filter((name) => name.includes('before'))
      .sort()
      .at(-1) as string;
    t.same(await readFile(join(here.dataDir, kept)), damaged, 'it is kept as it was');
  }
  await writeFile(file, pageOf(2));
  const epoch = await changing(here, epochOf);
  t.match(await keep(here, 'restore', file), { code: 1, said: /kept\.backup is (damaged|not a backup)/ });
  t.equal(await changing(here, epochOf), epoch);
  t.match(await keep(here, 'restore', database), { code: 1, said: /is the database itself\.$/ });
  t.match(
    readdirSync(here.dataDir).filter((name) => /never|part|restoring/.test(name)),
    [],
  );
});

t.test('an SQLite file that was copied with its -wal is a backup too', async (t) => {
  const [here, other] = [await place(t, 'SQLite'), await place(t, 'SQLite')];
  await fill(here);
  const copy = join(here.dataDir, 'copied');
  await changing(other, async (knex) => {
    await migrate(knex);
    await seed(knex);
    const from = join(other.dataDir, 'signalbox.sqlite');
    for (const suffix of ['', '-wal']) await copyFile(from + suffix, copy + suffix);
  });
  await changing(here, (knex) => knex('active_operations').delete());
  t.match(await keep(here, 'restore', copy), { code: 0 });
  await changing(here, async (knex) => t.equal((await knex('active_operations')).length, 5));
});

t.test('a held SQLite file stays held while its content is kept', async (t) => {
  const here = await place(t, 'SQLite');
  await fill(here);
  const path = join(here.dataDir, 'signalbox.sqlite');
  const held = await holdFile(path);
  t.teardown(() => held.close());
  await keepIn(held, `${path}.before`);
  // Locks are between processes.
  t.match(await keepProcess(here, 'restore', `${path}.before`).ended, { code: 1, said: /is in use/ });
});

t.test('tables that are not ours in the same PostgreSQL schema are left alone', async (t) => {
  const here = await place(t, 'PostgreSQL');
  const file = join(here.dataDir, 'kept.backup');
  await fill(here);
  t.match(await keep(here, 'backup', file), { code: 0 });
  await changing(here, (knex) => knex.schema.createTable('invoices', (table) => table.increments('id')));
  t.match(await keep(here, 'restore', file), { code: 1, said: /tables that this version does not know: invoices\./ });
  await changing(here, async (knex) => {
    t.ok(await knex.schema.hasTable('invoices'));
    t.equal(await epochOf(knex), 'the first');
    await knex.schema.dropTable('invoices');
    await knex.raw('CREATE VIEW report AS SELECT id FROM active_operations');
  });
  t.match(await keep(here, 'restore', file), {
    code: 1,
    said: /built upon the tables: view report depends on table active_operations\./,
  });
  await changing(here, async (knex) => t.equal(await epochOf(knex), 'the first'));
});

t.test("PostgreSQL's programs", async (t) => {
  const directory = t.testdir({ bin: { pg_dump: '' } });
  t.equal(pathOf('pg_dump', [directory, join(directory, 'bin')]), join(directory, 'bin/pg_dump'));
  t.throws(() => pathOf('pg_restore', [join(directory, 'bin')]), {
    message: /^pg_restore was found neither in PATH nor in /,
  });
  const given = { address: 'postgres://me@db.example/x?sslmode=require', env: { PGPASSWORD: 'p@ss' } };
  t.same(addressParts('postgres://me:p%40ss@db.example/x?sslmode=require'), given, 'a password is no argument');
  t.same(addressParts('postgres://me@db.example/x?password=p%40ss&sslmode=require'), given);
  t.same(addressParts('postgres://me@db.example/x'), { address: 'postgres://me@db.example/x', env: {} });
});

t.test('every sealed column is looked at for keys that are not here', async (t) => {
  const here = await place(t, 'SQLite');
  await fill(here);
  await changing(here, async (knex) => {
    const sql =
      "SELECT m.name AS name, c.name AS col FROM sqlite_master m, pragma_table_info(m.name) c WHERE c.name LIKE '%sealed'";
    const rows = (await knex.raw(sql)) as { name: string; col: string }[];
    const listed = Object.entries(SEALED).flatMap(([name, columns]) => columns.map((col) => `${name}.${col}`));
    t.same(listed.sort(), rows.map(({ name, col }) => `${name}.${col}`).sort());
  });
});

t.test('the commands', async (t) => {
  const here = await place(t, 'SQLite');
  for (const args of [['backup'], ['backup', 'a', 'b'], ['backup', '--now', 'a'], ['restore', '--force', 'a'], []])
    t.match(await keep(here, ...args), { code: 1, said: /^Usage: npm run / }, args.join(' '));
  const wrong = { ...here, env: { ...here.env, PORT: 'x', SIGNALBOX_NONE: '1' } };
  t.match(await keep(wrong, 'backup', 'a'), { code: 2, said: /^PORT: .*\nSIGNALBOX_NONE: / });

  const dir = t.testdir({
    server: { keeping: { 'main.ts': 'console.log(process.argv.slice(2), process.env.INIT_CWD);\n' } },
  });
  for (const name of ['scripts', 'package.json', 'package-lock.json'])
    await cp(join(ROOT, name), join(dir, name), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
  await mkdir(join(dir, 'within'));
  const environment = { ...process.env };
  delete environment['INIT_CWD'];
  for (const name of ['backup', 'restore']) {
    const options = { cwd: join(dir, 'within'), env: environment };
    const { stdout } = await promisify(execFile)(process.execPath, [join(dir, `scripts/${name}.mjs`), 'a'], options);
    t.equal(stdout, `[ '${name}', 'a' ] ${join(dir, 'within')}\n`);
  }
});
