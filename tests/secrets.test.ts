/** Canary secrets go in by every door, through success and failure; none is ever seen again. */
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import nesClient from '@hapi/nes/lib/client.js';
import t from 'tap';
import type { LogChunk, Operation } from '../server/operations/contract.js';
import { ADMIN_PASSWORD, signIn, startHouse, until } from './peers/house.js';
import { startOpenSsh } from './peers/openssh.js';
import { generateKey } from './peers/ssh-keys.js';
import { tempDir } from './peers/temp.js';

const { Client } = nesClient as unknown as { Client: new (url: string) => NesClient };
interface NesClient {
  connect(options: object): Promise<void>;
  subscribe(path: string, handler: (message: unknown) => void): Promise<void>;
  disconnect(): Promise<void>;
}

const canary = (name: string) => `canary-${name}-${Math.random().toString(36).slice(2, 12)}`;
/** A secret in the encodings in which it could leak. */
const forms = (secret: string) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').slice(0, 20),
];

t.test('shows none of 20 canary secrets in a log, an answer, an event, a row or a file', async (t) => {
  const sshd = await startOpenSsh();
  const directory = await tempDir();
  const house = await startHouse({ SIGNALBOX_DATA_DIR: directory.path, SIGNALBOX_LOG_LEVEL: 'trace' });
  t.teardown(async () => {
    await house.stop();
    await sshd.stop();
    await directory.remove();
  });
  const admin = await signIn(house.url);
  const seen: string[] = [];
  const call: typeof admin.call = async (...args) => {
    const answer = await admin.call(...args);
    seen.push(answer.text, JSON.stringify([...answer.headers]));
    return answer;
  };
  const client = new Client(`${house.url.replace('http', 'ws')}/realtime`);
  t.teardown(() => client.disconnect());
  await client.connect({ auth: { headers: { authorization: `Bearer ${admin.token}` } }, reconnect: false });
  await client.subscribe('/operations', (message) => seen.push(JSON.stringify(message)));

  const secrets: string[] = [ADMIN_PASSWORD];
  const secret = (name: string) => {
    const made = canary(name);
    secrets.push(made);
    return made;
  };
  const key = await generateKey({ type: 'ed25519', passphrase: secret('passphrase') });
  const base = { platform: 'linux', hostname: '127.0.0.1', port: sshd.port, username: sshd.user };
  const connections: number[] = [];
  const connect = async (more: Record<string, unknown>) => {
    const { body } = await call('POST', '/connections', { ...base, ...more });
    connections.push(Number(body['id']));
  };
  for (let index = 0; index < 8; index++) await connect({ name: `pw-${index}`, password: secret(`password-${index}`) });
  secrets.push(
    sshd.password,
    ...key.privateKey
      .split('\n')
      .filter((line) => line.length > 60)
      .slice(0, 2),
  );
  await connect({ name: 'works', password: sshd.password });
  await connect({ name: 'key', privateKey: key.privateKey, passphrase: secrets[1] });
  await connect({ name: 'wrong-passphrase', privateKey: key.privateKey, passphrase: secret('wrong-passphrase') });
  await connect({ name: 'banner', hostname: `${secret('not-a-host')}.invalid`, password: secret('unresolved') });
  const changed = connections[0] ?? 0;
  await call('PATCH', `/connections/${changed}`, { password: secret('patched') });
  await call('POST', '/connections', { ...base, name: 'bad', password: secret('refused'), port: 'x' });
  await call('POST', '/users', { username: 'leaky', password: secret('user-password'), role: 'viewer' });
  await call('POST', '/users', { username: '-', password: secret('user-refused'), role: 'viewer' });
  await call('POST', '/auth/login', { username: 'admin', password: secret('login-refused') });
  await call('GET', '/connections', undefined, { authorization: `Bearer ${secret('token')}` });
  for (const id of connections) {
    const started = await call('POST', `/connections/${id}/operations/ssh_test`);
    const path = started.headers.get('location') ?? '';
    await until(
      async () => (await call('GET', path)).body as unknown as Operation,
      (operation) => operation.completedAt !== null,
    );
    await call('GET', `${path}/log`);
  }
  for (const path of ['/connections', '/operations', '/audit', '/metrics', '/users', '/operations/types'])
    await call('GET', path);

  // The name of a host is no secret: what went into the hostname must come out of it.
  const hidden = secrets.filter((each) => !each.includes('not-a-host'));
  t.ok(hidden.length >= 20, `${hidden.length} secrets`);
  const tables = [
    'users',
    'connections',
    'active_operations',
    'operation_log',
    'audit_log',
    'store_meta',
    'idempotency_keys',
  ];
  const rows = JSON.stringify(await Promise.all(tables.map((table) => house.house.knex(table))));
  const files = await readdir(directory.path);
  const contents = await Promise.all(files.map(async (name) => String(await readFile(join(directory.path, name)))));
  const places = { answers: seen.join('\n'), log: house.log(), rows, files: contents.join('\n') };
  t.match(places.answers, /SSH_AUTH_REFUSED/, 'failures were among what was looked at');
  t.match(places.answers, /"status":"completed"/);
  t.match(places.answers, /operation:error/, 'events too');
  for (const [place, text] of Object.entries(places))
    for (const each of hidden)
      t.notOk(
        forms(each).some((form) => text.includes(form)),
        `${place}: ${each.slice(0, 12)}…`,
      );
});

t.test('shows the colours of a device’s output, and no secret that they stand in', async (t) => {
  const sshd = await startOpenSsh();
  const directory = await tempDir();
  const house = await startHouse();
  t.teardown(async () => {
    await house.stop();
    await sshd.stop();
    await directory.remove();
  });
  const { password } = sshd;
  const middle = Math.floor(password.length / 2);
  const [first, second] = [password.slice(0, middle), password.slice(middle)];
  const said = [
    '\u001b]0;title\u0007\u001b[2J\u001b[1;32mready\u001b[0m',
    `coloured: ${[...password].join('\u001b[31m')}\u001b[0m.`,
    `moved: ${first}\u001b[K\u001b[?25h${second}.`,
    `folded: ${first}`,
    second,
    'x'.repeat(5000),
  ];
  const output = join(directory.path, 'output');
  await chmod(directory.path, 0o755);
  await writeFile(output, `${said.join('\n')}\n`);
  await chmod(output, 0o644);

  const admin = await signIn(house.url);
  const made = await admin.call('POST', '/connections', {
    ...{ name: 'colours', platform: 'generic', hostname: '127.0.0.1', port: sshd.port },
    ...{ username: sshd.user, password, services: ['web'] },
    platformSettings: {
      restartCommand: `cat ${output}; TERM=xterm ls -d --color=always ${directory.path} >&2`,
      checkCommand: 'exit 0',
      settleSeconds: 0,
    },
  });
  t.equal(made.status, 201, made.text);
  const id = String(made.body['id']);
  const started = await admin.call('POST', `/connections/${id}/operations/service_restart`, {
    params: { service: 'web' },
  });
  const path = started.headers.get('location') ?? '';
  const operation = await until(
    async () => (await admin.call('GET', path)).body as unknown as Operation,
    ({ completedAt }) => completedAt !== null,
    30_000,
  );
  t.equal(operation.status, 'completed', JSON.stringify(operation.error));
  const log = (await admin.call('GET', `${path}/log`)).body as unknown as LogChunk;
  const lines = log.lines.filter(({ stream }) => stream === 'out').map(({ text }) => text);
  t.same(lines.slice(0, 5), [
    '\u001b[1;32mready\u001b[0m',
    'coloured: •••\u001b[0m\u001b[0m.',
    'moved: •••.',
    'folded: •••',
    '',
  ]);
  t.match(lines[5], /^x+…$/, 'what was cut says so');
  t.ok(/\[[0-9;]+m/.test(lines[6] ?? '') && lines[6]?.includes('\u001b[0m'), 'ls in its colours');
  const rows = JSON.stringify(await house.house.knex('operation_log'));
  const bare = rows.replace(/\\u001b\[[0-9;]*m/g, '');
  for (const part of [first, second]) t.notOk(bare.includes(part), 'nor half of the password');
  t.notMatch(JSON.stringify(operation), /\\u001b/, 'the operation itself is plain');
});
