import t from 'tap';
import { startPostgres } from '../tests/peers/postgres.js';
import { migrate, openDatabase } from './knexfile.js';

const NODES = 5;
const ROUNDS = 3;

t.test('lets several nodes start together on an empty database', async (t) => {
  const postgres = await startPostgres();
  t.teardown(() => postgres.stop());
  for (let round = 1; round <= ROUNDS; round++) {
    const settings = { databaseUrl: await postgres.freshDatabase(), dataDir: '' };
    const nodes = Array.from({ length: NODES }, () => openDatabase(settings));
    const ends = await Promise.allSettled(nodes.map(migrate));
    t.same(
      ends.filter(({ status }) => status === 'rejected'),
      [],
      'each of them finds or makes the newest schema',
    );
    t.ok(await nodes[0]?.schema.hasTable('active_operations'));
    await Promise.all(nodes.map((knex) => knex.destroy()));
  }
});
