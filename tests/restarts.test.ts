/** Restarts on appliances under bad conditions, through the whole server: sent at most once, and told truthfully. */
import t from 'tap';
import type { Operation } from '../server/operations/contract.js';
import type { ApplianceOptions } from '../lab/vos/appliance.js';
import { signIn, startHouse } from './peers/house.js';
import {
  DEADLINE_SECONDS,
  dice,
  ended,
  GRACE_MS,
  sites,
  startRestart,
  untruths,
  type Site,
} from './peers/vos-house.js';

const FULL = Boolean(process.env['SIGNALBOX_TEST_FULL']);
const CUTS = FULL ? 200 : 20;
const RACES = 200;
const AT_ONCE = 5;
const SEED = 20_261_122;
/** Five minutes of the appliance in about three seconds. */
const CLOCK = 100;
/** More than a session's CLI sends, and than it hears, until the restart is proven. */
const SENT_BYTES = 4_500;
const HEARD_BYTES = 130;

const house = await startHouse();
const admin = await signIn(house.url);
t.teardown(() => house.stop());

t.test(
  'tests an appliance’s SSH by its prompt: each way to sign in, a slow start, one that waits for a newline',
  async (t) => {
    const kinds: [ApplianceOptions, string][] = [
      [{ auth: 'password' }, 'password'],
      [{ auth: 'keyboard-interactive' }, 'keyboard-interactive'],
      [{ startUp: 'slow' }, 'password'],
      [{ startUp: 'needs_newline', faults: { split_bytes: true, escape_codes: true } }, 'password'],
    ];
    const one = async ([options, authMethod]: (typeof kinds)[number]) => {
      const [site] = await sites(admin, 1, { clock: CLOCK, ...options });
      t.teardown(() => site?.appliance.stop());
      const answer = await admin.call('POST', `/connections/${site?.connectionId}/operations/ssh_test`);
      const operation = await ended(admin, answer.headers.get('location') ?? '', 60_000);
      const result = { how: 'prompt', authMethod, system: /^Active Master Version: \d/ };
      t.match(operation, { status: 'completed', error: null, result }, JSON.stringify(options));
      t.same([site?.appliance.logins, site?.appliance.failedLogins], [1, 0], 'the password was sent once');
      t.equal(site?.appliance.restarts.length, 0);
    };
    await Promise.all(kinds.map(one));
  },
);

t.test(`${CUTS} restarts with the session cut at a random byte: at most one each, and a true end`, async (t) => {
  const all = await sites(admin, AT_ONCE, { clock: CLOCK });
  t.teardown(() => Promise.all(all.map(({ appliance }) => appliance.stop())));
  const roll = dice(SEED);
  const tally = new Map<string, number>();
  const one = async ({ appliance, connectionId }: Site) => {
    appliance.reset();
    const heard = roll(2) === 0;
    const at = heard ? 1 + roll(HEARD_BYTES) : 1 + roll(SENT_BYTES);
    appliance.faults[heard ? 'cut_after_received' : 'cut_after_bytes'] = at;
    const path = await startRestart(admin, connectionId);
    const operation = await ended(admin, path, DEADLINE_SECONDS * 1000 + GRACE_MS);
    const wrong = untruths(appliance, operation);
    // The restart takes far longer than a reconnect, so who looks again sees it.
    if (operation.error?.code === 'OP_OUTCOME_UNKNOWN' && appliance.restarts.length > 0)
      wrong.push('it was there to be seen');
    const end = operation.error?.code ?? operation.status;
    tally.set(end, (tally.get(end) ?? 0) + 1);
    t.same(wrong, [], `cut ${heard ? 'after it heard' : 'after it sent'} ${at} bytes: ${end}`);
  };
  let left = CUTS;
  await Promise.all(
    all.map(async (site) => {
      while (left-- > 0) await one(site);
    }),
  );
  t.comment(`ends: ${[...tally].map(([end, count]) => `${end} ${count}`).join(', ')}`);
  t.ok((tally.get('completed') ?? 0) > 0 && tally.size > 1, 'the cuts hit before and after the command');
});

t.test(
  `button and schedule raced ${RACES} times while a restart runs: no second one, and everybody gets the first`,
  async (t) => {
    const [site] = await sites(admin, 1, { clock: CLOCK, faults: { hang: true } });
    if (!site) throw new Error('no appliance');
    const { appliance, connectionId } = site;
    t.teardown(() => appliance.stop());
    const { engine } = house.house.server.plugins['signalbox-operations'];
    const definition = engine.types.get('service_restart');
    if (!definition) throw new Error('no service_restart');
    const path = await startRestart(admin, connectionId);
    const id = path.split('/').at(-1);
    let joined = 0;
    let progressed = 0;
    for (let race = 0; race < RACES; race++) {
      const request = { connectionId, definition, params: {}, requestedBy: null } as const;
      const [button, planned] = await Promise.all([
        admin.call('POST', `/connections/${connectionId}/operations/service_restart`),
        engine.begin({ ...request, createdBy: 'cron' }),
      ]);
      const existing = button.body['existingOperation'] as { operationId: string; progress: number } | undefined;
      const same = button.status === 200 && existing?.operationId === id && planned.existing && planned.row.id === id;
      if (same) joined++;
      if (existing && existing.progress === (button.body['operation'] as Operation).progress) progressed++;
    }
    t.equal(joined, RACES, 'each loser is handed the running operation');
    t.equal(progressed, RACES, 'with its progress');
    appliance.faults.hang = false;
    const operation = await ended(admin, path, DEADLINE_SECONDS * 1000 + GRACE_MS);
    t.match(operation, { id, status: 'completed' });
    t.equal(appliance.restarts.length, 1);
    const { body } = await admin.call('GET', `/connections/${connectionId}/operations`);
    t.equal((body['operations'] as unknown[]).length, 1);
  },
);
