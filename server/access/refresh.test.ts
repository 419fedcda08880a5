import Hapi, { type LogEvent } from '@hapi/hapi';
import type { Knex } from 'knex';
import t, { type Test } from 'tap';
import { migrate, openDatabase } from '../../db/knexfile.js';
import { seedConnections } from '../../tests/peers/databases.js';
import { until } from '../../tests/peers/house.js';
import { startPostgres } from '../../tests/peers/postgres.js';
import { Switches } from '../switches/switches.js';
import type { Caller } from './contract.js';
import { Directory } from './directory.js';
import { refresh } from './refresh.js';

const HOUR_MS = 3_600_000;

const postgres = await startPostgres();
t.teardown(() => postgres.stop());

/** A node that remembers, beside a database that others write. It reads by the clock once an hour, so what it hears shows. */
async function remember(t: Test, connectionOf = (url: string) => url) {
  const databaseUrl = await postgres.freshDatabase();
  const knex = openDatabase({ databaseUrl, dataDir: '' });
  t.teardown(() => knex.destroy());
  await migrate(knex);
  const [connection = 0] = await seedConnections(knex, 1);
  const directory = await Directory.load(knex);
  const switches = await Switches.load(knex, { realtime: 'on', realtimeRollout: 100 });
  const server = Hapi.server();
  const logged: LogEvent[] = [];
  server.events.on('log', (event) => void logged.push(event));
  const options = {
    sources: [directory, switches],
    connection: connectionOf(databaseUrl),
    backstopMs: HOUR_MS,
  };
  await server.register({ plugin: refresh, options });
  await server.initialize();
  t.teardown(() => server.stop());
  return { knex, directory, switches, server, logged, connection };
}

const seen = (look: () => unknown): Promise<unknown> => until(async () => look(), Boolean);

const stamps = { created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' };

async function addUser(knex: Knex, username: string): Promise<number> {
  const row = { username, password_hash: '-', role: 'operator', ...stamps };
  const [user] = await knex('users').insert(row).returning<{ id: number }[]>('id');
  return (user as { id: number }).id;
}

t.test('a node hears at once of each thing that another node changed', async (t) => {
  const { knex, directory, switches, connection } = await remember(t);
  const owner = directory.ownerOf(connection);
  const otto = await addUser(knex, 'otto');
  await seen(() => directory.userByName('otto'));
  t.equal(directory.userByName('otto')?.id, otto, 'a new account');

  await knex('users').where({ id: otto }).update({ role: 'viewer' });
  await seen(() => directory.userByName('otto')?.role === 'viewer');
  t.equal(directory.userByName('otto')?.role, 'viewer', 'another role');

  const caller: Caller = {
    ...{ userId: otto, username: 'otto', tokenId: 'of otto', issuer: 'signalbox' },
    ...{ expiresAt: Date.now() + HOUR_MS, maxRole: 'admin', tokenVersion: null },
  };
  t.equal(directory.roleOn(caller, connection), null);
  await knex('grants').insert({
    connection_id: connection,
    user_id: otto,
    role: 'viewer',
  });
  await seen(() => directory.roleOn(caller, connection));
  t.equal(directory.roleOn(caller, connection), 'viewer', 'a grant');
  await knex('grants').where({ user_id: otto }).delete();
  await seen(() => directory.roleOn(caller, connection) === null);

  await knex('connections').where({ id: connection }).update({ owner_id: otto });
  await seen(() => directory.ownerOf(connection) === otto);
  t.not(directory.ownerOf(connection), owner, 'another owner');

  const expires = new Date(caller.expiresAt).toISOString();
  await knex('revoked_tokens').insert({ token_id: caller.tokenId, expires_at: expires });
  await seen(() => directory.roleOf(caller) === null);
  t.equal(directory.roleOf(caller), null, 'a revoked token');

  await knex('connections').where({ id: connection }).delete();
  await seen(() => directory.ownerOf(connection) === null);
  await knex('users').where({ id: otto }).delete();
  await seen(() => directory.userByName('otto') === null);

  const elsewhere = await Switches.load(knex, { realtime: 'on', realtimeRollout: 100 });
  await elsewhere.change({ realtimeRollout: 25 }, 'owner');
  await seen(() => switches.realtimeRollout === 25);
  t.equal(switches.realtimeRollout, 25, 'a setting');
});

t.test('what it does not remember is no reason to read', async (t) => {
  const { knex, directory, connection } = await remember(t);
  // It reads once when it begins to listen.
  await addUser(knex, 'first');
  await seen(() => directory.userByName('first'));
  let reads = 0;
  knex.on('query', ({ sql }: { sql: string }) => void (sql.includes('"token_version" from "users"') && reads++));
  await knex('users').update({ password_hash: 'another' });
  await knex('connections').where({ id: connection }).update({ hostname: '127.0.0.2' });
  await addUser(knex, 'last');
  await seen(() => directory.userByName('last'));
  t.equal(reads, 1);
});

t.test('a node that hears nothing looks every second, and says that it is deaf', async (t) => {
  const { knex, directory, logged } = await remember(t, () => 'postgres://nobody@127.0.0.1:1/none');
  t.match(logged, [{ tags: ['error', 'refresh', 'deaf'] }]);
  await addUser(knex, 'otto');
  await seen(() => directory.userByName('otto'));
  t.ok(directory.userByName('otto'));
});

t.test('a node whose LISTEN is cut has the truth when it listens again', async (t) => {
  const { knex, directory, logged } = await remember(t);
  const cut = () =>
    knex.raw(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'signalbox listen' AND datname = current_database()`);
  await cut();
  await addUser(knex, 'otto');
  await seen(() => directory.userByName('otto'));
  t.ok(logged.some(({ tags }) => tags.includes('deaf')));
});

t.test('what can not be read leaves what counted in force, is said, and is read later', async (t) => {
  const { knex, directory, logged, server } = await remember(t);
  await knex.schema.renameTable('grants', 'grants_away');
  await addUser(knex, 'otto');
  await seen(() => logged.length > 0);
  t.match(logged[0]?.tags, ['error', 'refresh'], 'says where it can not');
  t.equal(directory.userByName('otto'), null);
  t.ok(directory.userByName('owner'), 'and keeps what it knew');
  await knex.schema.renameTable('grants_away', 'grants');
  await addUser(knex, 'otto-again');
  await seen(() => directory.userByName('otto-again'));
  t.ok(directory.userByName('otto'), 'and goes on');

  await server.stop();
  await addUser(knex, 'too late');
  // A second connection's notification has come and gone when this one's own statement is answered.
  await knex.raw('SELECT pg_sleep(0.05)');
  t.equal(directory.userByName('too late'), null, 'until the server stops');
});
