/** Servers killed (-9) while they restart services: the next owner only looks, and says what it saw. */
import { setTimeout as wait } from 'node:timers/promises';
import t from 'tap';
import { signIn, startServer } from './peers/house.js';
import { tempDir } from './peers/temp.js';
import { DEADLINE_SECONDS, dice, ended, GRACE_MS, sites, startRestart, untruths } from './peers/vos-house.js';

const FULL = Boolean(process.env['SIGNALBOX_TEST_FULL']);
const KILLS = FULL ? 50 : 5;
const AT_ONCE = 3;
const LEASE_SECONDS = 3;
/** Five minutes of the appliance in about ten seconds: longer than a lease and a start. */
const CLOCK = 30;
const RESTART_MS = 10_000;

const env = { SIGNALBOX_LEASE_SECONDS: String(LEASE_SECONDS) };

t.test(`${KILLS} kills at a random moment: at most one restart each, a true end, nothing stuck`, async (t) => {
  const directory = await tempDir();
  let server = await startServer(directory.path, env);
  t.teardown(async () => {
    await server.stop();
    await directory.remove();
  });
  let admin = await signIn(server.url);
  const all = await sites(admin, AT_ONCE, { clock: CLOCK });
  t.teardown(() => Promise.all(all.map(({ appliance }) => appliance.stop())));
  const roll = dice(KILLS);
  const tally = new Map<string, number>();
  for (let kill = 1; kill <= KILLS; kill++) {
    for (const { appliance } of all) appliance.reset();
    const paths = await Promise.all(all.map(({ connectionId }) => startRestart(admin, connectionId)));
    // A moment of the kill, not a wait for anything: anywhere in the restart, half of them around the command.
    const atMs = roll(2) === 0 ? roll(1_500) : roll(RESTART_MS + 1_000);
    await wait(atMs);
    await server.kill();
    server = await startServer(directory.path, env);
    admin = await signIn(server.url);
    const limitMs = (LEASE_SECONDS + DEADLINE_SECONDS) * 1000 + GRACE_MS;
    const operations = await Promise.all(paths.map((path) => ended(admin, path, limitMs)));
    operations.forEach((operation, index) => {
      const end = operation.error?.code ?? operation.status;
      tally.set(end, (tally.get(end) ?? 0) + 1);
      const { appliance } = all[index] as (typeof all)[number];
      t.same(untruths(appliance, operation), [], `kill ${kill} after ${atMs} ms: ${end}, attempt ${operation.attempt}`);
    });
  }
  t.comment(`ends: ${[...tally].map(([end, count]) => `${end} ${count}`).join(', ')}`);
  const { body } = await admin.call('GET', '/operations?status=active');
  t.same(body['operations'], [], 'nothing is stuck');
});
