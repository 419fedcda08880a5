import hapi from '@hapi/hapi';
import t from 'tap';
import { freshSqlite } from '../../tests/peers/databases.js';
import type { AuditRecord } from '../audit/record.js';
import { makeAudit } from '../audit/audit.js';
import { frontDesk } from '../connections/testing/front-desk.js';
import { makeCounters } from './counters.js';
import { makeStartLimiter } from '../operations/routes/start-limiter.js';
import { health } from './health.js';
import { describeError } from './log-errors.js';

t.test('audit: shows admins who did what, newest first, page by page', async (t) => {
  const desk = await frontDesk(t);
  const audit = makeAudit(desk.knex, () => Date.UTC(2026, 0, 2, 3, 4, 5, 6));
  for (const actor of ['mira', 'jonas', 'mira'])
    await audit.write({ actor, action: 'login', target: `user:${actor}`, outcome: 'refused', detail: { reason: 'x' } });
  await audit.write({ actor: 'mira', action: 'logout', outcome: 'ok', operationId: 'op-1' });
  const page = async (query: string) => {
    const { body } = await desk.ask('admin', 'GET', `/audit${query}`);
    return body as { entries: AuditRecord[]; next: string | null };
  };
  const [newest, second] = (await page('')).entries;
  t.match(newest, { actor: 'mira', action: 'logout', outcome: 'ok', operationId: 'op-1', detail: null, target: null });
  t.match(second, { at: '2026-01-02T03:04:05.006Z', target: 'user:mira', address: null, detail: { reason: 'x' } });
  const first = await page('?limit=3');
  t.strictSame(first.next, '2');
  t.match(await page(`?limit=3&before=${first.next}`), { entries: { length: 1 }, next: null });
  t.equal((await page('?actor=mira&action=login')).entries.length, 2);
  t.equal((await page('?actor=nobody')).entries.length, 0);
  t.equal((await desk.ask('admin', 'GET', '/audit?limit=201')).status, 400);
  t.equal((await desk.ask('mira', 'GET', '/audit')).status, 403);
  t.equal((await desk.ask(null, 'GET', '/audit')).status, 401);
});

t.test(
  'audit: takes actor and address from the request, and leaves the row in the log where it cannot be stored',
  async (t) => {
    const desk = await frontDesk(t);
    desk.server.route({
      method: 'POST',
      path: '/written',
      handler: async (request) => {
        await makeAudit(desk.knex).write({ request, action: 'thing.do', outcome: 'ok' });
        return { done: true };
      },
    });
    await desk.ask('jonas', 'POST', '/written');
    t.match(await desk.knex('audit_log').first(), { actor: 'jonas', address: '127.0.0.1', action: 'thing.do' });
    await desk.knex.schema.dropTable('audit_log');
    t.equal((await desk.ask('jonas', 'POST', '/written')).status, 200, 'what has happened is not denied');
    const line = desk.lines.map((text) => JSON.parse(text) as Record<string, unknown>).find((each) => 'audit' in each);
    t.match(line, { level: 'error', audit: { actor: 'jonas', action: 'thing.do' }, err: { code: 'SQLITE_ERROR' } });
    await t.rejects(makeAudit(desk.knex).write({ action: 'thing.do', outcome: 'ok' }), { code: 'SQLITE_ERROR' });
  },
);

t.test('log: one line a request, with the pattern of the route and nothing of its path or headers', async (t) => {
  const desk = await frontDesk(t);
  await desk.ask('mira', 'GET', '/connections/41?token=canary');
  await desk.ask(null, 'GET', '/nowhere/canary');
  desk.server.log(['warn', 'startup'], { config: { password: 'canary' }, token: 'canary', kept: 'yes' });
  desk.server.log(['startup'], 'Ready.');
  const lines = desk.lines.map((text) => JSON.parse(text) as Record<string, unknown>);
  const request = { level: 'info', msg: 'request', method: 'GET', requestId: String, ms: Number, time: String };
  t.match(lines[0], { ...request, route: '/connections/{id}', status: 404, username: 'mira' });
  t.match(lines[1], { ...request, status: 404, username: null });
  t.match(lines[2], { level: 'warn', config: { password: '[redacted]' }, token: '[redacted]', kept: 'yes' });
  t.match(lines[3], { level: 'info', msg: 'Ready.', tags: ['startup'] });
  t.notMatch(desk.lines.join(), /canary|Bearer/);
});

t.test('log: an unforeseen error once, with its stack and its causes', async (t) => {
  const desk = await frontDesk(t);
  const handler = () => {
    throw new Error('It broke.', {
      cause: Object.assign(new Error('Deeper.'), { code: 'E_DEEP', password: 'canary' }),
    });
  };
  desk.server.route({ method: 'GET', path: '/broken', handler });
  t.match((await desk.ask('mira', 'GET', '/broken')).body, { code: 'INTERNAL' });
  const errors = desk.lines.filter((line) => line.includes('"level":"error"'));
  t.equal(errors.length, 1);
  const line = JSON.parse(errors[0] ?? '') as Record<string, unknown>;
  t.match(line, {
    route: '/broken',
    requestId: String,
    err: { type: 'Error', message: 'It broke.', stack: /watching\.test/ },
  });
  t.match(line.err, { cause: { message: 'Deeper.', code: 'E_DEEP' } });
  t.notMatch(desk.lines.join(), /canary/);
});

t.test('log: cuts statements and their values out of database errors', async (t) => {
  const values =
    "insert into `users` (`name`) values ('canary - it') returning `id` - SQLITE_CONSTRAINT: UNIQUE constraint failed";
  const described = describeError(Object.assign(new Error(values), { code: 'SQLITE_CONSTRAINT' }));
  t.match(described, { message: 'SQLITE_CONSTRAINT: UNIQUE constraint failed', code: 'SQLITE_CONSTRAINT' });
  t.notMatch(JSON.stringify(described), /canary/);
  t.equal(describeError(new Error("select 'canary'")).message, 'A statement failed.');
  t.equal(describeError(new Error('A host - or two - is gone.')).message, 'A host - or two - is gone.');
  t.notMatch(JSON.stringify(describeError('canary')), /canary/);
});

t.test('health: tells anybody whether it lives and whether it is ready', async (t) => {
  const desk = await frontDesk(t);
  t.match(await desk.ask(null, 'GET', '/healthz'), { status: 200, body: { status: 'ok' } });
  t.strictSame((await desk.ask(null, 'GET', '/readyz')).body, {
    status: 'ready',
    checks: { database: 'ok', schema: 'ok', draining: false },
  });
  desk.drain();
  t.match(await desk.ask(null, 'GET', '/readyz'), {
    status: 503,
    body: { status: 'not_ready', checks: { draining: true } },
  });
  await desk.knex.destroy();
  t.match(await desk.ask(null, 'GET', '/readyz'), {
    status: 503,
    body: { checks: { database: 'failed', schema: 'failed' } },
  });
  t.equal((await desk.ask(null, 'GET', '/healthz')).status, 200, 'it asks nothing of the database');
});

t.test('metrics: are for admins', async (t) => {
  const desk = await frontDesk(t);
  desk.counters.refusedLogins.inc({ reason: 'password' });
  const { status, text, headers } = await desk.ask('admin', 'GET', '/metrics');
  t.equal(status, 200);
  t.match(headers['content-type'], /^text\/plain/);
  t.match(text, 'signalbox_refused_logins_total{reason="password"} 1');
  t.equal((await desk.ask('mira', 'GET', '/metrics')).status, 403);
  t.equal((await desk.ask(null, 'GET', '/metrics')).status, 401);
});

t.test('limits: counts starts for each user and for each connection', async (t) => {
  const counters = makeCounters();
  const limiter = makeStartLimiter(3, counters);
  const outcomes = (starts: Promise<unknown>[]) =>
    Promise.allSettled(starts).then((all) => all.map(({ status }) => status));
  const many = await outcomes([1, 2, 3, 4, 5].map((connection) => limiter.consume(7, connection)));
  t.equal(many.filter((status) => status === 'fulfilled').length, 3, 'parallel starts count one by one');
  await limiter.consume(8, 9);
  await limiter.consume(10, 9);
  await limiter.consume(11, 9);
  const refusal = await limiter.consume(12, 9).catch((error: unknown) => error);
  t.match(refusal, {
    data: { code: 'TOO_MANY_STARTS' },
    output: { statusCode: 429, headers: { 'retry-after': /^\d+$/ } },
  });
  const giveBack = await limiter.consume(12, 10);
  t.same(
    await outcomes([limiter.consume(12, 11), limiter.consume(12, 12)]),
    ['fulfilled', 'fulfilled'],
    'a refusal costs nothing',
  );
  await giveBack();
  await limiter.consume(12, 13);
  const { values } = await counters.refusedStarts.get();
  t.strictSame(
    values.map(({ labels, value }) => [labels.reason, value]),
    [
      ['user', 2],
      ['connection', 1],
    ],
  );
  const unlimited = makeStartLimiter(0, counters);
  t.notOk((await outcomes(Array.from({ length: 200 }, () => unlimited.consume(7, 1)))).includes('rejected'));
});

t.test('health: a database that does not answer makes it not ready, in time', async (t) => {
  const { knex } = await freshSqlite(t);
  const server = hapi.server();
  const errors: unknown[] = [];
  server.events.on({ name: 'request', channels: ['app'] }, (_, { data }) => errors.push(data));
  await server.register({ plugin: health, options: { knex, draining: () => false, timeoutMs: 20 } });
  // SQLite has one connection: while a transaction holds it, everything else waits.
  const trx = await knex.transaction();
  const { statusCode, result } = await server.inject('/readyz');
  t.equal(statusCode, 503);
  t.match(result, { status: 'not_ready', checks: { database: 'failed', schema: 'failed', draining: false } });
  t.match(errors, [{ err: { message: 'The database did not answer within 20 ms.' } }]);
  await trx.rollback();
});
