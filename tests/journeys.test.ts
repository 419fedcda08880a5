/** The same house in other circumstances: on PostgreSQL, under its limits, just started. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import t from 'tap';
import type { Operation, StartAnswer } from '../server/operations/contract.js';
import { addUser, signIn, startHouse, until, visitor } from './peers/house.js';
import { startPostgres } from './peers/postgres.js';
import { startTcp } from './peers/tcp-server.js';

const run = promisify(execFile);
const toy = { SIGNALBOX_PLUGINS: './examples/toy-plugin' };
const connection = {
  name: 'web',
  platform: 'linux',
  hostname: '127.0.0.1',
  port: 9,
  username: 'u',
  password: 'a-secret',
};

t.test('does on PostgreSQL what it does on SQLite', async (t) => {
  const postgres = await startPostgres();
  const house = await startHouse({ ...toy, DATABASE_URL: await postgres.freshDatabase() });
  t.teardown(async () => {
    await house.stop();
    await postgres.stop();
  });
  const admin = await signIn(house.url);
  const [mira, viola] = [await addUser(admin, 'mira', 'operator'), await addUser(admin, 'viola', 'viewer')];
  const id = Number((await mira.call('POST', '/connections', connection)).body['id']);
  t.equal((await viola.call('GET', `/connections/${id}`)).status, 404);
  t.ok((await mira.call('PUT', `/connections/${id}/grants/viola`, { role: 'viewer' })).status < 300);
  t.equal((await viola.call('GET', `/connections/${id}`)).status, 200);
  const greet = `/connections/${id}/operations/toy_greeting`;
  const key = { 'idempotency-key': 'one' };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => mira.call('POST', greet, { params: { name: 'Ada' } }, key)),
  );
  const ids = new Set(answers.map((answer) => (answer.body as unknown as StartAnswer).operationId));
  t.equal(ids.size, 1, answers.map((answer) => answer.text).join('\n'));
  const path = `/connections/${id}/operations/${[...ids][0]}`;
  const ended = await until(
    async () => (await viola.call('GET', path)).body as unknown as Operation,
    (operation) => operation.completedAt !== null,
  );
  t.match(ended, { status: 'completed', progress: 100, requestedBy: 'mira', params: { name: 'Ada' } });
  t.match((await viola.call('GET', `${path}/log`)).body, { seq: 1, lines: [{ seq: 1 }] });
  const list = await viola.call('GET', `/connections/${id}/operations`);
  const tag = { 'if-none-match': list.headers.get('etag') ?? '' };
  t.equal((await viola.call('GET', `/connections/${id}/operations`, undefined, tag)).status, 304);
  const failed = await mira.call('POST', `/connections/${id}/operations/ssh_test`);
  const refused = await until(
    async () => (await mira.call('GET', failed.headers.get('location') ?? '')).body as unknown as Operation,
    (operation) => operation.completedAt !== null,
  );
  t.match(refused, { status: 'failed', error: { code: 'SSH_REFUSED', message: String, hint: String } });
  t.equal(((await viola.call('GET', '/operations')).body['operations'] as Operation[]).length, 2);
  t.equal((await mira.call('DELETE', `/connections/${id}`)).status, 204);
  t.equal((await admin.call('DELETE', '/users/mira')).status, 204);
  t.equal((await mira.call('GET', '/auth/me')).status, 401);
});

t.test('limits starts for each user, says when to come again, and counts no join', async (t) => {
  const silent = await startTcp(() => undefined);
  const house = await startHouse({ ...toy, SIGNALBOX_START_LIMIT: '3' });
  t.teardown(async () => {
    await house.stop();
    await silent.stop();
  });
  const admin = await signIn(house.url);
  const connect = async (port: number) =>
    Number((await admin.call('POST', '/connections', { ...connection, port })).body['id']);
  const hanging = `/connections/${await connect(silent.port)}/operations/ssh_test`;
  t.equal((await admin.call('POST', hanging)).status, 202);
  const presses = await Promise.all(Array.from({ length: 10 }, () => admin.call('POST', hanging)));
  t.ok(
    presses.every((answer) => answer.status === 200),
    'who joins starts nothing',
  );
  const others = [await connect(9), await connect(9), await connect(9)];
  const starts = [];
  for (const id of others) starts.push(await admin.call('POST', `/connections/${id}/operations/toy_greeting`));
  t.same(
    starts.map((answer) => answer.status),
    [202, 202, 429],
  );
  t.match(starts[2]?.body, { code: 'TOO_MANY_STARTS', hint: String });
  t.ok(Number(starts[2]?.headers.get('retry-after')) > 0);
  t.equal((await admin.call('POST', hanging)).status, 200, 'joining goes on at the limit');
  t.match((await admin.call('GET', '/metrics')).text, /signalbox_refused_starts_total\{reason="user"\}/);
});

t.test('lets a portal of an allowed origin in, errors included, and no other', async (t) => {
  const portal = 'https://portal.example';
  const house = await startHouse({ SIGNALBOX_ALLOWED_ORIGINS: portal });
  t.teardown(() => house.stop());
  const admin = await signIn(house.url);
  const preflight = (origin: string) =>
    fetch(`${house.url}/connections/1/operations/ssh_test`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,idempotency-key',
      },
    });
  const allowed = await preflight(portal);
  t.equal(allowed.headers.get('access-control-allow-origin'), portal);
  t.match(allowed.headers.get('access-control-allow-headers')?.toLowerCase(), /authorization.*idempotency-key/);
  t.equal((await preflight('https://evil.example')).headers.get('access-control-allow-origin'), null);
  const list = await admin.call('GET', '/operations', undefined, { origin: portal });
  t.match(list.headers.get('access-control-expose-headers'), /ETag/);
  const missing = await admin.call('GET', '/connections/9', undefined, { origin: portal });
  t.equal(missing.headers.get('access-control-allow-origin'), portal, 'a page can read why');
  const script = await fetch(`${house.url}/elements/v1/signalbox.js`, { headers: { origin: portal } });
  t.equal(script.status, 200);
  t.equal(script.headers.get('access-control-allow-origin'), '*', 'which holds nothing of anybody');
});

t.test('serves the console under a policy that lets it speak to its own host only', async (t) => {
  const house = await startHouse();
  t.teardown(() => house.stop());
  const page = await fetch(`${house.url}/`);
  const policy = page.headers.get('content-security-policy') ?? '';
  const { host } = new URL(house.url);
  t.match(policy, `connect-src 'self' ws://${host} wss://${host};`);
  t.match(policy, "default-src 'none'");
  const strange = await house.house.server.inject({ url: '/', headers: { host: 'x; script-src *' } });
  t.match(String(strange.headers['content-security-policy']), "connect-src 'self';");
  const assets = [...(await page.text()).matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map(([, path]) => path ?? '');
  t.equal(assets.length, 3, 'the style, the script, and the part that it begins with');
  for (const path of assets) {
    const asset = await fetch(`${house.url}${path}`);
    t.match([asset.status, asset.headers.get('cache-control')], [200, /immutable/], path);
  }
});

t.test('tells clients to poll where the socket is switched off, and refuses upgrades', async (t) => {
  const house = await startHouse({ SIGNALBOX_REALTIME: 'off' });
  t.teardown(() => house.stop());
  const admin = await signIn(house.url);
  t.match((await admin.call('GET', '/realtime')).body, { transport: 'polling', pollIntervalMs: Number });
  t.equal((await visitor(house.url, '').call('GET', '/realtime')).status, 401);
});

t.test('loads nothing heavy before it is used', async (t) => {
  const script = new URL('./peers/modules-at-start.ts', import.meta.url).pathname;
  const { stdout } = await run(process.execPath, ['--import', 'tsx', script], { cwd: process.cwd() });
  const packages = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]') as string[];
  t.ok(packages.includes('@hapi/hapi'), 'sees what is loaded');
  t.notOk(packages.includes('ssh2'));
  t.notOk(packages.includes('acme-client'));
});
