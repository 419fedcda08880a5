import Hapi from '@hapi/hapi';
import t, { type Test } from 'tap';
import { freshSqlite, seedConnections } from '../../../tests/peers/databases.js';
import { refusalOf } from '../../../tests/peers/refusal.js';
import { targetOf } from '../../../tests/peers/ssh-target.js';
import type { ConnectionTarget } from '../../../server/connections/contract.js';
import type { JsonObject, Operation, OperationDefinition } from '../../../server/operations/contract.js';
import { Engine } from '../../../server/operations/engine.js';
import type { OperationRow } from '../../../server/operations/row.js';
import type { Platform, RestartFailure, RestartProof, RestartRun } from '../../../server/platforms/contract.js';
import type { SshSession } from '../../../server/ssh/contract.js';
import { SshError } from '../../../server/ssh/errors.js';
import { failures, refusals } from './codes.js';
import { plugin } from './index.js';

type Restart = (run: RestartRun) => Promise<RestartProof>;

const proof: RestartProof = { state: 'STARTED', how: 'list', evidence: { seen: ['STOPPING', 'STARTING'] } };

/** The usual course: nothing sent yet, so it is sent, and proven. */
const usual: Restart = async (run) => {
  await run.phase('connect', async () => undefined);
  await run.phase('stopping', () => run.aboutToSend({ state: 'STARTED' }));
  await run.phase('starting', () => run.saw({ state: 'STARTING' }));
  return run.phase('prove', async () => proof);
};

async function definitionOf(openSession: () => Promise<SshSession>): Promise<OperationDefinition> {
  const server = Hapi.server();
  const noted: OperationDefinition[] = [];
  server.decorate('server', 'operation', (definition) => void noted.push(definition as never));
  await server.register({ plugin, options: { openSession } });
  const [definition] = noted;
  if (!definition) throw new Error('The plugin registered nothing.');
  return definition;
}

interface Stage {
  engine: Engine;
  connectionId: number;
  start(params?: JsonObject): Promise<Operation>;
  ended(operation: Operation): Promise<Operation>;
  row(operation: Operation): Promise<OperationRow>;
}

interface StageOptions {
  restart: Restart;
  platform?: Partial<Platform>;
  connection?: Partial<ConnectionTarget>;
  openSession?: () => Promise<SshSession>;
}

/** An engine whose one platform restarts as the test says. */
async function stage(t: Test, options: StageOptions): Promise<Stage> {
  const database = await freshSqlite(t);
  const [connectionId] = (await seedConnections(database.knex, 1)) as [number];
  const platform: Platform = {
    ...{ name: 'tram', title: 'Tram depot', defaultPort: 22, defaultService: 'Points', restartDurationMs: 120_000 },
    servicePattern: /^[A-Z][a-z ]+$/,
    restartService: options.restart,
    ...options.platform,
  };
  const engine = new Engine({
    knex: database.knex,
    world: {
      target: async (id) => targetOf({ id, name: 'depot', services: ['Bell', 'x;y'], ...options.connection }),
      platform: () => platform,
      openCredentials: async () => ({ password: 'a-password', privateKey: null, passphrase: null }),
      pinHostKey: async (_, key) => ({ ...key, pinnedAt: '2026-01-01T00:00:00.000Z' }),
    },
    log: { info: () => undefined, error: () => undefined },
    ...{ leaseSeconds: 30, concurrency: 5, retentionDays: 90 },
  });
  const definition = await definitionOf(options.openSession ?? (() => Promise.reject(new Error('no session'))));
  engine.types.add(definition as never);
  const ends = new Map<string, (operation: Operation) => void>();
  const done = new Map<string, Operation>();
  engine.publications.listen({
    changed: (events) => {
      for (const { operation } of events) {
        if (operation.completedAt === null) continue;
        done.set(operation.id, operation);
        ends.get(operation.id)?.(operation);
      }
    },
  });
  await engine.start();
  t.teardown(() => engine.stop(0));
  const request = { connectionId, definition, createdBy: 'user', requestedBy: 'mira' } as const;
  return {
    engine,
    connectionId,
    start: async (params = {}) => engine.wire((await engine.begin({ ...request, params })).row),
    ended: ({ id }) =>
      new Promise((resolve) => {
        const operation = done.get(id);
        if (operation) resolve(operation);
        else ends.set(id, resolve);
      }),
    row: async ({ id }) =>
      (await database.knex<OperationRow>('active_operations').where({ id }).first()) as OperationRow,
  };
}

t.test('restarts the default service and reports the proof', async (t) => {
  const { start, ended, row } = await stage(t, { restart: usual });
  const started = await start();
  t.match(started, { params: { service: 'Points' }, estimatedDuration: 120_000, cancellable: true });
  const end = await ended(started);
  t.match(end, { status: 'completed', progress: 100, message: 'Points is STARTED, proven by the service list' });
  t.match(end.result, { service: 'Points', state: 'STARTED', how: 'list', evidence: proof.evidence });
  const steps = (end.result?.steps ?? []) as { key: string }[];
  t.same(
    steps.map(({ key }) => key),
    ['connect', 'stopping', 'starting', 'prove'],
  );
  t.match(JSON.parse((await row(started)).state ?? ''), {
    operationId: started.id,
    commandSent: { at: /Z$/, before: { state: 'STARTED' }, seen: { state: 'STARTING' } },
  });
});

t.test('chooses from the connection’s list, and refuses what is not on it before anything is stored', async (t) => {
  const { start, ended, engine } = await stage(t, { restart: usual });
  t.match((await ended(await start({ service: 'Bell' }))).result, { service: 'Bell' });
  const refused = async (params: JsonObject, code: string) => {
    const hint = /\.$/;
    t.match(await refusalOf(start(params)), { output: { statusCode: 422 }, data: { code, hint } }, code);
  };
  await refused({ service: 'Brake' }, 'SERVICE_NOT_ALLOWED');
  await refused({ service: 'x;y' }, 'SERVICE_NAME_INVALID');
  t.equal((await engine.store.knex('active_operations').select('id')).length, 1);
  const bare = await stage(t, { restart: usual, platform: { defaultService: null }, connection: { services: [] } });
  t.match(await refusalOf(bare.start()), {
    data: { code: 'SERVICE_REQUIRED' },
    message: 'depot names no service to restart.',
  });
  const unable = { restartService: undefined } as unknown as Partial<Platform>;
  const none = await stage(t, { restart: usual, platform: unable });
  t.match(await refusalOf(none.start()), { data: { code: 'SERVICE_RESTART_UNSUPPORTED' } });
  const first = await stage(t, { restart: usual, platform: { defaultService: null } });
  t.match(
    await first.start(),
    { params: { service: 'Bell' } },
    'the first of the list is the default of a platform without one',
  );
});

t.test('ends each failure with its code, its hint and what was seen', async (t) => {
  for (const code of Object.keys(failures) as RestartFailure[]) {
    const { start, ended } = await stage(t, {
      restart: async (run) => run.fail(code, 'So it is.', { tail: ['a', 'b'] }),
    });
    const end = await ended(await start());
    t.match(end, { status: 'failed', error: { code, message: 'So it is.', hint: failures[code].hint } });
    t.match(end.result, { detail: { tail: ['a', 'b'] } });
  }
  for (const [code, { sentence, hint }] of Object.entries({ ...failures, ...refusals }))
    t.ok(/^[A-Z][^]*\.$/.test(sentence) && hint.endsWith('.'), code);
});

t.test('after a lost server looks only, and never sends again', async (t) => {
  const runs: (RestartRun['sent'] | 'sent again')[] = [];
  const restart: Restart = async (run) => {
    runs.push(run.sent);
    if (run.sent)
      await t.rejects(
        run.phase('stopping', () => run.aboutToSend({})),
        /sent once/,
      );
    return run.phase('prove', async () => proof);
  };
  const { start, ended, engine, row } = await stage(t, { restart });
  const first = await start();
  await ended(first);
  t.same(runs, [null]);
  const commandSent = { at: '2026-01-01T00:00:00.000Z', before: { state: 'STARTED' }, seen: { state: 'STOPPING' } };
  await engine.store
    .knex('active_operations')
    .where({ id: first.id })
    .update({
      ...{ status: 'in_progress', completed_at: null, node_id: 'dead', attempt: 1 },
      ...{
        lease_expires_at: '2026-01-01T00:00:00.000Z',
        state: JSON.stringify({ operationId: first.id, commandSent }),
      },
    });
  const taken = new Promise<void>((resolve) =>
    engine.publications.listen({
      changed: (events) =>
        events.some(({ operation }) => operation.attempt === 2 && operation.completedAt) && resolve(),
    }),
  );
  await start();
  await taken;
  t.same(runs[1], commandSent);
  t.match(await row(first), { status: 'completed', attempt: 2 });
});

t.test('a retry is a restart of its own: the first one’s command is not its own', async (t) => {
  const seen: RestartRun['sent'][] = [];
  const restart: Restart = async (run) => {
    seen.push(run.sent);
    await run.phase('stopping', () => run.aboutToSend({}));
    return seen.length === 1 ? run.fail('SERVICE_NOT_STARTED', 'It stays down.') : proof;
  };
  const { start, ended, engine, row } = await stage(t, { restart });
  const first = await ended(await start());
  const retried = await engine.retry(await row(first), { requestedBy: 'mira' });
  const end = await ended(engine.wire(retried.row));
  t.match(end, { status: 'completed', retryOf: first.id });
  t.same(seen, [null, null]);
});

t.test('can be cancelled until the command may have been sent, and not after', async (t) => {
  let proceed = () => {};
  const going = new Promise<void>((resolve) => (proceed = resolve));
  const restart: Restart = async (run) => {
    await run.phase('stopping', async () => {
      await run.aboutToSend({});
      await going;
    });
    return proof;
  };
  const { start, ended, engine, row } = await stage(t, { restart });
  const sent = new Promise<void>((resolve) =>
    engine.publications.listen({
      changed: (events) => events.some(({ operation }) => operation.step?.key === 'stopping') && resolve(),
    }),
  );
  const operation = await start();
  await sent;
  t.match(await refusalOf(engine.cancel(await row(operation), 'mira')), { data: { code: 'OP_NOT_CANCELLABLE' } });
  proceed();
  t.match(await ended(operation), { status: 'completed' });
  const early: Restart = (run) =>
    run.phase(
      'connect',
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    );
  const second = await stage(t, { restart: early });
  const connecting = new Promise<void>((resolve) =>
    second.engine.publications.listen({
      changed: (events) => events.some(({ operation: { step } }) => step?.key === 'connect') && resolve(),
    }),
  );
  const cancelled = await second.start();
  await connecting;
  await second.engine.cancel(await second.row(cancelled), 'mira');
  t.match(await second.ended(cancelled), { status: 'cancelled', error: { code: 'OP_CANCELLED' } });
  t.equal((await second.row(cancelled)).state, null, 'and nothing says that a command was sent');
});

t.test('a session that fails before the command is that failure; after it the outcome is unknown', async (t) => {
  const refused = () => Promise.reject(new SshError('SSH_AUTH_REFUSED'));
  const before = await stage(t, { openSession: refused, restart: async (run) => (await run.open(run.signal), proof) });
  t.match(await before.ended(await before.start()), { status: 'failed', error: { code: 'SSH_AUTH_REFUSED' } });
  const after = await stage(t, {
    openSession: refused,
    restart: async (run) => {
      await run.phase('stopping', () => run.aboutToSend({}));
      await run.open(run.signal);
      return proof;
    },
  });
  const end = await after.ended(await after.start());
  t.match(end, { status: 'failed', error: { code: 'OP_OUTCOME_UNKNOWN', hint: /Look at the service/ } });
  t.match(end.error?.message, /^The restart of Points was sent, then contact was lost/);
});

t.test('refuses a wrong option when it is registered', async (t) => {
  const wrong = { plugin, options: { openSession: 'no function' } };
  await t.rejects(Hapi.server().register(wrong as never), { message: /^Invalid service_restart configuration/ });
});
