/** Every read of the operations store, and retention. A read never changes anything. */
import type { Knex } from 'knex';
import { ACTIVE } from './columns.js';
import type { OperationRow } from './row.js';

export interface ListFilter {
  /** One connection; without it every connection that `owner` may see. */
  connectionId?: number;
  /** A user id: only connections that he owns or is granted. */
  visibleToUser?: number;
  /** Only these connections, and only these types. */
  connectionIds?: readonly number[];
  types?: readonly string[];
  status?: string;
  type?: string;
  limit: number;
  /** What the last page gave as `next`. */
  before?: string;
}

/** Which columns of the rows are needed. */
type PartFilter = ListFilter & { columns: string | string[] };

export interface RowPage {
  rows: OperationRow[];
  next: string | null;
}

// A cursor names the part (a: active, h: history) and the last id of it; ids are UUIDv7, so they sort by time.
const CURSOR = /^([ah])\.([0-9a-f-]{36})$/;

export const isCursor = (text: string): boolean => CURSOR.test(text);

function visible(query: Knex.QueryBuilder, filter: ListFilter): Knex.QueryBuilder {
  const { connectionId, visibleToUser } = filter;
  if (connectionId !== undefined) void query.where('connection_id', connectionId);
  if (visibleToUser !== undefined)
    void query.whereRaw(
      'connection_id IN (SELECT id FROM connections WHERE owner_id = ? UNION SELECT connection_id FROM grants WHERE user_id = ?)',
      [visibleToUser, visibleToUser],
    );
  if (filter.type) void query.where('operation_type', filter.type);
  if (filter.types) void query.whereIn('operation_type', filter.types);
  if (filter.connectionIds) void query.whereIn('connection_id', filter.connectionIds);
  return query;
}

/** One part of a list: the active rows or the ended ones, newest first. */
async function part(knex: Knex, filter: PartFilter, active: boolean, after: string | null, limit: number) {
  const { status, columns } = filter;
  if (limit <= 0) return [];
  if (status && status !== 'active' && active !== (status === 'pending' || status === 'in_progress')) return [];
  if (status === 'active' && !active) return [];
  const query = visible(knex('active_operations'), filter).whereRaw(active ? ACTIVE : `NOT (${ACTIVE})`);
  if (status && status !== 'active') void query.where('status', status);
  if (after) void query.where('id', '<', after);
  return (await query.orderBy('id', 'desc').limit(limit).select(columns)) as OperationRow[];
}

/** Active operations first, then the newest. */
export async function list(knex: Knex, filter: ListFilter): Promise<RowPage> {
  return page(knex, { ...filter, columns: '*' });
}

/**
 * Names a page's content without reading it: which operations are on it, each at which revision. The same on every node, and
 * another one after every change that shows.
 */
export async function listVersion(knex: Knex, filter: ListFilter): Promise<string> {
  const { rows, next } = await page(knex, { ...filter, columns: ['id', 'revision'] });
  return [next, ...rows.map(({ id, revision }) => `${id}.${revision}`)].join(' ');
}

async function page(knex: Knex, filter: PartFilter): Promise<RowPage> {
  const cursor = filter.before ? CURSOR.exec(filter.before) : null;
  const wanted = filter.limit + 1;
  const inHistory = cursor?.[1] === 'h';
  const active = inHistory ? [] : await part(knex, filter, true, cursor?.[2] ?? null, wanted);
  const ended = await part(knex, filter, false, inHistory ? (cursor?.[2] ?? null) : null, wanted - active.length);
  const rows = [...active, ...ended];
  const shown = rows.slice(0, filter.limit);
  const last = shown.at(-1);
  const more = rows.length > shown.length && last;
  return { rows: shown, next: more ? `${active.includes(last) ? 'a' : 'h'}.${last.id}` : null };
}

export async function find(knex: Knex, connectionId: number, id: string): Promise<OperationRow | undefined> {
  return knex<OperationRow>('active_operations').where({ id, connection_id: connectionId }).first();
}

/** The store's epoch: made with the store, changed when a backup is restored. */
export async function epoch(knex: Knex, fresh: string): Promise<string> {
  await knex('store_meta').insert({ key: 'epoch', value: fresh }).onConflict('key').ignore();
  const row = await knex<{ key: string; value: string }>('store_meta').where({ key: 'epoch' }).first();
  return row?.value ?? fresh;
}

/** Deletes ended operations, their logs with them, and idempotency keys; answers with how many operations went. */
export async function prune(knex: Knex, before: { operations: string; keys: string }): Promise<number> {
  await knex('idempotency_keys').where('created_at', '<', before.keys).delete();
  return knex('active_operations').whereRaw(`NOT (${ACTIVE})`).where('completed_at', '<', before.operations).delete();
}
