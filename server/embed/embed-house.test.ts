/** Tokens for widgets in the whole house: every route, every subscription, open sockets, lists and CORS. */
import nesClient from '@hapi/nes/lib/client.js';
import type { RequestRoute } from '@hapi/hapi';
import Jwt from '@hapi/jwt';
import t, { type Test } from 'tap';
import WebSocket from 'ws';
import { addUser, signIn, startHouse, until, USER_PASSWORD, visitor, type Visitor } from '../../tests/peers/house.js';
import { startTcp } from '../../tests/peers/tcp-server.js';
import { doorOf } from './reach.js';

const { Client } = nesClient as unknown as { Client: new (url: string, options?: object) => NesClient };
interface NesClient {
  onDisconnect: (willReconnect: boolean, log: { code: number }) => void;
  connect(options: object): Promise<void>;
  reauthenticate(auth: object): Promise<void>;
  subscribe(path: string, handler: (message: unknown, flags: { revoked?: boolean }) => void): Promise<void>;
  disconnect(): Promise<void>;
}

const NES = { isNes: true } as unknown as Error;
const PORTAL = 'https://portal.example';
const SECRET = 'the-own-secret-of-the-tests-of-widgets';
const silent = await startTcp(() => undefined);
const house = await startHouse({
  SIGNALBOX_ALLOWED_ORIGINS: `${PORTAL},https://second.example`,
  SIGNALBOX_JWT_SECRET: SECRET,
});
const { server } = house.house;
const admin = await signIn(house.url);
t.teardown(async () => {
  await house.stop();
  await silent.stop();
});

async function connection(owner: Visitor, name: string): Promise<number> {
  const host = {
    platform: 'linux',
    hostname: '127.0.0.1',
    port: silent.port,
    username: 'u',
    password: 'p',
    services: ['nginx'],
  };
  const made = await owner.call('POST', '/connections', { name, ...host });
  return Number(made.body['id']);
}

async function started(by: Visitor, id: number, type: string, params = {}): Promise<string> {
  const answer = await by.call('POST', `/connections/${id}/operations/${type}`, { params });
  if (answer.status !== 202) throw new Error(answer.text);
  return String(answer.body['operationId']);
}

interface Widget extends Visitor {
  id: string;
}

async function widget(maker: Visitor, scope: object): Promise<Widget> {
  const { status, text, body } = await maker.call('POST', '/auth/embed-tokens', scope);
  if (status !== 201) throw new Error(text);
  return { ...visitor(house.url, String(body['token'])), id: String(body['id']) };
}

const mira = await addUser(admin, 'mira', 'operator');
const [mine, other] = [await connection(mira, 'mine'), await connection(mira, 'other')];
const foreign = await connection(admin, 'foreign');
const test = await started(mira, mine, 'ssh_test');
const restart = await started(mira, mine, 'service_restart', { service: 'nginx' });
const elsewhere = await started(mira, other, 'ssh_test');
const everything = { connections: [mine], actions: ['read', 'start', 'cancel', 'retry'] };

/** As little as each route takes, so that nothing but rights can refuse it. */
function urlOf(path: string, id: number, operationId: string): string {
  return path
    .replace(/^(\/connections|\/api\/data)\/\{id\}/, `$1/${id}`)
    .replace('{operationId}', operationId)
    .replace(/\{id\}/, '1')
    .replace(/\{\w+\}/, 'x');
}

/** As the default strategy has it: whatever says nothing needs a token. */
const needsToken = ({ settings }: RequestRoute): boolean =>
  (settings.auth as unknown) !== false && !settings.isInternal;

t.test('closes every route to a widget that is not on the list, whoever its maker is', async (t) => {
  const table = server.table().filter(needsToken);
  const open: string[] = [];
  for (const [maker, on] of [
    [mira, mine],
    [admin, foreign],
  ] as const) {
    const all = await widget(maker, { ...everything, connections: [on] });
    for (const { method, path } of table) {
      if (doorOf(method, path)) {
        open.push(`${method} ${path}`);
        continue;
      }
      const answer = await all.call(method.toUpperCase(), urlOf(path, on, test));
      t.same([answer.status, answer.body['code']], [403, 'EMBED_REFUSED'], `${method} ${path}`);
    }
  }
  const names = [...new Set(open)].map((name) => name.replace(/operations\/[a-z]\w*$/, 'operations/TYPE'));
  t.same(
    [...new Set(names)].sort(),
    [
      'get /auth/me',
      'get /certificates',
      'get /connections',
      'get /connections/{id}',
      'get /connections/{id}/certificate',
      'get /connections/{id}/operations',
      'get /connections/{id}/operations/{operationId}',
      'get /connections/{id}/operations/{operationId}/log',
      'get /operations',
      'get /operations/TYPE',
      'get /realtime',
      'post /connections/{id}/operations/TYPE',
      'post /connections/{id}/operations/{operationId}/cancel',
      'post /connections/{id}/operations/{operationId}/retry',
    ],
    'and these are all that are open',
  );
  t.ok(table.length > 40);
});

t.test('answers for what is outside of the scope as if it did not exist', async (t) => {
  const all = await widget(mira, everything);
  const root = await widget(admin, everything);
  const bound = server.table().filter(({ method, path }) => path.includes('/{id}') && doorOf(method, path));
  t.ok(bound.length >= 7);
  for (const { method, path } of bound)
    for (const by of [all, root]) {
      const missing = await by.call(method.toUpperCase(), urlOf(path, 999_999, elsewhere));
      for (const id of [other, foreign]) {
        const answer = await by.call(method.toUpperCase(), urlOf(path, id, elsewhere));
        t.equal(answer.status, 404, `${method} ${path}`);
        t.equal(answer.text, missing.text);
      }
    }
  for (const by of [all, root]) {
    const { connections } = (await by.call('GET', '/connections')).body as { connections: { id: number }[] };
    t.same(
      connections.map(({ id }) => id),
      [mine],
    );
    const { operations } = (await by.call('GET', '/operations')).body as { operations: { connectionId: number }[] };
    t.ok(operations.length > 0);
    t.ok(
      operations.every(({ connectionId }) => connectionId === mine),
      'not even where the maker sees the fleet',
    );
  }
});

t.test('does what its actions say and nothing else', async (t) => {
  const path = `/connections/${mine}/operations`;
  const reader = await widget(mira, { connections: [mine] });
  const acts: [string, string, string][] = [
    ['start', 'POST', `${path}/ssh_test`],
    ['cancel', 'POST', `${path}/${test}/cancel`],
    ['retry', 'POST', `${path}/${test}/retry`],
  ];
  for (const [, method, url] of acts) t.equal((await reader.call(method, url)).body['code'], 'EMBED_REFUSED', url);
  t.equal((await reader.call('GET', path)).status, 200);
  for (const [action] of acts) {
    const one = await widget(mira, { connections: [mine], actions: [action] });
    for (const [needed, method, url] of acts.filter(([needed]) => needed !== action))
      t.equal((await one.call(method, url)).body['code'], 'EMBED_REFUSED', `${action} is no ${needed}`);
  }
  const starter = await widget(mira, { connections: [other], actions: ['start', 'cancel', 'retry'] });
  const joined = await starter.call('POST', `/connections/${other}/operations/ssh_test`);
  t.match([joined.status, joined.body['status']], [200, 'already_running']);
  t.equal((await starter.call('POST', `/connections/${other}/operations/${elsewhere}/cancel`)).status, 202);
  const ended = await until(
    async () => (await starter.call('GET', `/connections/${other}/operations/${elsewhere}`)).body,
    ({ status }) => status === 'cancelled',
  );
  t.equal(ended['status'], 'cancelled');
  const retried = await starter.call('POST', `/connections/${other}/operations/${elsewhere}/retry`);
  t.match(retried.body, { status: 'started', operation: { requestedBy: 'mira', createdBy: 'user' } });
  const { entries } = (await admin.call('GET', '/audit?action=operation.retry')).body as { entries: object[] };
  t.match(entries[0], { actor: 'mira', detail: { embedToken: starter.id } }, 'the audit says by which token');
});

t.test('holds to its operation types', async (t) => {
  const path = `/connections/${mine}/operations`;
  const typed = await widget(mira, { ...everything, operations: ['ssh_test'] });
  const list = async (url: string) =>
    ((await typed.call('GET', url)).body as { operations: { type: string }[] }).operations.map(({ type }) => type);
  for (const url of [path, '/operations']) t.same(new Set(await list(url)), new Set(['ssh_test']), url);
  t.same(await list(`${path}?type=service_restart`), []);
  for (const [method, url] of [
    ['GET', `${path}/${restart}`],
    ['GET', `${path}/${restart}/log`],
    ['POST', `${path}/${restart}/cancel`],
    ['POST', `${path}/${restart}/retry`],
  ] as const) {
    const answer = await typed.call(method, url);
    const missing = await typed.call(method, url.replace(restart, crypto.randomUUID()));
    t.same([answer.status, answer.text], [404, missing.text], `${method} ${url}`);
  }
  t.equal((await typed.call('POST', `${path}/service_restart`)).body['code'], 'EMBED_REFUSED');
  const full = await widget(mira, everything);
  const tag = String((await full.call('GET', path)).headers.get('etag'));
  t.equal((await full.call('GET', path, undefined, { 'if-none-match': tag })).status, 304);
  const narrow = await typed.call('GET', path, undefined, { 'if-none-match': tag });
  t.equal(narrow.status, 200, "another scope's tag is none of its own");
});

interface Listener {
  client: NesClient;
  closed: Promise<number>;
  /** Resolves with the words of the answer to a subscription. */
  hear(path: string): Promise<string>;
  revoked: string[];
}

async function listen(t: Test, token: string, origin?: string): Promise<Listener> {
  const client = new Client(`${house.url.replace('http', 'ws')}/realtime`, origin ? { ws: { origin } } : {});
  // Not waited for: the client's own promise stays open where the server was the first to close.
  t.teardown(() => void client.disconnect());
  const closed = new Promise<number>((resolve) => (client.onDisconnect = (_, { code }) => resolve(code)));
  await client.connect({ auth: { headers: { authorization: `Bearer ${token}` } }, reconnect: false });
  const revoked: string[] = [];
  const hear = (path: string) =>
    client
      .subscribe(path, (_, flags) => {
        if (flags.revoked) revoked.push(path);
      })
      .then(
        () => 'let in',
        (error: { statusCode: number; message: string }) => `${error.statusCode} ${error.message}`,
      );
  return { client, closed, hear, revoked };
}

t.test('hears its own topics, and is refused all others in the words of those that do not exist', async (t) => {
  const { hear } = await listen(t, (await widget(admin, everything)).token);
  const topics = (id: number, operationId: string) =>
    ['', '/ssh_test', '/service_restart', `/${operationId}/log`].map((end) => `/connections/${id}/operations${end}`);
  const nothing = await hear('/no/such/topic');
  t.match(nothing, /^403 /);
  for (const path of topics(mine, test)) t.equal(await hear(path), 'let in', path);
  for (const path of [...topics(foreign, test), ...topics(999_999, test), '/operations'])
    t.equal(await hear(path), nothing, path);
  const typed = await listen(t, (await widget(mira, { ...everything, operations: ['ssh_test'] })).token);
  const base = `/connections/${mine}/operations`;
  for (const path of [`${base}/ssh_test`, `${base}/${test}/log`]) t.equal(await typed.hear(path), 'let in', path);
  for (const path of [base, `${base}/service_restart`, `${base}/${restart}/log`, `${base}/${crypto.randomUUID()}/log`])
    t.equal(await typed.hear(path), nothing, path);
});

t.test('loses what its maker loses, on an open socket', async (t) => {
  const helper = await addUser(admin, 'otto', 'operator');
  await admin.call('PUT', `/connections/${foreign}/grants/otto`, { role: 'operator' });
  const { token } = await widget(helper, { connections: [foreign] });
  const { hear, revoked, closed } = await listen(t, token);
  const path = `/connections/${foreign}/operations`;
  t.equal(await hear(path), 'let in');
  t.equal((await admin.call('DELETE', `/connections/${foreign}/grants/otto`)).status, 204);
  await until(
    async () => revoked,
    ({ length }) => length === 1,
  );
  t.equal(server.feed.subscribers(path), 0);
  t.equal((await visitor(house.url, token).call('GET', path)).status, 404);
  t.equal((await admin.call('DELETE', '/users/otto')).status, 204);
  t.equal(await closed, 1008, 'and the socket with the account');
  t.equal((await visitor(house.url, token).call('GET', '/auth/me')).status, 401);
});

/** The same token with two seconds to live. */
function shortened(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;
  const exp = Math.floor(Date.now() / 1000) + 2;
  return Jwt.token.generate({ ...claims, exp }, { key: SECRET, algorithm: 'HS256' });
}

t.test('loses its socket when it is ended, when it ends, and with a new password', async (t) => {
  const nora = await addUser(admin, 'nora', 'operator');
  const hers = await connection(nora, 'hers');
  const ended = await widget(nora, { connections: [hers] });
  const short = { token: shortened((await widget(nora, { connections: [hers] })).token) };
  const last = await widget(nora, { connections: [hers] });
  const [one, two, three] = await Promise.all([ended, short, last].map(({ token }) => listen(t, token)));
  if (!one || !two || !three) throw new Error('three sockets');
  for (const { hear } of [one, two, three]) t.equal(await hear(`/connections/${hers}/operations`), 'let in');
  t.equal((await nora.call('DELETE', `/auth/embed-tokens/${ended.id}`)).status, 204);
  t.equal(await one.closed, 1008);
  t.equal(server.feed.subscribers(`/connections/${hers}/operations`), 2);
  t.equal(await two.closed, 1008, 'by itself, with its time');
  const change = { password: 'another-password-of-users', currentPassword: USER_PASSWORD };
  t.equal((await nora.call('PATCH', '/users/nora', change)).status, 200);
  t.equal(await three.closed, 1008);
  t.equal(server.feed.subscribers(`/connections/${hers}/operations`), 0);
});

t.test('opens a socket from the pages that it names, and from no other', async (t) => {
  const bound = await widget(mira, { connections: [mine], origins: [PORTAL] });
  const free = await widget(mira, { connections: [mine] });
  t.equal(await (await listen(t, bound.token, PORTAL)).hear(`/connections/${mine}/operations`), 'let in');
  for (const origin of ['https://second.example', undefined])
    await t.rejects(listen(t, bound.token, origin), NES, String(origin));
  const page = await listen(t, free.token, 'https://second.example');
  const auth = { headers: { authorization: `Bearer ${bound.token}` } };
  await t.rejects(page.client.reauthenticate(auth), NES, 'nor by a later token');
  t.equal(await page.closed, 1008);
  const stranger = new WebSocket(`${house.url.replace('http', 'ws')}/realtime`, { origin: 'https://evil.example' });
  const status = await new Promise((resolve) => {
    stranger.on('error', () => undefined);
    stranger.on('unexpected-response', (_, response) => {
      stranger.terminate();
      resolve(response.statusCode);
    });
  });
  t.equal(status, 403, 'and pages of other origins do not even get there');
});

t.test('counts the sockets of each token by itself', async (t) => {
  const [one, two] = [await widget(mira, { connections: [mine] }), await widget(mira, { connections: [mine] })];
  const open = await Promise.all(Array.from({ length: 20 }, () => listen(t, one.token)));
  await t.rejects(listen(t, one.token), NES, 'no more than a user may have');
  const next = await listen(t, two.token);
  t.equal(await next.hear(`/connections/${mine}/operations`), 'let in', "a portal's users do not shut each other out");
  await next.client.reauthenticate({ headers: { authorization: `Bearer ${(await widget(mira, everything)).token}` } });
  await Promise.all(open.map(({ client }) => client.disconnect()));
  await until(
    () =>
      listen(t, one.token).then(
        () => true,
        () => false,
      ),
    (isOpen) => isOpen,
  );
});

t.test('lets a page of the portal ask first, and of no other', async (t) => {
  const { token } = await widget(mira, { ...everything, origins: [PORTAL] });
  const path = `/connections/${mine}/operations/ssh_test`;
  const ask = (origin: string) =>
    visitor(house.url, '').call('OPTIONS', path, undefined, {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type, idempotency-key',
    });
  const asked = await ask(PORTAL);
  t.ok(asked.status < 300);
  t.equal(asked.headers.get('access-control-allow-origin'), PORTAL);
  t.match(asked.headers.get('access-control-allow-headers'), /authorization.*idempotency-key/i);
  t.equal(asked.headers.get('access-control-allow-credentials'), null);
  t.equal((await ask('https://evil.example')).headers.get('access-control-allow-origin'), null);
  const from = (origin: string, url: string) => visitor(house.url, token).call('GET', url, undefined, { origin });
  const read = await from(PORTAL, `/connections/${mine}/operations`);
  t.same([read.status, read.headers.get('access-control-allow-origin')], [200, PORTAL]);
  const second = await from('https://second.example', `/connections/${mine}/operations`);
  t.same(
    [second.status, second.body['code']],
    [403, 'EMBED_ORIGIN_REFUSED'],
    'an allowed origin that it does not name',
  );
  const refused = await from(PORTAL, '/users');
  t.same([refused.status, refused.headers.get('access-control-allow-origin')], [403, PORTAL], 'a page can read why');
});
