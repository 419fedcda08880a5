/** A server that is killed, restarted and stopped, as a process of its own: nothing is stuck, and the history is there. */
import t, { type Test } from 'tap';
import { openDatabase } from '../db/knexfile.js';
import type { Operation } from '../server/operations/contract.js';
import { signIn, startServer, until, visitor, type ServerProcess, type Visitor } from './peers/house.js';
import { startTcp } from './peers/tcp-server.js';
import { tempDir } from './peers/temp.js';

const LEASE_SECONDS = process.env['SIGNALBOX_TEST_FULL'] ? 30 : 3;
const env = { SIGNALBOX_LEASE_SECONDS: String(LEASE_SECONDS) };

const silent = await startTcp(() => undefined);
t.teardown(() => silent.stop());

/** A data directory whose servers are stopped before it goes. */
async function dataDirOf(
  t: Test,
): Promise<{ path: string; start(more?: Record<string, string>): Promise<ServerProcess> }> {
  const directory = await tempDir();
  const servers: ServerProcess[] = [];
  t.teardown(async () => {
    for (const server of servers) if (server.child.exitCode === null && !server.child.killed) await server.stop();
    await directory.remove();
  });
  return {
    path: directory.path,
    async start(more = env) {
      const server = await startServer(directory.path, more);
      servers.push(server);
      return server;
    },
  };
}

async function startHanging(admin: Visitor): Promise<{ id: number; path: string }> {
  const connection = {
    name: 'silent',
    platform: 'linux',
    hostname: '127.0.0.1',
    port: silent.port,
    username: 'nobody',
  };
  const { body } = await admin.call('POST', '/connections', { ...connection, password: 'does-not-matter' });
  const id = Number(body['id']);
  const started = await admin.call('POST', `/connections/${id}/operations/ssh_test`);
  t.equal(started.status, 202, started.text);
  return { id, path: started.headers.get('location') ?? '' };
}

async function statusIn(dataDir: string, id: string): Promise<string | undefined> {
  const knex = openDatabase({ databaseUrl: null, dataDir });
  try {
    return (await knex<{ id: string; status: string }>('active_operations').where({ id }).first())?.status;
  } finally {
    await knex.destroy();
  }
}

const see = async (who: Visitor, path: string) => (await who.call('GET', path)).body as unknown as Operation;

t.test('ends what ran on a killed server, after the lease, and the button works again', async (t) => {
  const directory = await dataDirOf(t);
  const first = await directory.start();
  const { id, path } = await startHanging(await signIn(first.url));
  const before = await until(
    async () => see(await signIn(first.url), path),
    (operation) => operation.step?.key === 'host_key',
  );
  await first.kill();
  t.equal(await statusIn(directory.path, before.id), 'in_progress', 'the row stays as the dead server left it');
  const second = await directory.start();
  const admin = await signIn(second.url);
  const ended = await until(
    () => see(admin, path),
    (operation) => operation.completedAt !== null,
    (LEASE_SECONDS + 15) * 1000,
  );
  t.match(ended, { status: 'failed', error: { code: 'OP_INTERRUPTED', message: /silent since/, retryable: true } });
  const again = await admin.call('POST', `/connections/${id}/operations/ssh_test`);
  t.equal(again.status, 202, 'the place is free');
  t.not(again.body['operationId'], before.id);
  const { body } = await admin.call('GET', `/connections/${id}/operations`);
  t.equal((body['operations'] as Operation[]).length, 2, 'and the history is kept');
});

t.test('stops on SIGTERM: no new work, what runs ends, exit code 0', async (t) => {
  const directory = await dataDirOf(t);
  const server = await directory.start();
  const { path } = await startHanging(await signIn(server.url));
  await until(
    async () => see(await signIn(server.url), path),
    (operation) => operation.step?.key === 'host_key',
  );
  t.equal(await server.stop(), 0, server.output().slice(-2000));
  const again = await directory.start();
  const ended = await see(await signIn(again.url), path);
  t.equal(ended.status, 'failed');
  t.match(ended.error?.code, /^(OP_INTERRUPTED|SSH_TIMEOUT_HOST_KEY)$/, 'inside the grace, or at its end');
});

t.test('refuses to start with mistaken settings, and names them all', async (t) => {
  const directory = await dataDirOf(t);
  const wrong = { SIGNALBOX_LEASE_SECONDS: 'long', SIGNALBOX_REALTME: 'off', SIGNALBOX_JWT_SECRET: 'short' };
  await t.rejects(directory.start(wrong), {
    message: /SIGNALBOX_LEASE_SECONDS: expected[^]*SIGNALBOX_REALTME[^]*SIGNALBOX_REALTIME/,
  });
});

t.test('makes the first admin’s password once and shows it once', async (t) => {
  const directory = await dataDirOf(t);
  const first = await directory.start({ ...env, SIGNALBOX_ADMIN_PASSWORD: '' });
  const password = /with the password (\S+)/.exec(first.output())?.[1] ?? '';
  t.ok(password.length >= 20);
  t.ok((await signIn(first.url, 'admin', password)).token);
  await first.stop();
  const second = await directory.start({ ...env, SIGNALBOX_ADMIN_PASSWORD: '' });
  t.notMatch(second.output(), /with the password/);
  t.ok((await signIn(second.url, 'admin', password)).token);
  t.equal((await visitor(second.url, '').call('GET', '/connections')).status, 401);
});
