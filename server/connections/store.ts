/** The table of connections; each function is one statement or one transaction, and takes a transaction as well. */
import type { Knex } from 'knex';
import { byName } from '../../db/by-name.js';
import { dialectOf } from '../../db/dialect.js';
import type { Vault } from '../keys/vault.js';
import type { ConnectionTarget } from './contract.js';
import { fromRow, targetFrom, type ConnectionRow, type Platforms, type StoredConnection } from './row.js';
import type { ConnectionChange, NewConnection } from './schema.js';
import { sealedColumns } from './secrets.js';

const PLAIN_COLUMNS = [
  ...['id', 'name', 'platform', 'hostname', 'port', 'username', 'services', 'owner_id', 'legacy_algorithms'],
  ...['platform_settings', 'certificate'],
  ...['host_key_type', 'host_key_fingerprint', 'host_key_pinned_at'],
  ...['offered_key_type', 'offered_key_fingerprint', 'offered_key_at', 'created_at', 'updated_at'],
].map((column) => `connections.${column}`);

const now = (knex: Knex) => knex.raw(dialectOf(knex).now());

function rows(knex: Knex) {
  return knex<ConnectionRow>('connections')
    .join('users', 'users.id', 'connections.owner_id')
    .select<ConnectionRow[]>(
      ...PLAIN_COLUMNS,
      'users.username as owner',
      knex.raw('(connections.password_sealed is not null) as has_password'),
      knex.raw('(connections.private_key_sealed is not null) as has_private_key'),
    );
}

/** One connection, or null. */
export async function findConnection(knex: Knex, id: number): Promise<StoredConnection | null> {
  const [row] = await rows(knex).where('connections.id', id);
  return row ? fromRow(row) : null;
}

/** What an operation may know of a connection, or null. */
export async function targetOf(knex: Knex, platforms: Platforms, id: number): Promise<ConnectionTarget | null> {
  const connection = await findConnection(knex, id);
  return connection && targetFrom(platforms, connection);
}

export interface ConnectionFilter {
  visible: 'all' | ReadonlySet<number>;
  platform?: string;
  /** A part of the name or of the hostname, in upper or lower case. */
  q?: string;
}

/** The visible connections by name. Sorted and searched here, since the two databases fold letters differently. */
export async function listConnections(knex: Knex, filter: ConnectionFilter): Promise<StoredConnection[]> {
  const query = rows(knex);
  if (filter.visible !== 'all') {
    // One JSON parameter however many there are: the number of parameters is limited.
    const ids = JSON.stringify([...filter.visible].map((id) => ({ id })));
    const visible = dialectOf(knex).rowsFromJson('visible', { id: 'integer' });
    query.whereRaw(`connections.id in (select visible.id from ${visible})`, [ids]);
  }
  if (filter.platform !== undefined) query.where('connections.platform', filter.platform);
  const wanted = filter.q?.toLowerCase() ?? '';
  return (await query)
    .map(fromRow)
    .filter(({ name, hostname }) => name.toLowerCase().includes(wanted) || hostname.includes(wanted))
    .sort((a, b) => byName.compare(a.name, b.name) || a.id - b.id);
}

function plainColumns(change: ConnectionChange): Record<string, unknown> {
  const { name, platform, hostname, port, username, services, legacyAlgorithms, platformSettings, certificate } =
    change;
  const columns = {
    ...{ name, platform, hostname, port, username },
    services: services && JSON.stringify(services),
    legacy_algorithms: legacyAlgorithms,
    platform_settings: platformSettings && JSON.stringify(platformSettings),
    certificate: certificate && JSON.stringify(certificate),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

/** Adds a connection. Its secrets are sealed for its id, so they follow its row within the transaction. */
export function createConnection(
  knex: Knex,
  vault: Vault,
  { ownerId, ...connection }: NewConnection & { port: number; ownerId: number },
): Promise<StoredConnection> {
  return knex.transaction(async (trx) => {
    const times = { created_at: now(trx), updated_at: now(trx) };
    const [inserted] = await trx('connections')
      .insert({ ...plainColumns(connection), ...times, owner_id: ownerId })
      .returning<{ id: number }[]>('id');
    const id = inserted?.id ?? 0;
    const secrets = sealedColumns(vault, id, connection);
    if (Object.keys(secrets).length > 0) await trx('connections').where({ id }).update(secrets);
    const stored = await findConnection(trx, id);
    if (!stored) throw new Error('The inserted connection is not there.');
    return stored;
  });
}

// Another name or port is another machine, whose key nobody has seen yet.
function forgottenKeys(before: StoredConnection, change: ConnectionChange): Record<string, null> {
  const { hostname = before.hostname, port = before.port } = change;
  if (hostname === before.hostname && port === before.port) return {};
  return {
    ...{ host_key_type: null, host_key_fingerprint: null, host_key_pinned_at: null },
    ...{ offered_key_type: null, offered_key_fingerprint: null, offered_key_at: null },
  };
}

/**
 * Changes a connection; null where it is gone. A new hostname or port also clears the pinned host key. `decide` makes the
 * change out of what is stored; what it throws leaves the row as it is.
 */
export function changeConnection(
  knex: Knex,
  vault: Vault,
  id: number,
  decide: (before: StoredConnection, trx: Knex.Transaction) => ConnectionChange | Promise<ConnectionChange>,
): Promise<{ before: StoredConnection; after: StoredConnection } | null> {
  return knex.transaction(async (trx) => {
    // The write comes first: it holds the row, so that what is read next is still true when it is changed.
    await trx('connections')
      .where({ id })
      .update({ updated_at: now(trx) });
    const before = await findConnection(trx, id);
    if (!before) return null;
    const change = await decide(before, trx);
    const columns = { ...plainColumns(change), ...sealedColumns(vault, id, change), ...forgottenKeys(before, change) };
    if (Object.keys(columns).length > 0) await trx('connections').where({ id }).update(columns);
    const after = await findConnection(trx, id);
    return after && { before, after };
  });
}
