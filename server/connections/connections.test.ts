import { randomBytes } from 'node:crypto';
import t from 'tap';
import type { AuditRow } from '../audit/row.js';
import type { Connection } from './contract.js';
import { pinFirstHostKey, rememberOfferedKey } from './host-keys.js';
import { openCredentials } from './secrets.js';
import { frontDesk, type FrontDesk } from './testing/front-desk.js';

const linux = { name: 'web-1', platform: 'linux', hostname: 'web-1.example.com', username: 'root' };
const first = { type: 'ssh-ed25519', fingerprint: `SHA256:${'a'.repeat(43)}` };
const second = { type: 'ssh-ed25519', fingerprint: `SHA256:${'b'.repeat(43)}` };
const third = { type: 'ssh-ed25519', fingerprint: `SHA256:${'c'.repeat(43)}` };

const keyOf = (secret: string) => `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----\n`;

async function add(desk: FrontDesk, more: object = {}, username = 'mira'): Promise<Connection> {
  const { status, body } = await desk.ask(username, 'POST', '/connections', { ...linux, ...more });
  if (status !== 201) throw new Error(`The connection was not added: ${JSON.stringify(body)}`);
  return body as unknown as Connection;
}

async function startOperation(desk: FrontDesk, connectionId: number, status = 'in_progress'): Promise<string> {
  const at = new Date().toISOString();
  const id = randomBytes(8).toString('hex');
  const row = { connection_id: connectionId, operation_type: 'probe', status, started_at: at, updated_at: at };
  await desk.knex('active_operations').insert({ id, ...row });
  return id;
}

const auditRows = (desk: FrontDesk, action: string) =>
  desk.knex<AuditRow>('audit_log').where('action', action).orderBy('id');

t.test('adds a connection, shows it without its secrets, changes it and removes it', async (t) => {
  const desk = await frontDesk(t);
  const created = await desk.ask('mira', 'POST', '/connections', {
    ...linux,
    hostname: 'WEB-1.example.com',
    password: 'pw',
  });
  t.equal(created.status, 201);
  t.equal(created.headers.location, `/connections/${String(created.body.id)}`);
  const { id, createdAt, updatedAt, ...rest } = created.body;
  t.strictSame(rest, {
    ...linux,
    port: 22,
    services: [],
    hostKey: null,
    offeredHostKey: null,
    legacyAlgorithms: false,
    platformSettings: {},
    certificate: null,
    hasPassword: true,
    hasPrivateKey: false,
    owner: 'mira',
    role: 'operator',
  });
  t.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  t.equal(updatedAt, createdAt);
  const path = `/connections/${String(id)}`;
  t.strictSame((await desk.ask('mira', 'GET', path)).body, created.body);

  const change = {
    name: 'Web',
    services: ['nginx.service'],
    password: null,
    privateKey: keyOf('abcd'),
    legacyAlgorithms: true,
  };
  const changed = (await desk.ask('mira', 'PATCH', path, change)).body;
  t.match(changed, { name: 'Web', services: ['nginx.service'], legacyAlgorithms: true, hostname: 'web-1.example.com' });
  t.match(changed, { hasPassword: false, hasPrivateKey: true });
  t.strictSame(await openCredentials(desk.knex, desk.vault, Number(id)), {
    password: null,
    privateKey: keyOf('abcd'),
    passphrase: null,
  });

  t.equal((await desk.ask('mira', 'DELETE', path)).status, 204);
  t.equal((await desk.ask('mira', 'GET', path)).status, 404);
  t.equal((await desk.ask('mira', 'DELETE', path)).status, 404);
  t.equal(desk.directory.ownerOf(Number(id)), null);
  t.strictSame(
    (await auditRows(desk, 'connection.update'))[0]?.detail,
    JSON.stringify({ changed: Object.keys(change) }),
  );
  await t.rejects(openCredentials(desk.knex, desk.vault, Number(id)), { message: `Connection ${String(id)} is gone.` });
});

t.test("takes the platform's port where none is given", async (t) => {
  const desk = await frontDesk(t);
  t.match(await add(desk, { platform: 'vos' }), { port: 2222 });
  t.match(await add(desk, { platform: 'vos', port: 22 }), { port: 22 });
});

t.test('refuses what does not fit, field by field and without repeating it', async (t) => {
  const desk = await frontDesk(t);
  const refused: [field: string, value: unknown][] = [
    ['name', ''],
    ['name', 'x'.repeat(129)],
    ['name', 'bell\u0007'],
    ['name', 'turned \u202e around'],
    ['platform', 'amiga'],
    ...[
      '-a.example',
      'a..b',
      'a_b',
      '256.1.1.1',
      '1.2.3',
      'a b',
      'a;b',
      'a/b',
      'http://a',
      'user@a',
      'ä.example',
      '::1::',
    ].map((hostname): [string, string] => ['hostname', hostname]),
    ['hostname', 'a'.repeat(64)],
    ['hostname', `${'a.'.repeat(127)}a`],
    ['port', 0],
    ['port', 65536],
    ['port', 22.5],
    ['username', 'ro\not'],
    ['services', ['-rf']],
    ['services', ['a;b']],
    ['services', ['x'.repeat(65)]],
    ['services', ['a', 'a']],
    ['platformSettings', { canary: 1 }],
    ['platformSettings', 'canary'],
    ['platformSettings', null],
    ['privateKey', 'canary-key'],
    ['privateKey', keyOf('canary\u0000key')],
    ['privateKey', keyOf('a'.repeat(32 * 1024))],
    ['password', ''],
    ['password', { canary: true }],
    ['owner', 'admin'],
    ['hostKey', first],
  ];
  const path = `/connections/${(await add(desk)).id}`;
  for (const [field, value] of refused) {
    const title = `${field} ${JSON.stringify(value).slice(0, 40)}`;
    const post = await desk.ask('mira', 'POST', '/connections', { ...linux, [field]: value });
    const patch = await desk.ask('mira', 'PATCH', path, { [field]: value });
    for (const { status, body, text } of [post, patch]) {
      t.equal(status, 400, title);
      t.match(body, { code: 'VALIDATION_FAILED', errors: [{ pointer: new RegExp(`^/${field}`) }] }, title);
      t.notMatch(text, /canary/, title);
    }
  }
  t.match((await desk.ask('mira', 'POST', '/connections', {})).body.errors, { length: 4 });
  t.equal((await desk.ask('mira', 'PATCH', path, {})).status, 400);
});

t.test('takes DNS names and addresses of both kinds', async (t) => {
  const desk = await frontDesk(t);
  for (const hostname of ['localhost', 'a-b.c1.example', '10.0.0.1', '::1', 'fe80::1', '2001:db8::1', '1a.example'])
    t.match(await add(desk, { hostname }), { hostname });
});

t.test("takes the settings that the platform's schema describes, and fills in its defaults", async (t) => {
  const desk = await frontDesk(t);
  const defaults = { servedPort: 8443, restartTimeoutSeconds: 1200, label: 'tomcat' };
  const { id, platformSettings } = await add(desk, { platform: 'vos' });
  t.strictSame(platformSettings, defaults);
  const path = `/connections/${id}`;
  const patch = async (change: object) => (await desk.ask('mira', 'PATCH', path, change)).body;
  t.match(await patch({ platformSettings: { servedPort: null } }), {
    platformSettings: { ...defaults, servedPort: null },
  });
  t.match(await patch({ name: 'Other' }), { platformSettings: { ...defaults, servedPort: null } }, 'they stay');
  t.strictSame(
    (await patch({ platformSettings: {} }))['platformSettings'],
    defaults,
    'what is left out is the default',
  );
  const given = { ...defaults, label: 'finesse' };
  t.match(await add(desk, { platform: 'vos', platformSettings: given }), { platformSettings: given });

  const refused: [settings: object, pointer: string, message: string][] = [
    [{ servedPort: 70_000 }, '/platformSettings/servedPort', 'servedPort must be a valid port'],
    [{ restartTimeoutSeconds: 'canary' }, '/platformSettings/restartTimeoutSeconds', 'restartTimeoutSeconds must be a'],
    [{ label: 'CANARY' }, '/platformSettings/label', 'label is not of the expected form'],
    [{ unknown: 'canary' }, '/platformSettings/unknown', 'unknown is not allowed'],
  ];
  for (const [settings, pointer, message] of refused)
    for (const answer of [
      await desk.ask('mira', 'POST', '/connections', { ...linux, platform: 'vos', platformSettings: settings }),
      await desk.ask('mira', 'PATCH', path, { platformSettings: settings }),
    ]) {
      t.match(answer, { status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ pointer, message }] } }, pointer);
      t.equal((answer.body['errors'] as unknown[]).length, 1);
      t.notMatch(answer.text, /canary/i);
    }
  const twice = { servedPort: 0.5, label: 1 };
  t.match((await desk.ask('mira', 'PATCH', path, { platformSettings: twice })).body['errors'], { length: 2 });
  const control = { ...linux, platform: 'scripted', platformSettings: { restartCommand: 'canary\u0007' } };
  t.match((await desk.ask('admin', 'POST', '/connections', control)).body, {
    errors: [{ message: 'restartCommand must not contain control characters' }],
  });
  const rule = { ...linux, platform: 'scripted', platformSettings: { restartCommand: 'canary' } };
  t.match((await desk.ask('admin', 'POST', '/connections', rule)).body, {
    errors: [{ pointer: '/platformSettings', message: 'platformSettings need a servedPort beside a restartCommand' }],
  });
});

t.test('gives a connection the settings and the service names of the platform that it moves to', async (t) => {
  const desk = await frontDesk(t);
  const { id } = await add(desk, {
    platform: 'vos',
    services: ['A Cisco (R) Service'],
    platformSettings: { label: 'x' },
  });
  const patch = (change: object) => desk.ask('mira', 'PATCH', `/connections/${id}`, change);
  const stored = async () => (await desk.ask('mira', 'GET', `/connections/${id}`)).body;
  const before = await stored();
  t.match(await patch({ platform: 'linux' }), {
    status: 400,
    body: { errors: [{ pointer: '/services/0', message: /^services\[0\] must be up to 64 letters/ }] },
  });
  t.strictSame(await stored(), before, 'nothing of it is kept');
  t.match(await patch({ platform: 'linux', services: ['a', 'nginx_1'] }), {
    status: 200,
    body: { platformSettings: {} },
  });
  t.match(await patch({ platform: 'vos' }), {
    status: 400,
    body: { errors: [{ pointer: '/services/1', message: 'services[1] must be a name of a service on VOS' }] },
  });
  t.match(await patch({ platform: 'vos', services: [], platformSettings: { servedPort: 443 } }), {
    body: { platformSettings: { servedPort: 443, restartTimeoutSeconds: 1200, label: 'tomcat' } },
  });
  t.match(await patch({ platform: 'vos', name: 'the same platform' }), {
    body: { platformSettings: { servedPort: 443 } },
  });
  for (const services of [['9'], ['a_b'], ['a;b'], ['a\nb'], ['x'.repeat(129)]])
    t.match(await patch({ services }), { status: 400, body: { errors: [{ pointer: '/services/0' }] } });
  const details = (await auditRows(desk, 'connection.update')).map(({ detail }) => JSON.parse(detail ?? ''));
  t.match(details[0], {
    changed: ['platform', 'services'],
    settings: ['label', 'restartTimeoutSeconds', 'servedPort'],
  });
  t.strictSame(details[2], { changed: ['platform', 'name'] }, 'settings that stayed are not named');
});

t.test('lets only an admin change the settings that run on the machine', async (t) => {
  const desk = await frontDesk(t);
  const platform = 'scripted';
  const settings = { restartCommand: 'canary-command', servedPort: 443 };
  const refused = await desk.ask('mira', 'POST', '/connections', { ...linux, platform, platformSettings: settings });
  t.match(refused, {
    status: 403,
    body: {
      code: 'SETTINGS_ADMIN_ONLY',
      errors: [{ pointer: '/platformSettings/restartCommand' }, { pointer: '/platformSettings/servedPort' }],
    },
  });
  const { id } = await add(desk, { platform, platformSettings: { restartCommand: '', servedPort: null } });
  const path = `/connections/${id}`;
  const patch = (username: string, change: object) => desk.ask(username, 'PATCH', path, change);
  t.match(await patch('admin', { platformSettings: settings }), { status: 200, body: { platformSettings: settings } });
  t.match(await patch('mira', { platformSettings: settings, name: 'Mine' }), { status: 200, body: { name: 'Mine' } });
  t.match(await patch('mira', { username: 'other' }), { status: 200, body: { platformSettings: settings } });
  for (const change of [{ ...settings, restartCommand: 'rm' }, {}, { servedPort: 1 }]) {
    const answer = await patch('mira', { platformSettings: change, name: 'Never' });
    t.match(answer, { status: 403, body: { code: 'SETTINGS_ADMIN_ONLY' } });
  }
  t.match((await desk.ask('mira', 'GET', path)).body, { name: 'Mine', platformSettings: settings });
  t.match(await patch('mira', { platform: 'linux' }), { status: 200, body: { platformSettings: {} } });
  t.equal((await patch('mira', { platform, platformSettings: settings })).status, 403, 'not by moving back either');
  t.match(await patch('mira', { platform }), { body: { platformSettings: { restartCommand: '', servedPort: null } } });

  const rows = await desk.knex<AuditRow>('audit_log').orderBy('id');
  t.strictSame(
    rows.flatMap(({ actor, outcome, target, detail }) => {
      const { settings } = JSON.parse(detail ?? '{}') as { settings?: string[] };
      return settings ? [[actor, outcome, target, settings.join(' ')].join(' | ')] : [];
    }),
    [
      'mira | refused |  | restartCommand servedPort',
      `admin | ok | connection:${id} | restartCommand servedPort`,
      `mira | refused | connection:${id} | restartCommand`,
      `mira | refused | connection:${id} | restartCommand servedPort`,
      `mira | refused | connection:${id} | restartCommand servedPort`,
      `mira | ok | connection:${id} | restartCommand servedPort`,
      `mira | refused | connection:${id} | restartCommand servedPort`,
      `mira | ok | connection:${id} | restartCommand servedPort`,
    ],
  );
  t.notMatch(JSON.stringify(rows), /canary/, 'the audit never names a value');
});

t.test('shows stored settings that no longer fit their platform', async (t) => {
  const desk = await frontDesk(t);
  const { id } = await add(desk, { platform: 'vos' });
  const defaults = { servedPort: 8443, restartTimeoutSeconds: 1200, label: 'tomcat' };
  const cases: [stored: string, shown: object][] = [
    ['{}', defaults],
    ['{"servedPort":1,"restartTimeoutSeconds":1,"gone":true}', { ...defaults, servedPort: 1 }],
    ['{"servedPort":', defaults],
    ['[1]', defaults],
    ['null', defaults],
  ];
  for (const [platform_settings, shown] of cases) {
    await desk.knex('connections').where({ id }).update({ platform_settings });
    t.strictSame((await desk.ask('mira', 'GET', `/connections/${id}`)).body['platformSettings'], shown);
    const { connections: all } = (await desk.ask('mira', 'GET', '/connections')).body as { connections: Connection[] };
    t.strictSame(all[0]?.platformSettings, shown);
  }
  await desk.knex('connections').where({ id }).update({ platform: 'removed', platform_settings: '{"a":1}' });
  t.match((await desk.ask('mira', 'GET', `/connections/${id}`)).body, { platformSettings: { a: 1 } });
});

t.test('lists what the caller may see, by name, filtered', async (t) => {
  const desk = await frontDesk(t);
  const names = async (username: string, query = '') => {
    const { body } = await desk.ask(username, 'GET', `/connections${query}`);
    return (body as { connections: Connection[] }).connections.map(({ name, role }) => `${name} ${role}`);
  };
  t.strictSame(await names('mira'), []);
  await add(desk, { name: 'web 10', hostname: '10.0.0.10' });
  const shared = await add(desk, { name: 'Web 9' });
  await add(desk, { name: 'Ärzte', platform: 'vos' }, 'jonas');
  await desk.grant(shared.id, 'vera', 'operator');
  await desk.grant(shared.id, 'jonas', 'viewer');
  t.strictSame(await names('mira'), ['Web 9 operator', 'web 10 operator']);
  t.strictSame(await names('jonas'), ['Ärzte operator', 'Web 9 viewer']);
  t.strictSame(await names('vera'), ['Web 9 viewer']);
  t.strictSame(await names('stranger'), []);
  t.strictSame(await names('admin'), ['Ärzte admin', 'Web 9 admin', 'web 10 admin']);
  t.strictSame(await names('admin', '?platform=vos'), ['Ärzte admin']);
  t.strictSame(await names('admin', `?q=${encodeURIComponent('äRZ')}`), ['Ärzte admin']);
  t.strictSame(await names('admin', '?q=0.0.10'), ['web 10 admin']);
  t.strictSame(await names('admin', '?q=%25'), []);
});

t.test('lets each role do what it may, and shows nothing to who may not see', async (t) => {
  const desk = await frontDesk(t);
  const gone = (await add(desk)).id;
  await desk.ask('mira', 'DELETE', `/connections/${gone}`);
  const requests: [method: string, url: (id: number) => string, payload?: object][] = [
    ['GET', (id) => `/connections/${id}`],
    ['PATCH', (id) => `/connections/${id}`, { name: 'changed' }],
    ['POST', (id) => `/connections/${id}/host-key`, { fingerprint: second.fingerprint }],
    ['DELETE', (id) => `/connections/${id}`],
  ];
  const expected: Record<string, number[]> = {
    admin: [200, 200, 200, 204],
    mira: [200, 200, 200, 204],
    jonas: [200, 403, 403, 403],
    vera: [200, 403, 403, 403],
    stranger: [404, 404, 404, 404],
  };
  for (const [username, statuses] of Object.entries(expected)) {
    const { id } = await add(desk);
    await desk.grant(id, 'jonas', 'operator');
    await desk.grant(id, 'vera', 'operator');
    await pinFirstHostKey(desk.knex, id, first);
    await rememberOfferedKey(desk.knex, id, second);
    for (const [index, [method, url, payload]] of requests.entries()) {
      const title = `${username} ${method} ${url(0)}`;
      const answer = await desk.ask(username, method, url(id), payload);
      t.equal(answer.status, statuses[index], title);
      if (answer.status !== 404) continue;
      const missing = await desk.ask(username, method, url(gone), payload);
      const never = await desk.ask(username, method, url(2_000_000_000), payload);
      t.equal(answer.text, missing.text, `${title}: the same bytes as for a removed one`);
      t.equal(answer.text, never.text, `${title}: the same bytes as for one that never was`);
      t.strictSame(Object.keys(answer.headers), Object.keys(missing.headers), title);
    }
  }
  const added = await Promise.all(Object.keys(expected).map((name) => desk.ask(name, 'POST', '/connections', linux)));
  t.strictSame(
    added.map(({ status }) => status),
    [201, 201, 201, 403, 201],
  );
  t.equal((await desk.ask(null, 'GET', '/connections')).status, 401);
});

t.test('an owner who became a viewer only reads', async (t) => {
  const desk = await frontDesk(t);
  const { id } = await add(desk);
  const mira = desk.directory.userByName('mira');
  if (mira) desk.directory.putUser({ ...mira, role: 'viewer' });
  t.match((await desk.ask('mira', 'GET', `/connections/${id}`)).body, { role: 'viewer' });
  t.equal((await desk.ask('mira', 'PATCH', `/connections/${id}`, { name: 'x' })).status, 403);
  t.equal((await desk.ask('mira', 'DELETE', `/connections/${id}`)).status, 403);
});

t.test('keeps a connection while an operation is active on it, and takes its history along afterwards', async (t) => {
  const desk = await frontDesk(t);
  const { id } = await add(desk);
  for (const status of ['pending', 'in_progress']) {
    const operationId = await startOperation(desk, id, status);
    const refused = await desk.ask('mira', 'DELETE', `/connections/${id}`);
    t.equal(refused.status, 409);
    t.match(refused.body, { code: 'CONNECTION_BUSY', operationId });
    await desk.knex('active_operations').update({ status: 'completed' });
  }
  await desk.knex('operation_log').insert({
    ...{ operation_id: (await desk.knex('active_operations').first('id')).id, seq: 1 },
    ...{ at: '2026-01-01T00:00:00.000Z', stream: 'out', text: 'hello' },
  });
  t.equal((await desk.ask('mira', 'DELETE', `/connections/${id}`)).status, 204);
  t.strictSame(await desk.knex('active_operations'), []);
  t.strictSame(await desk.knex('operation_log'), []);
  t.strictSame(
    (await auditRows(desk, 'connection.delete')).map(({ outcome, actor }) => `${actor} ${outcome}`),
    ['mira refused', 'mira refused', 'mira ok'],
  );
});

t.test('accepts only the host key that the host last showed', async (t) => {
  const desk = await frontDesk(t);
  const { id } = await add(desk);
  const accept = (fingerprint: string) => desk.ask('mira', 'POST', `/connections/${id}/host-key`, { fingerprint });
  t.equal((await accept(first.fingerprint)).body.code, 'HOST_KEY_MISMATCH', 'none was shown yet');
  await pinFirstHostKey(desk.knex, id, first);
  await rememberOfferedKey(desk.knex, id, second);
  await rememberOfferedKey(desk.knex, id, third);
  const shown = (await desk.ask('mira', 'GET', `/connections/${id}`)).body;
  t.match(shown, { hostKey: first, offeredHostKey: third });
  t.equal((await accept(second.fingerprint)).status, 409, 'no longer the last one');
  const accepted = await accept(third.fingerprint);
  t.match(accepted, { status: 200, body: { hostKey: third, offeredHostKey: null } });
  t.match(await accept(third.fingerprint), { status: 200, body: { hostKey: third } }, 'a second click changes nothing');
  t.equal((await accept('SHA256:short')).status, 400);
  const rows = await auditRows(desk, 'host_key.accept');
  t.strictSame(
    rows.map(({ outcome }) => outcome),
    ['refused', 'refused', 'ok'],
  );
  t.strictSame(JSON.parse(rows[2]?.detail ?? ''), {
    pinned: first.fingerprint,
    offered: third.fingerprint,
    accepted: third.fingerprint,
  });
});

t.test('forgets the host key with the machine that it belonged to', async (t) => {
  const desk = await frontDesk(t);
  const { id } = await add(desk);
  const patch = async (change: object) => (await desk.ask('mira', 'PATCH', `/connections/${id}`, change)).body;
  for (const change of [{ hostname: 'web-2.example.com' }, { port: 2200 }]) {
    await pinFirstHostKey(desk.knex, id, first);
    await rememberOfferedKey(desk.knex, id, second);
    t.match(
      await patch({ name: 'other', hostname: linux.hostname.toUpperCase() }),
      { hostKey: first },
      'the same machine',
    );
    t.match(await patch(change), { hostKey: null, offeredHostKey: null });
    const last = (await auditRows(desk, 'connection.update')).at(-1);
    t.strictSame(JSON.parse(last?.detail ?? ''), { changed: Object.keys(change), hostKeyCleared: first.fingerprint });
    await patch({ hostname: linux.hostname, port: 22 });
  }
});

t.test('lets none of 20 secrets out: not in an answer, an audit row, a log line or a column', async (t) => {
  const desk = await frontDesk(t);
  const canaries = Array.from({ length: 20 }, () => `canary${randomBytes(12).toString('hex')}`);
  const texts: string[] = [];
  const ask = async (method: string, url: string, payload?: object) => {
    const answer = await desk.ask('mira', method, url, payload);
    texts.push(answer.text, JSON.stringify(answer.headers));
    return answer;
  };
  for (let index = 0; index < 20; index += 5) {
    const [password, key, passphrase, changed, wrong] = canaries.slice(index, index + 5);
    const { body } = await ask('POST', '/connections', {
      ...linux,
      password,
      privateKey: keyOf(key ?? ''),
      passphrase,
    });
    const path = `/connections/${String(body.id)}`;
    await ask('PATCH', path, { password: changed });
    await ask('PATCH', path, { privateKey: wrong });
    await ask('PATCH', path, { password: { [wrong ?? '']: wrong } });
    await ask('GET', `${path}?password=${wrong}`);
    await ask('GET', path);
    t.match(await openCredentials(desk.knex, desk.vault, Number(body.id)), { password: changed, passphrase });
  }
  // A statement that fails carries its values in knex's message: the log must cut them off.
  const row = { id: 1, name: canaries[0], created_at: canaries[1] };
  await desk
    .knex('connections')
    .insert(row)
    .catch((error: unknown) => desk.server.log(['error'], error as object));
  await ask('GET', '/connections');
  texts.push((await desk.ask('admin', 'GET', '/audit')).text, (await desk.ask('admin', 'GET', '/metrics')).text);
  const tables = ['connections', 'audit_log', 'users', 'grants', 'store_meta', 'active_operations', 'operation_log'];
  for (const table of tables) texts.push(JSON.stringify(await desk.knex(table)));
  const everything = [...texts, ...desk.lines].join('\n');
  t.match(desk.lines.join(''), /SQLITE_CONSTRAINT/, 'the failed statement was logged');
  t.ok(desk.lines.length > 24, 'each request was logged');
  for (const canary of canaries) t.notOk(everything.includes(canary), `${canary.slice(0, 10)}… stays inside`);
});
