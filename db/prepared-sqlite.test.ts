import { createRequire } from 'node:module';
import t, { type Test } from 'tap';
import type { Knex } from 'knex';
import { tempDir } from '../tests/peers/temp.js';
import { openDatabase } from './knexfile.js';
import { KEPT } from './prepared-sqlite.js';

interface Prototype {
  prepare(sql: string, ...rest: unknown[]): object;
}

const { Database } = createRequire(import.meta.url)('sqlite3') as { Database: { prototype: Prototype } };

/** A table with two rows, and every text that is prepared from then on. */
async function open(t: Test): Promise<{ knex: Knex; made: string[] }> {
  const directory = await tempDir();
  const knex = openDatabase({ databaseUrl: null, dataDir: directory.path });
  await knex.schema.createTable('things', (table) => {
    table.increments('id');
    table.text('name').notNullable().unique();
  });
  await knex('things').insert([{ name: 'lamp' }, { name: 'lever' }]);
  const made: string[] = [];
  const { prepare } = Database.prototype;
  Database.prototype.prepare = function (sql, ...rest) {
    made.push(sql);
    return prepare.call(this, sql, ...rest);
  };
  t.teardown(async () => {
    Database.prototype.prepare = prepare;
    await knex.destroy();
    await directory.remove();
  });
  return { knex, made };
}

t.test('prepares a query once, and answers it with what it is asked for', async (t) => {
  const { knex, made } = await open(t);
  const named = (name: string) => knex('things').where({ name }).first('id', 'name');
  t.same(await named('lamp'), { id: 1, name: 'lamp' });
  t.same(await named('lever'), { id: 2, name: 'lever' }, 'bound anew');
  t.equal(await named('nothing'), undefined);
  t.equal(made.length, 1);
  t.same(await Promise.all(['lamp', 'lever', 'lamp'].map(named)), [
    { id: 1, name: 'lamp' },
    { id: 2, name: 'lever' },
    { id: 1, name: 'lamp' },
  ]);
  t.equal(made.length, 1, 'also where several come at once');
});

t.test('tells each write what it did, whatever ran before and after it', async (t) => {
  const { knex } = await open(t);
  const inserts = await Promise.all(['a', 'b', 'c'].map((name) => knex('things').insert({ name })));
  t.same(inserts, [[3], [4], [5]], 'the id of each');
  t.equal(await knex('things').where({ name: 'a' }).update({ name: 'd' }), 1);
  t.equal(await knex('things').where({ name: 'a' }).update({ name: 'e' }), 0);
  t.equal(await knex('things').where('id', '>', 2).delete(), 3);
  t.same(await knex('things').insert({ name: 'f' }).returning('name'), [{ name: 'f' }]);
});

t.test('goes on after a query that failed', async (t) => {
  const { knex, made } = await open(t);
  await t.rejects(knex.raw('SELECT nothing FROM things'), { code: 'SQLITE_ERROR' });
  await t.rejects(knex.raw('SELECT nothing FROM things'), { code: 'SQLITE_ERROR' });
  t.equal(made.length, 2, 'what could not be prepared is not kept');
  const insert = (name: string) => knex('things').insert({ name });
  await t.rejects(insert('lamp'), { code: 'SQLITE_CONSTRAINT' });
  t.same(await insert('signal'), [3]);
  await t.rejects(
    knex.transaction(async (trx) => {
      await trx('things').insert({ name: 'gone' });
      await trx('things').insert({ name: 'lamp' });
    }),
    { code: 'SQLITE_CONSTRAINT' },
  );
  t.same(await knex('things').orderBy('id').pluck('name'), ['lamp', 'lever', 'signal'], 'rolled back whole');
});

t.test('sees a changed schema', async (t) => {
  const { knex } = await open(t);
  const first = () => knex('things').orderBy('id').first();
  t.same(await first(), { id: 1, name: 'lamp' });
  await knex.schema.alterTable('things', (table) => void table.text('colour').defaultTo('red'));
  t.same(await first(), { id: 1, name: 'lamp', colour: 'red' });
});

t.test('keeps no more than it said, and closes the file with all of them', async (t) => {
  const { knex, made } = await open(t);
  const ask = (n: number) => knex.raw(`SELECT ${n} AS n`) as unknown as Promise<{ n: number }[]>;
  for (let n = 0; n < KEPT + 1; n++) await ask(n);
  made.length = 0;
  t.same([await ask(KEPT), await ask(1)], [[{ n: KEPT }], [{ n: 1 }]]);
  t.same(made, [], 'the newest are kept');
  await ask(0);
  t.same(made, ['SELECT 0 AS n'], 'the one that was longest unused is not');
  await t.resolves(knex.destroy());
});
