/**
 * What differs between SQLite and PostgreSQL, in one place. Times are kept as UTC ISO 8601 text with milliseconds on both,
 * and "now" is the database's own clock, so that leases mean the same on every node.
 */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

export type DialectName = 'sqlite' | 'postgres';

export interface Dialect {
  readonly name: DialectName;
  /** The database's clock as ISO text, `offsetMs` from now: an SQL expression. */
  now(offsetMs?: number): string;
  /** The larger of two numbers: an SQL expression. */
  greatest(a: string, b: string): string;
  /** The ms from one time to a later one: an SQL expression. */
  msBetween(from: string, to: string): string;
  /** A table of rows out of one JSON parameter: `FROM (…) AS alias`. Columns that a row leaves out are null. */
  rowsFromJson(alias: string, columns: Record<string, 'text' | 'integer'>): string;
  /**
   * Options of a query that the server plans once for a connection; only for texts of which there are few. PostgreSQL finds them by
   * a name. SQLite needs none (prepared-sqlite.ts).
   */
  planned(sql: string): { name?: string };
  /** The clause that lets several nodes claim without waiting for each other. */
  readonly skipLocked: string;
}

const sqlite: Dialect = {
  name: 'sqlite',
  now: (offsetMs = 0) => `strftime('%Y-%m-%dT%H:%M:%fZ','now','${(offsetMs / 1000).toFixed(3)} seconds')`,
  greatest: (a, b) => `max(${a}, ${b})`,
  // Days as a floating-point number: exact to a twentieth of a ms.
  msBetween: (from, to) => `CAST(round((julianday(${to}) - julianday(${from})) * 86400000) AS INTEGER)`,
  rowsFromJson: (alias, columns) => {
    const picks = Object.keys(columns).map((column) => `json_extract(value, '$.${column}') AS ${column}`);
    return `(SELECT ${picks.join(', ')} FROM json_each(?)) AS ${alias}`;
  },
  planned: () => ({}),
  skipLocked: '',
};

const names = new Map<string, string>();

/** The same for the same text, in every process and version: a pool in between may share what was prepared. */
function nameOf(sql: string): string {
  const name = names.get(sql) ?? `signalbox-${createHash('sha256').update(sql).digest('base64url').slice(0, 16)}`;
  names.set(sql, name);
  return name;
}

const postgres: Dialect = {
  name: 'postgres',
  now: (offsetMs = 0) =>
    `to_char((clock_timestamp() + interval '${offsetMs} milliseconds') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  greatest: (a, b) => `greatest(${a}, ${b})`,
  msBetween: (from, to) =>
    `CAST(round(extract(epoch FROM (${to})::timestamptz - (${from})::timestamptz) * 1000) AS BIGINT)`,
  rowsFromJson: (alias, columns) => {
    const types = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
    return `json_to_recordset(?::json) AS ${alias}(${types.join(', ')})`;
  },
  planned: (sql) => ({ name: nameOf(sql) }),
  skipLocked: 'FOR UPDATE SKIP LOCKED',
};

export function dialectOf(knex: Knex): Dialect {
  return knex.client.config.client === 'pg' ? postgres : sqlite;
}
