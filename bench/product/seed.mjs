/** A database as a house in use has it: accounts, connections, nothing running. */
import { v7 as uuidv7 } from 'uuid';
import { openDatabase, migrate } from '../../dist/db/knexfile.js';

const CHUNK = 500;

/** The history of a connection. */
function ended(connectionId, count, at) {
  const times = { started_at: at, updated_at: at, completed_at: at };
  return Array.from({ length: count }, () => ({
    ...{ id: uuidv7(), connection_id: connectionId, operation_type: 'bench_hang', status: 'completed', progress: 100 },
    ...{ message: 'The service answers', requested_by: 'bench-1', params: '{"service":"tomcat"}', ...times },
  }));
}

/** Migrates an empty database and fills it; answers with the ids of the connections, and the accounts. */
export async function seed(settings, { users = 1, connections = 1, operations = 0 } = {}) {
  const knex = openDatabase(settings);
  try {
    await migrate(knex);
    const at = new Date().toISOString();
    const stamps = { created_at: at, updated_at: at };
    const accounts = Array.from({ length: users }, (_, n) => ({
      ...{ username: `bench-${n + 1}`, password_hash: '-', role: 'admin', ...stamps },
    }));
    await knex.batchInsert('users', accounts, CHUNK / 10);
    const stored = await knex('users').orderBy('id').select('id', 'username', 'role', 'token_version');
    const hosts = Array.from({ length: connections }, (_, n) => ({
      ...{ name: `host-${n + 1}`, platform: 'linux', hostname: '127.0.0.1', port: 22, username: 'nobody' },
      ...{ owner_id: stored[0].id, ...stamps },
    }));
    await knex.batchInsert('connections', hosts, CHUNK / 10);
    const ids = await knex('connections').orderBy('id').pluck('id');
    await knex.batchInsert('active_operations', ended(ids[0], operations, at), CHUNK / 10);
    const people = stored.map(({ id, username, role, token_version: tokenVersion }) => ({
      ...{ id, username, role, tokenVersion },
    }));
    return { connections: ids, accounts: people };
  } finally {
    await knex.destroy();
  }
}
