/** What a stranger gets: 404 on every route of a connection that is not his, in the very words of a missing one; no subscription; nothing in any list. */
import nesClient from '@hapi/nes/lib/client.js';
import t, { type Test } from 'tap';
import { addUser, signIn, startHouse, until, type Answer, type Visitor } from './peers/house.js';
import { startTcp } from './peers/tcp-server.js';

const { Client } = nesClient as unknown as { Client: new (url: string) => NesClient };
interface NesClient {
  connect(options: object): Promise<void>;
  subscribe(path: string, handler: (message: unknown, flags: { revoked?: boolean }) => void): Promise<void>;
  disconnect(): Promise<void>;
}

const silent = await startTcp(() => undefined);
const house = await startHouse();
const admin = await signIn(house.url);
t.teardown(async () => {
  await house.stop();
  await silent.stop();
});

const connection = { name: 'canary-name', platform: 'linux', hostname: '127.0.0.1', port: silent.port, username: 'u' };
const mira = await addUser(admin, 'mira', 'operator');
const stranger = await addUser(admin, 'stranger', 'operator');
const made = await mira.call('POST', '/connections', { ...connection, password: 'device-password' });
const id = Number(made.body['id']);
const started = await mira.call('POST', `/connections/${id}/operations/ssh_test`);
const operationId = String(started.body['operationId']);

/** Every route of a connection, with a body that is valid. */
const routes = (on: number): [string, string, unknown?][] => [
  ['GET', `/connections/${on}`],
  ['PATCH', `/connections/${on}`, { name: 'taken' }],
  ['GET', `/connections/${on}/operations`],
  ['GET', `/connections/${on}/operations/${operationId}`],
  ['GET', `/connections/${on}/operations/${operationId}/log`],
  ['POST', `/connections/${on}/operations/${operationId}/cancel`],
  ['POST', `/connections/${on}/operations/${operationId}/retry`],
  ['POST', `/connections/${on}/operations/ssh_test`, { params: {} }],
  ['POST', `/api/data/${on}/test-connection`],
  ['POST', `/connections/${on}/host-key`, { fingerprint: `SHA256:${'A'.repeat(43)}` }],
  ['GET', `/connections/${on}/grants`],
  ['PUT', `/connections/${on}/grants/stranger`, { role: 'operator' }],
  ['DELETE', `/connections/${on}/grants/mira`],
  ['DELETE', `/connections/${on}`],
];

const plain = ({ status, text, headers }: Answer) => ({ status, text, type: headers.get('content-type') });

t.test('answers a stranger byte for byte as if the connection did not exist', async (t) => {
  const missing = routes(id + 1000);
  for (const [index, [method, path, body]] of routes(id).entries()) {
    const foreign = await stranger.call(method, path, body);
    const none = await stranger.call(method, missing[index]?.[1] ?? '', body);
    t.equal(foreign.status, 404, `${method} ${path}`);
    t.same(plain(foreign), plain(none));
  }
  t.equal((await mira.call('GET', `/connections/${id}`)).status, 200, 'and it is all still there');
});

t.test('covers every route that names a connection', (t) => {
  const covered = new Set(routes(1).map(([method, path]) => `${method.toLowerCase()} ${path.split('/').length}`));
  const table = house.house.server.table().filter((route) => route.path.includes('{id}'));
  t.ok(table.length >= routes(1).length - 1);
  for (const route of table)
    t.ok(covered.has(`${route.method} ${route.path.split('/').length}`), `${route.method} ${route.path}`);
  t.end();
});

t.test('shows nothing of it in any list', async (t) => {
  for (const path of [
    '/connections',
    '/operations',
    '/operations?status=active',
    '/connections?q=canary',
    '/certificates',
  ]) {
    const answer = await stranger.call('GET', path);
    t.equal(answer.status, 200, path);
    t.notMatch(answer.text, /canary-name/, path);
    t.notMatch(answer.text, operationId, path);
  }
  for (const path of ['/users', '/audit', '/metrics']) t.equal((await stranger.call('GET', path)).status, 403, path);
});

async function socketOf(t: Test, who: Visitor): Promise<NesClient> {
  const client = new Client(`${house.url.replace('http', 'ws')}/realtime`);
  t.teardown(() => client.disconnect());
  await client.connect({ auth: { headers: { authorization: `Bearer ${who.token}` } }, reconnect: false });
  return client;
}

const topics = (on: number) => [
  `/connections/${on}/operations`,
  `/connections/${on}/operations/ssh_test`,
  `/connections/${on}/operations/${operationId}/log`,
];

t.test('refuses a stranger’s subscriptions in the same words as those to nothing', async (t) => {
  const client = await socketOf(t, stranger);
  const refusal = (path: string) =>
    client
      .subscribe(path, () => undefined)
      .then(
        () => 'let in',
        (error: { statusCode: number; message: string }) => `${error.statusCode} ${error.message}`,
      );
  for (const [index, path] of topics(id).entries()) {
    const answer = await refusal(path);
    t.match(answer, /^40[34] /, path);
    t.equal(answer, await refusal(topics(id + 1000)[index] ?? ''));
  }
  t.match(await refusal('/operations'), /^403 /);
});

/** The first one may have given up by now, or may do so at any moment: this one has its whole time before it. */
async function startAnew(): Promise<unknown> {
  const path = `/connections/${id}/operations`;
  await mira.call('POST', `${path}/${operationId}/cancel`);
  await until(
    () => mira.call('GET', `${path}/${operationId}`),
    ({ body }) => body['completedAt'] !== null,
  );
  return (await mira.call('POST', `${path}/ssh_test`)).body['operationId'];
}

t.test('lets a viewer look, an operator act, and ends both with the grant', async (t) => {
  const viewer = await addUser(admin, 'viola', 'viewer');
  const helper = await addUser(admin, 'otto', 'operator');
  for (const name of ['viola', 'otto'])
    t.equal((await mira.call('PUT', `/connections/${id}/grants/${name}`, { role: 'operator' })).status < 300, true);
  t.equal((await viewer.call('GET', `/connections/${id}`)).status, 200);
  const tooLow = await viewer.call('POST', `/connections/${id}/operations/ssh_test`);
  t.match([tooLow.status, tooLow.body], [403, { code: 'FORBIDDEN' }], 'the lower of account and grant counts');
  const running = await startAnew();
  const joined = await helper.call('POST', `/connections/${id}/operations/ssh_test`);
  t.match([joined.status, joined.body['operationId']], [200, running], 'joins the running one');
  t.equal((await helper.call('DELETE', `/connections/${id}`)).status, 403, 'a grant is no ownership');
  const client = await socketOf(t, viewer);
  let revoked = 0;
  await client.subscribe(`/connections/${id}/operations`, (_, flags) => {
    if (flags.revoked) revoked++;
  });
  t.equal((await mira.call('DELETE', `/connections/${id}/grants/viola`)).status, 204);
  t.equal((await viewer.call('GET', `/connections/${id}`)).status, 404, 'at once over HTTP');
  await until(
    async () => revoked,
    (count) => count === 1,
  );
  t.equal(house.house.server.feed.subscribers(`/connections/${id}/operations`), 0);
});
