/** The rows of many connections at once, gathered by connection. */
import type { Knex } from 'knex';
import { dialectOf } from '../../db/dialect.js';

/** Of these connections: one JSON parameter however many there are, since the number of parameters is limited. */
export function amongConnections(knex: Knex, ids: readonly number[]): Knex.Raw {
  const wanted = dialectOf(knex).rowsFromJson('wanted', { id: 'integer' });
  const list = JSON.stringify(ids.map((id) => ({ id })));
  return knex.raw(`connection_id in (select wanted.id from ${wanted})`, [list]);
}

/** What the rows tell of each connection; their order stays within it. */
export function byConnection<Row extends { connection_id: number }, Thing>(
  rows: readonly Row[],
  fromRow: (row: Row) => Thing,
): Map<number, Thing[]> {
  const things = new Map<number, Thing[]>();
  for (const row of rows) {
    const known = things.get(row.connection_id) ?? [];
    if (known.length === 0) things.set(row.connection_id, known);
    known.push(fromRow(row));
  }
  return things;
}
