/** Accounts: who may change them, what a password needs, and the admins that must not run out. */
import t from 'tap';
import type { Knex } from 'knex';
import { migrate, openDatabase } from '../../db/knexfile.js';
import { startPostgres } from '../../tests/peers/postgres.js';
import { tempDir } from '../../tests/peers/temp.js';
import { Directory } from '../access/directory.js';
import { Accounts } from './accounts.js';
import { ensureFirstAdmin } from './first-admin.js';
import { login, me, open, openFrontDoor, PASSWORD } from './front-door.fixture.js';
import { unknowableHash, verifyPassword } from './passwords.js';
import { deleteUser, insertUser, listUsers, updateUser } from './users.js';

t.test('accounts', async (t) => {
  const door = await open(t);
  const admin = await door.addUser('admin', 'admin');
  const mira = await door.addUser('mira', 'operator');

  t.test('are for admins only', async (t) => {
    const payload = { username: 'ada', password: PASSWORD, role: 'viewer' };
    for (const [method, url, body] of [
      ['GET', '/users'],
      ['POST', '/users', payload],
      ['PATCH', '/users/admin', { password: PASSWORD }],
      ['PATCH', '/users/nobody', { password: PASSWORD }],
      ['PATCH', '/users/mira', { role: 'admin' }],
      ['DELETE', '/users/admin'],
      ['DELETE', '/users/mira'],
    ] as const) {
      const answer = await door.call(method, url, { token: mira, payload: body });
      t.equal(answer.status, 403, `${method} ${url}`);
      t.equal(answer.body['code'], 'FORBIDDEN');
    }
  });

  t.test('are made, listed, changed and removed', async (t) => {
    const payload = { username: 'ada', password: PASSWORD, role: 'viewer' };
    const made = await door.call('POST', '/users', { token: admin, payload });
    t.equal(made.status, 201);
    t.match(made.body, { username: 'ada', role: 'viewer', createdAt: /Z$/ });
    t.equal((await door.call('POST', '/users', { token: admin, payload })).body['code'], 'USERNAME_TAKEN');
    const listed = await door.call('GET', '/users', { token: admin });
    t.match(listed.body, { users: [{ username: 'ada' }, { username: 'admin' }, { username: 'mira' }] });
    t.notMatch(listed.text, /scrypt|hash/, 'nothing of a password comes out');
    t.equal((await login(door, 'ada', PASSWORD)).status, 200);
    const changed = await door.call('PATCH', '/users/ada', { token: admin, payload: { role: 'operator' } });
    t.match(changed.body, { username: 'ada', role: 'operator' });
    t.equal((await door.call('DELETE', '/users/ada', { token: admin })).status, 204);
    t.equal((await door.call('DELETE', '/users/ada', { token: admin })).body['code'], 'USER_NOT_FOUND');
    t.equal((await login(door, 'ada', PASSWORD)).status, 401);
    const actions = (await door.audit())
      .filter(({ actor }) => actor === 'admin')
      .map(({ action, target }) => [action, target]);
    t.same(actions, [
      ['user.create', 'user:ada'],
      ['user.update', 'user:ada'],
      ['user.delete', 'user:ada'],
    ]);
  });

  t.test('have sound names, passwords and roles', async (t) => {
    const good = { username: 'ok', password: PASSWORD, role: 'viewer' };
    for (const wrong of [
      { username: '' },
      { username: '.hidden' },
      { username: 'a b' },
      { username: 'a/b' },
      { username: 'a'.repeat(65) },
      { username: 'a\n' },
      { password: 'x'.repeat(11) },
      { password: 'x'.repeat(257) },
      { role: 'owner' },
      { extra: 1 },
    ])
      t.equal((await door.call('POST', '/users', { token: admin, payload: { ...good, ...wrong } })).status, 400);
    t.equal((await door.call('PATCH', '/users/mira', { token: admin, payload: {} })).status, 400);
  });

  t.test('that own connections stay', async (t) => {
    const id = await door.addConnection('mira');
    t.equal((await door.call('DELETE', '/users/mira', { token: admin })).body['code'], 'USER_OWNS_CONNECTIONS');
    await door.knex('connections').where({ id }).delete();
    door.directory.removeConnection(id);
    t.equal((await me(door, mira)).status, 200);
  });

  t.test('keep their last admin', async (t) => {
    for (const [method, payload] of [
      ['DELETE', undefined],
      ['PATCH', { role: 'viewer' }],
    ] as const) {
      const answer = await door.call(method, '/users/admin', { token: admin, payload });
      t.equal(answer.status, 409);
      t.equal(answer.body['code'], 'LAST_ADMIN');
    }
    await door.addUser('second', 'admin');
    const both = await Promise.all([
      door.call('PATCH', '/users/admin', { token: admin, payload: { role: 'operator' } }),
      door.call('DELETE', '/users/second', { token: admin }),
    ]);
    t.same(both.map(({ status }) => status).sort(), [200, 409], 'of two at once one is refused');
    const left = (await listUsers(door.knex)).filter(({ role }) => role === 'admin');
    t.equal(left.length, 1);
  });
});

t.test('passwords are not hashed without end: who finds no place is told when to come back', async (t) => {
  const door = await open(t, { hashing: { atOnce: 0, waiting: 0 } });
  const token = await door.addUser('admin', 'admin');
  await door.addUser('mira', 'viewer');
  const payload = { username: 'ada', password: PASSWORD, role: 'viewer' };
  for (const answer of [
    await login(door, 'mira', PASSWORD),
    await door.call('POST', '/users', { token, payload }),
    await door.call('PATCH', '/users/mira', { token, payload: { password: PASSWORD } }),
  ])
    t.match(answer, { status: 503, headers: { 'retry-after': '5' }, body: { code: 'UNAVAILABLE' } });
});

t.test('a password', async (t) => {
  const door = await open(t, { loginLimits: { perPair: 3 } });
  const admin = await door.addUser('admin', 'admin');
  const mira = await door.addUser('mira', 'viewer');
  const patch = (token: string, username: string, payload: object) =>
    door.call('PATCH', `/users/${username}`, { token, payload });
  const password = 'a wholly new password';

  t.test('is changed by its owner only with the old one', async (t) => {
    t.equal((await patch(mira, 'mira', { password })).body['code'], 'CURRENT_PASSWORD_WRONG');
    t.equal((await patch(mira, 'mira', { password, currentPassword: 'wrong' })).status, 403);
    t.equal((await patch(admin, 'admin', { password })).status, 403, 'admins too');
    t.equal((await me(door, mira)).status, 200, 'and until then nothing has changed');
    t.equal((await patch(mira, 'mira', { password, currentPassword: PASSWORD })).status, 200);
  });

  t.test('when new, ends every token made before', async (t) => {
    const answer = await me(door, mira);
    t.equal(answer.status, 401, 'the remembered one too');
    t.equal(answer.body['code'], 'AUTH_INVALID_TOKEN');
    t.equal((await login(door, 'mira', PASSWORD)).status, 401);
    t.equal((await login(door, 'mira', password)).status, 200);
    t.equal((await me(door, door.tokenOf('mira'))).status, 200);
  });

  t.test('is set anew by an admin', async (t) => {
    t.equal((await patch(admin, 'mira', { password: PASSWORD })).status, 200);
    t.equal((await login(door, 'mira', PASSWORD)).status, 200);
  });

  t.test('that changes while it is verified is refused', async (t) => {
    const { knex, directory, clock } = door;
    const accounts = new Accounts({ knex, directory, clock: () => clock.now });
    // SQLite takes one statement after the other: the account is read, then changed, then its old hash verified.
    const checking = accounts.authenticate('admin', PASSWORD);
    const changing = updateUser(knex, 'admin', { passwordHash: unknowableHash() }, new Date(clock.now).toISOString());
    t.equal(await checking, null);
    t.equal((await changing)?.tokenVersion, 2);
    t.equal(directory.userByName('admin')?.tokenVersion, 1, 'and the directory hears nothing of it');
  });

  t.test('is not guessed through the change', async (t) => {
    const token = door.tokenOf('mira');
    const guesses = await Promise.all(
      Array.from({ length: 8 }, () => patch(token, 'mira', { password, currentPassword: 'a guess' })),
    );
    t.equal(guesses.filter(({ status }) => status === 403).length, 3);
    t.equal(guesses.filter(({ status }) => status === 429).length, 5);
  });
});

t.test('the first admin', async (t) => {
  const room = await tempDir();
  const databases = [0, 1].map(() => openDatabase({ databaseUrl: null, dataDir: room.path }));
  t.teardown(async () => {
    await Promise.all(databases.map((knex) => knex.destroy()));
    await room.remove();
  });
  const [knex] = databases as [Knex, Knex];
  await migrate(knex);
  const directory = await Directory.load(knex);
  await t.rejects(
    ensureFirstAdmin({ knex, directory, adminPassword: 'short' }),
    /expected 12 to 256 characters, got 5/,
  );
  const made = await Promise.all(
    databases.map(async (each) =>
      ensureFirstAdmin({ knex: each, directory: await Directory.load(each), adminPassword: null }),
    ),
  );
  const passwords = made.filter((password) => password !== null);
  t.equal(passwords.length, 1, 'is made once by two nodes that start together');
  t.match(passwords[0], /^[A-Za-z0-9_-]{24}$/);
  const [admin, ...others] = await listUsers(knex);
  t.match(admin, { username: 'admin', role: 'admin' });
  t.equal(others.length, 0);
  t.equal(await verifyPassword(passwords[0] ?? '', admin?.passwordHash ?? ''), true);
  t.equal(await ensureFirstAdmin({ knex, directory, adminPassword: null }), null, 'and never again');
});

t.test('accounts on PostgreSQL', async (t) => {
  const postgres = await startPostgres();
  t.teardown(() => postgres.stop());
  const door = await openFrontDoor({ databaseUrl: await postgres.freshDatabase() });
  t.teardown(() => door.close());
  const { knex } = door;
  const at = new Date().toISOString();
  for (let round = 0; round < 10; round++) {
    await knex('users').delete();
    await Promise.all(
      ['a', 'b', 'c'].map((username) => insertUser(knex, { username, passwordHash: 'x', role: 'admin' }, at)),
    );
    await Promise.all([
      updateUser(knex, 'a', { role: 'viewer' }, at),
      deleteUser(knex, 'b'),
      updateUser(knex, 'c', { role: 'operator' }, at),
    ]);
    const admins = (await listUsers(knex)).filter(({ role }) => role === 'admin');
    if (admins.length !== 1) t.equal(admins.length, 1, `round ${round} keeps exactly one admin`);
  }
  t.equal((await listUsers(knex)).filter(({ role }) => role === 'admin').length, 1, 'keep one admin in every race');
  await knex('users').delete();
  const admin = await door.addUser('admin', 'admin');
  await door.addUser('mira', 'operator');
  const id = await door.addConnection('mira');
  t.equal((await door.call('DELETE', '/users/mira', { token: admin })).body['code'], 'USER_OWNS_CONNECTIONS');
  await door.addUser('ada', 'viewer');
  const put = await door.call('PUT', `/connections/${id}/grants/ada`, { token: admin, payload: { role: 'viewer' } });
  t.equal(put.status, 200);
  t.same((await door.call('GET', `/connections/${id}/grants`, { token: admin })).body, {
    grants: [{ username: 'ada', role: 'viewer' }],
  });
  t.equal((await login(door, 'mira', PASSWORD)).status, 200);
  t.equal((await login(door, 'mi\u0000ra', PASSWORD)).status, 401);
  t.equal((await door.call('POST', '/auth/logout', { token: admin })).status, 204);
  const created = await insertUser(knex, { username: 'mira', passwordHash: 'x', role: 'viewer' }, at);
  t.equal(created, null, 'know a taken name');
});
