/** The server as a whole, over HTTP and nes, against a real sshd: what a person and a program get. */
import nesClient from '@hapi/nes/lib/client.js';
import t from 'tap';
import type { Operation, OperationEvent, StartAnswer } from '../server/operations/contract.js';
import { signIn, startHouse, until, visitor, type Visitor } from './peers/house.js';
import { startOpenSsh } from './peers/openssh.js';
import { startTcp } from './peers/tcp-server.js';

const { Client } = nesClient as unknown as { Client: new (url: string) => NesClient };
interface NesClient {
  connect(options: object): Promise<void>;
  subscribe(path: string, handler: (message: OperationEvent) => void): Promise<void>;
  unsubscribe(path: string): Promise<void>;
  disconnect(): Promise<void>;
}

const sshd = await startOpenSsh();
const silent = await startTcp(() => undefined);
const house = await startHouse({ SIGNALBOX_PLUGINS: './examples/toy-plugin' });
const admin = await signIn(house.url);
t.teardown(async () => {
  await house.stop();
  await silent.stop();
  await sshd.stop();
});

async function connect(who: Visitor, more: Record<string, unknown> = {}): Promise<number> {
  const answer = await who.call('POST', '/connections', {
    name: 'web-12',
    platform: 'linux',
    hostname: '127.0.0.1',
    port: sshd.port,
    username: sshd.user,
    password: sshd.password,
    ...more,
  });
  if (answer.status !== 201) throw new Error(answer.text);
  return Number(answer.body['id']);
}

const operationOf = (answer: { body: unknown }) => (answer.body as StartAnswer).operation;

const ended = (who: Visitor, path: string) =>
  until(
    async () => (await who.call('GET', path)).body as unknown as Operation,
    (operation) => operation.completedAt !== null,
  );

t.test('tests SSH on a real server and tells what it found', async (t) => {
  const id = await connect(admin);
  const answer = await admin.call('POST', `/connections/${id}/operations/ssh_test`, {});
  t.equal(answer.status, 202);
  const started = answer.body as unknown as StartAnswer;
  t.match(started, { status: 'started', message: 'SSH test initiated', estimatedDuration: 3000 });
  t.equal(answer.headers.get('location'), `/connections/${id}/operations/${started.operationId}`);
  const path = answer.headers.get('location') ?? '';
  const done = await ended(admin, path);
  t.match(done, { status: 'completed', progress: 100, requestedBy: 'admin', createdBy: 'user', error: null });
  t.match(done.result, {
    identification: /^SSH-2\.0-OpenSSH/,
    hostKey: { type: 'ssh-ed25519', fingerprint: sshd.hostKeyFingerprint() },
    authMethod: 'password',
    how: 'exec',
    algorithms: { kex: String, cipher: String },
  });
  const steps = (done.result?.steps ?? []) as { key: string; durationMs: number }[];
  t.same(
    steps.map((step) => step.key),
    ['resolve', 'tcp', 'host_key', 'key_exchange', 'authenticate', 'ready'],
  );
  t.ok(steps.every((step) => step.durationMs >= 0));
  const log = await admin.call('GET', `${path}/log`);
  t.match(log.text, /Authenticated as/);
  t.notMatch(log.text, sshd.password);
  const connection = await admin.call('GET', `/connections/${id}`);
  t.match(connection.body['hostKey'], { fingerprint: sshd.hostKeyFingerprint() }, 'the first key is pinned');
  t.notMatch(connection.text, sshd.password);
  const again = await admin.call('POST', `/connections/${id}/operations/ssh_test`);
  t.equal(again.status, 202, 'no body is a valid body');
  t.ok((again.body as unknown as StartAnswer).estimatedDuration < 3000, 'the estimate is learnt');
  await ended(admin, again.headers.get('location') ?? '');
});

t.test('joins a running operation instead of running it twice', async (t) => {
  const id = await connect(admin, { port: silent.port });
  const route = `/connections/${id}/operations/ssh_test`;
  const answers = await Promise.all(Array.from({ length: 20 }, () => admin.call('POST', route, { params: {} })));
  t.equal(answers.filter((answer) => answer.status === 202).length, 1);
  t.equal(answers.filter((answer) => answer.status === 200).length, 19);
  t.equal(new Set(answers.map((answer) => answer.body['operationId'])).size, 1);
  const joined = answers.find((answer) => answer.status === 200);
  t.match(joined?.body, {
    status: 'already_running',
    message: 'Already running, started by admin.',
    existingOperation: { operationId: String, progress: Number },
  });
  const alias = await admin.call('POST', `/api/data/${id}/test-connection`);
  t.equal(alias.status, 200);
  t.match(alias.body, { status: 'already_running', operationId: String(joined?.body['operationId']) });
  const busy = await admin.call('DELETE', `/connections/${id}`);
  t.match([busy.status, busy.body], [409, { code: 'CONNECTION_BUSY' }]);
  const path = `/connections/${id}/operations/${String(joined?.body['operationId'])}`;
  const cancel = await admin.call('POST', `${path}/cancel`);
  t.match([cancel.status, cancel.body], [202, { cancellable: false }]);
  t.match(await ended(admin, path), { status: 'cancelled', error: { message: 'Cancelled by admin.' } });
  t.equal((await admin.call('POST', `${path}/cancel`)).status, 409);
  const retry = await admin.call('POST', `${path}/retry`);
  t.equal(retry.status, 202);
  t.match(operationOf(retry), { retryOf: String(joined?.body['operationId']), status: 'pending' });
  const retried = `/connections/${id}/operations/${operationOf(retry).id}`;
  await admin.call('POST', `${retried}/cancel`);
  await ended(admin, retried);
  t.equal((await admin.call('DELETE', `/connections/${id}`)).status, 204);
  t.equal((await admin.call('GET', retried)).status, 404, 'the history goes with the connection');
});

t.test('joins what runs by every door: the route of the type, its planned path and a retry', async (t) => {
  const directoryUrl = `https://127.0.0.1:${silent.port}/directory`;
  const authority = await admin.call('POST', '/certificate-authorities', {
    ...{ name: 'silent', directoryUrl, contactEmails: ['ops@web.test'], termsAgreed: true },
  });
  t.equal(authority.status, 201, authority.text);
  const certificate = {
    ...{ names: ['web.test'], authorityId: authority.body['id'], renewal: { automatic: false } },
    endpoints: [{ host: null, port: silent.port, servername: null }],
    install: { keyPath: '/etc/tls/web.key', fullchainPath: '/etc/tls/web.pem', reloadCommand: 'true' },
  };
  const id = await connect(admin, { port: silent.port, services: ['nginx'], certificate });
  const doors = {
    ssh_test: 'test-connection',
    service_restart: 'restart-service',
    certificate_renewal: 'issue-cert',
  };
  for (const [type, planned] of Object.entries(doors)) {
    const route = `/connections/${id}/operations/${type}`;
    const cancelled = async (path: string) => {
      await admin.call('POST', `${path}/cancel`);
      t.match(await ended(admin, path), { status: 'cancelled' }, type);
      return path;
    };
    const joins = async (operationId: unknown, door: string) => {
      const answer = await admin.call('POST', door);
      t.match([answer.status, answer.body], [200, { status: 'already_running', operationId }], door);
    };
    const started = await admin.call('POST', `/api/data/${id}/${planned}`);
    t.match([started.status, started.body['status']], [202, 'started'], started.text);
    await joins(started.body['operationId'], route);
    await joins(started.body['operationId'], `/api/data/${id}/${planned}`);
    const first = await cancelled(`/connections/${id}/operations/${String(started.body['operationId'])}`);
    const retried = await admin.call('POST', `${first}/retry`);
    t.equal(retried.status, 202, retried.text);
    await joins(retried.body['operationId'], `${first}/retry`);
    await cancelled(retried.headers.get('location') ?? '');
  }
});

t.test('answers the same key with the same operation, and another body with 422', async (t) => {
  const id = await connect(admin);
  const toy = `/connections/${id}/operations/toy_greeting`;
  const key = { 'idempotency-key': 'a-key-of-the-tests' };
  const first = await admin.call('POST', toy, { params: { name: 'Mira' } }, key);
  t.equal(first.status, 202, first.text);
  await ended(admin, first.headers.get('location') ?? '');
  const repeated = await admin.call('POST', toy, { params: { name: 'Mira' } }, key);
  t.match([repeated.status, operationOf(repeated)], [202, { id: operationOf(first).id, status: 'completed' }]);
  const other = await admin.call('POST', toy, { params: { name: 'Jonas' } }, key);
  t.match([other.status, other.body], [422, { code: 'IDEMPOTENCY_KEY_REUSED' }]);
  const racing = await Promise.all(
    Array.from({ length: 10 }, () =>
      admin.call('POST', toy, { params: { name: 'Ada' } }, { 'idempotency-key': 'raced' }),
    ),
  );
  t.equal(new Set(racing.map((answer) => operationOf(answer).id)).size, 1, 'also when they come at once');
  const last = `/connections/${id}/operations/${operationOf(racing[0] as never).id}`;
  await ended(admin, last);
  const wrong = await admin.call('POST', toy, { params: { nonsense: 1 } });
  t.match([wrong.status, wrong.body], [400, { code: 'VALIDATION_FAILED', errors: Array }]);
  t.match(wrong.body['errors'], [{ pointer: '/params/nonsense' }]);
  for (const body of [[], 'text', { params: [] }, { params: null }, { other: 1 }])
    t.equal((await admin.call('POST', toy, body)).status, 400, JSON.stringify(body));
  const broken = await fetch(`${house.url}${toy}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    body: '{"params":',
  });
  t.match(
    [broken.status, await broken.json()],
    [400, { code: 'INVALID_JSON', detail: /not valid JSON/, hint: String }],
  );
  const plain = await admin.call('POST', toy, {}, { 'content-type': 'application/xml' });
  t.match([plain.status, plain.body], [415, { code: 'UNSUPPORTED_MEDIA_TYPE' }]);
  const bare = await admin.call('POST', toy);
  t.equal(bare.status, 202, bare.text);
  t.match(operationOf(bare).params, { name: String }, 'the defaults count where no body is sent');
  await ended(admin, bare.headers.get('location') ?? '');
  t.equal(wrong.headers.get('content-type')?.split(';')[0], 'application/problem+json');
});

t.test('refuses a start with other params while one runs', async (t) => {
  const id = await connect(admin);
  const toy = `/connections/${id}/operations/toy_greeting`;
  const answers = await Promise.all([
    admin.call('POST', toy, { params: { name: 'Mira' } }),
    admin.call('POST', toy, { params: { name: 'Jonas' } }),
  ]);
  t.same(answers.map((answer) => answer.status).sort(), [202, 409]);
  t.match(answers.find((answer) => answer.status === 409)?.body, {
    code: 'OP_BUSY',
    hint: String,
    operationId: String,
  });
});

t.test('lists with a tag, and answers 304 without reading when nothing changed', async (t) => {
  const id = await connect(admin);
  const list = `/connections/${id}/operations`;
  const first = await admin.call('GET', list);
  t.match(first.body, { operations: [], next: null, epoch: String });
  const etag = first.headers.get('etag') ?? '';
  t.match(etag, /^".+"$/);
  const queries: string[] = [];
  const note = ({ sql }: { sql: string }) => void queries.push(sql);
  house.house.knex.on('query', note);
  const same = await admin.call('GET', list, undefined, { 'if-none-match': etag });
  house.house.knex.off('query', note);
  t.equal(same.status, 304);
  // The runner and the sweeper look for work at any time; whatever else reads is the list's.
  const reading = queries.filter((sql) => /^select/i.test(sql) && !sql.includes('lease_expires_at'));
  t.same(reading, [], 'not one query, neither for the list nor for the token and the rights');
  const started = await admin.call('POST', `${list}/ssh_test`);
  const changed = await admin.call('GET', list, undefined, { 'if-none-match': etag });
  t.equal(changed.status, 200);
  t.not(changed.headers.get('etag'), etag);
  await ended(admin, started.headers.get('location') ?? '');
  const stranger = await admin.call('POST', '/users', {
    username: 'tagless',
    password: 'a-long-password',
    role: 'viewer',
  });
  t.equal(stranger.status, 201, stranger.text);
  const other = await signIn(house.url, 'tagless', 'a-long-password');
  const fleet = await admin.call('GET', '/operations');
  const theirs = await other.call('GET', '/operations', undefined, {
    'if-none-match': fleet.headers.get('etag') ?? '',
  });
  t.equal(theirs.status, 200, 'a tag is no key to another caller’s list');
  t.same(theirs.body['operations'], []);
  for (const bad of ['limit=0', 'limit=201', 'status=gone', 'before=nonsense', 'x=1'])
    t.equal((await admin.call('GET', `${list}?${bad}`)).status, 400, bad);
});

t.test('accepts a changed host key only by a person’s word', async (t) => {
  const id = await connect(admin);
  const route = `/connections/${id}/operations/ssh_test`;
  const before = sshd.hostKeyFingerprint();
  await ended(admin, (await admin.call('POST', route)).headers.get('location') ?? '');
  await sshd.replaceHostKey();
  const after = sshd.hostKeyFingerprint();
  sshd.clearLog();
  const failed = await ended(admin, (await admin.call('POST', route)).headers.get('location') ?? '');
  t.match(failed, { status: 'failed', error: { code: 'SSH_HOST_KEY_CHANGED' } });
  t.ok(failed.error?.message.includes(before) && failed.error.message.includes(after), 'both fingerprints');
  t.notMatch(sshd.log(), /password/i, 'no credential was sent');
  const wrong = await admin.call('POST', `/connections/${id}/host-key`, { fingerprint: `SHA256:${'A'.repeat(43)}` });
  t.match([wrong.status, wrong.body], [409, { code: 'HOST_KEY_MISMATCH' }]);
  const accepted = await admin.call('POST', `/connections/${id}/host-key`, { fingerprint: after });
  t.match([accepted.status, accepted.body], [200, { hostKey: { fingerprint: after } }]);
  t.match(await ended(admin, (await admin.call('POST', route)).headers.get('location') ?? ''), { status: 'completed' });
  const audit = await admin.call('GET', '/audit');
  t.match(audit.text, /host_key/);
});

t.test('feeds the stock nes client, event by event', async (t) => {
  const id = await connect(admin);
  const client = new Client(`${house.url.replace('http', 'ws')}/realtime`);
  t.teardown(() => client.disconnect());
  await client.connect({ auth: { headers: { authorization: `Bearer ${admin.token}` } }, reconnect: false });
  const seen: Record<string, OperationEvent[]> = {};
  const paths = [`/connections/${id}/operations`, `/connections/${id}/operations/ssh_test`, '/operations'];
  for (const path of paths) await client.subscribe(path, (message) => void (seen[path] ??= []).push(message));
  const started = await admin.call('POST', `/connections/${id}/operations/ssh_test`);
  await ended(admin, started.headers.get('location') ?? '');
  await until(
    async () => seen,
    (all) => paths.every((path) => all[path]?.at(-1)?.event === 'operation:complete'),
  );
  for (const path of paths) {
    const events = seen[path] ?? [];
    t.match(events[0], { event: 'operation:start', operation: { revision: 1, status: 'pending', connectionId: id } });
    const revisions = events.map(({ operation }) => operation.revision);
    t.same(
      revisions,
      [...revisions].sort((a, b) => a - b),
      `${path} never goes back`,
    );
  }
});

t.test('loads a third party’s type through the same door', async (t) => {
  const types = (await admin.call('GET', '/operations/types')).body['types'] as unknown as { type: string }[];
  t.match(
    types.find(({ type }) => type === 'toy_greeting'),
    { labels: { idle: String }, steps: Array, params: { type: 'object' } },
  );
});

t.test('says no to who is not signed in, and hides nothing behind a wrong path', async (t) => {
  const nobody = visitor(house.url, '');
  for (const path of [
    '/connections',
    '/operations',
    '/users',
    '/audit',
    '/metrics',
    '/realtime',
    '/operations/types',
  ]) {
    const answer = await nobody.call('GET', path);
    t.match([answer.status, answer.body], [401, { code: 'AUTH_REQUIRED', hint: String }], path);
  }
  t.equal((await nobody.call('GET', '/healthz')).status, 200);
  t.equal((await nobody.call('GET', '/readyz')).status, 200);
  t.equal((await admin.call('GET', '/no/such/thing')).status, 404);
});
