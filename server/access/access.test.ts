/** Who may do what: the directory's answers, the gate's refusals, grants, and work that takes turns. */
import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { open, type FrontDoor } from '../auth/front-door.fixture.js';
import type { Caller, Role } from './contract.js';
import { Directory } from './directory.js';
import { adminOnly, gate, ownerGate } from './gate.js';
import { atLeast, grantRoleFrom, lowerOf, roleFrom, ROLES } from './roles.js';
import { Turns } from './turns.js';

function callerOf({ directory, clock }: FrontDoor, username: string, over: Partial<Caller> = {}): Caller {
  const account = directory.userByName(username);
  if (!account) throw new Error(`There is no user ${username}.`);
  return {
    userId: account.id,
    username,
    tokenId: `token of ${username}`,
    expiresAt: clock.now + 1_000,
    issuer: 'signalbox',
    maxRole: 'admin',
    tokenVersion: account.tokenVersion,
    ...over,
  };
}

t.test('roles', async (t) => {
  for (const [high, one] of ROLES.entries())
    for (const [low, other] of ROLES.entries()) {
      t.equal(atLeast(one, other), high >= low);
      t.equal(lowerOf(one, other), ROLES[Math.min(high, low)]);
    }
  t.equal(roleFrom('admin'), 'admin');
  t.throws(() => roleFrom('owner'), /expected one of viewer, operator, admin, got 'owner'/);
  t.throws(() => roleFrom('constructor'), /got 'constructor'/);
  t.throws(() => grantRoleFrom('admin'), /expected one of viewer, operator, got 'admin'/, 'nobody is granted admin');
});

t.test('the directory', async (t) => {
  const door = await open(t);
  const { directory } = door;
  for (const [username, role] of [
    ['root', 'admin'],
    ['olga', 'operator'],
    ['vera', 'viewer'],
    ['otto', 'operator'],
  ] as const)
    await door.addUser(username, role);
  const mine = await door.addConnection('olga');
  const other = await door.addConnection('vera');
  const idOf = (username: string) => door.account(username).id;
  const roleOn = (username: string, id: number, over: Partial<Caller> = {}) =>
    directory.roleOn(callerOf(door, username, over), id);

  t.test('gives the lower of account, grant and portal', async (t) => {
    t.equal(roleOn('root', mine), 'admin', 'an admin everywhere');
    t.equal(roleOn('root', mine, { maxRole: 'operator' }), null, 'but not by a portal that is capped');
    t.equal(roleOn('olga', mine), 'operator', 'an owner');
    t.equal(roleOn('vera', other), 'viewer', 'an owner who is only a viewer');
    t.equal(roleOn('olga', mine, { maxRole: 'viewer' }), 'viewer');
    t.equal(roleOn('otto', mine), null, 'a stranger');
    t.equal(roleOn('root', 999), null, 'a connection that is not there, even to an admin');
    directory.putGrant(mine, idOf('otto'), 'operator');
    directory.putGrant(mine, idOf('vera'), 'operator');
    t.equal(roleOn('otto', mine), 'operator', 'a grant');
    t.equal(roleOn('vera', mine), 'viewer', 'a grant above the account');
    directory.putGrant(mine, idOf('otto'), 'viewer');
    t.equal(roleOn('otto', mine), 'viewer', 'a grant below the account');
    directory.removeGrant(mine, idOf('otto'));
    t.equal(roleOn('otto', mine), null, 'a grant taken back');
  });

  t.test('knows what a caller may see', async (t) => {
    t.equal(directory.visibleTo(callerOf(door, 'root')), 'all');
    t.same(directory.visibleTo(callerOf(door, 'root', { maxRole: 'operator' })), new Set());
    t.same(directory.visibleTo(callerOf(door, 'vera')), new Set([mine, other]));
    t.same(directory.visibleTo(callerOf(door, 'olga')), new Set([mine]));
    t.equal(directory.visibleTo(callerOf(door, 'olga')), directory.visibleTo(callerOf(door, 'olga')), 'by heart');
    directory.putConnection(77, idOf('olga'));
    t.same(directory.visibleTo(callerOf(door, 'olga')), new Set([mine, 77]));
    directory.removeConnection(77);
    t.same(directory.visibleTo(callerOf(door, 'olga')), new Set([mine]));
    t.same(
      directory.visibleTo(callerOf(door, 'olga', { expiresAt: door.clock.now })),
      new Set(),
      'nothing when it is over',
    );
  });

  t.test('knows no dead caller', async (t) => {
    const caller = callerOf(door, 'otto');
    t.equal(directory.roleOf(caller), 'operator');
    t.equal(directory.roleOf({ ...caller, expiresAt: door.clock.now }), null, 'expired');
    t.equal(directory.roleOf({ ...caller, tokenVersion: 0 }), null, 'outdated');
    t.equal(directory.roleOf({ ...caller, tokenVersion: null }), 'operator', 'a portal has no version');
    t.equal(directory.roleOf({ ...caller, userId: 999 }), null, 'gone');
    directory.revokeToken(caller.tokenId, caller.expiresAt);
    t.equal(directory.roleOf(caller), null, 'revoked');
    t.equal(directory.roleOn(caller, mine), null);
  });

  t.test('tells of every change, and of nothing else', async (t) => {
    let told = 0;
    const listener = () => void (told += 1);
    const unbind = directory.onChange(listener);
    const unbindOther = directory.onChange(listener);
    const before = directory.version;
    directory.putGrant(mine, idOf('otto'), 'viewer');
    t.equal(told, 2);
    unbindOther();
    directory.removeGrant(mine, idOf('otto'));
    directory.revokeToken('another', door.clock.now + 1);
    directory.putUser({ ...door.account('otto'), role: 'viewer' });
    t.equal(told, 5);
    t.equal(directory.version, before + 4);
    directory.putUser(door.account('otto'));
    t.equal(directory.version, before + 4, 'what is known already is no change');
    unbind();
    directory.putUser({ ...door.account('otto'), role: 'operator' });
    t.equal(told, 5);
  });

  t.test('reads anew what another node changed', async (t) => {
    await directory.reload();
    const version = directory.version;
    await directory.reload();
    t.equal(directory.version, version, 'and is quiet where nothing did');
    const elsewhere = await Directory.load(door.knex, () => door.clock.now);
    const expires_at = new Date(door.clock.now + 60_000).toISOString();
    await door.knex('users').where({ username: 'otto' }).update({ role: 'viewer' });
    await door.knex('grants').insert({ connection_id: mine, user_id: idOf('otto'), role: 'operator' });
    await door.knex('revoked_tokens').insert({ token_id: 'token of vera', expires_at });
    t.equal(elsewhere.roleOn(callerOf(door, 'otto'), mine), null);
    await elsewhere.reload();
    t.equal(elsewhere.roleOn(callerOf(door, 'otto'), mine), 'viewer');
    t.equal(elsewhere.roleOf(callerOf(door, 'vera')), null);
    await door.knex('connections').where({ id: mine }).delete();
    await elsewhere.reload();
    t.equal(elsewhere.roleOn(callerOf(door, 'otto'), mine), null);
    t.equal(elsewhere.ownerOf(mine), null);
  });

  t.test('loses no change that comes while it reads', async (t) => {
    const reading = directory.reload();
    // The table does not know it yet, as between a commit on another connection and the read.
    directory.revokeToken('meanwhile', door.clock.now + 60_000);
    await door.knex('revoked_tokens').insert({
      token_id: 'meanwhile',
      expires_at: new Date(door.clock.now + 60_000).toISOString(),
    });
    await reading;
    t.equal(directory.roleOf(callerOf(door, 'olga', { tokenId: 'meanwhile' })), null);
  });
});

/** Routes that do nothing but ask. */
function addProbes({ server, directory }: FrontDoor): void {
  const idOf = (params: Record<string, unknown>) => Number(params['id']);
  server.route([
    {
      method: 'GET',
      path: '/probe/{id}/{minimum}',
      handler: (request) => ({
        role: gate(directory, request, idOf(request.params), request.params['minimum'] as Role),
      }),
    },
    {
      method: 'GET',
      path: '/owned/{id}',
      handler: (request) => ({ role: ownerGate(directory, request, idOf(request.params)) }),
    },
    { method: 'GET', path: '/admins', handler: (request) => ({ name: adminOnly(directory, request).username }) },
    {
      method: 'GET',
      path: '/open/{id}',
      options: { auth: false },
      handler: (request) => ({ role: gate(directory, request, idOf(request.params), 'viewer') }),
    },
  ]);
}

t.test('the gate', async (t) => {
  const door = await open(t);
  addProbes(door);
  const tokens = {
    root: await door.addUser('root', 'admin'),
    olga: await door.addUser('olga', 'operator'),
    vera: await door.addUser('vera', 'viewer'),
    otto: await door.addUser('otto', 'operator'),
    nick: await door.addUser('nick', 'operator'),
  };
  const id = await door.addConnection('olga');
  door.directory.putGrant(id, door.account('otto').id, 'operator');
  door.directory.putGrant(id, door.account('vera').id, 'operator');
  const expected: Record<keyof typeof tokens, number[]> = {
    // viewer, operator, admin, owner
    root: [200, 200, 200, 200],
    olga: [200, 200, 403, 200],
    vera: [200, 403, 403, 403],
    otto: [200, 200, 403, 403],
    nick: [404, 404, 404, 404],
  };
  for (const [name, statuses] of Object.entries(expected)) {
    const token = tokens[name as keyof typeof tokens];
    const urls = [...ROLES.map((role) => `/probe/${id}/${role}`), `/owned/${id}`];
    const answers = await Promise.all(urls.map((url) => door.call('GET', url, { token })));
    t.same(
      answers.map(({ status }) => status),
      statuses,
      name,
    );
  }
  const hidden = await door.call('GET', `/probe/${id}/viewer`, { token: tokens.nick });
  const missing = await door.call('GET', '/probe/999/viewer', { token: tokens.nick });
  const nowhere = await door.call('GET', '/no/such/route', { token: tokens.nick });
  t.equal(hidden.text, missing.text, 'hides a connection as if it were not there');
  t.equal(hidden.text, nowhere.text);
  const lasting = ({ date: _, ...headers }: Record<string, unknown>) => headers;
  t.same(lasting(hidden.headers), lasting(missing.headers), 'in the headers too');
  t.equal((await door.call('GET', `/open/${id}`)).body['code'], 'AUTH_REQUIRED', 'lets nobody in without a token');
  t.equal((await door.call('GET', '/admins', { token: tokens.root })).body['name'], 'root');
  t.equal((await door.call('GET', '/admins', { token: tokens.olga })).body['code'], 'FORBIDDEN');
});

t.test('grants', async (t) => {
  const door = await open(t);
  const tokens = {
    root: await door.addUser('root', 'admin'),
    olga: await door.addUser('olga', 'operator'),
    vera: await door.addUser('vera', 'viewer'),
    otto: await door.addUser('otto', 'operator'),
    nick: await door.addUser('nick', 'operator'),
  };
  addProbes(door);
  const id = await door.addConnection('olga');
  const weak = await door.addConnection('vera');
  const path = (username: string, of = id) => `/connections/${of}/grants/${username}`;
  const put = (token: string, username: string, role: string, of = id) =>
    door.call('PUT', path(username, of), { token, payload: { role } });
  const list = (token: string) => door.call('GET', `/connections/${id}/grants`, { token });
  const seen = async (token: string) => (await door.call('GET', `/probe/${id}/viewer`, { token })).status;

  t.test('are given by the owner and by an admin', async (t) => {
    t.equal(await seen(tokens.otto), 404);
    const given = await put(tokens.olga, 'otto', 'operator');
    t.equal(given.status, 200);
    t.same(given.body, { username: 'otto', role: 'operator' });
    t.equal(await seen(tokens.otto), 200, 'and count from the next request');
    t.equal((await put(tokens.root, 'vera', 'operator')).status, 200);
    t.equal((await put(tokens.olga, 'otto', 'viewer')).status, 200, 'and changed');
    t.same((await list(tokens.olga)).body, {
      grants: [
        { username: 'otto', role: 'viewer' },
        { username: 'vera', role: 'operator' },
      ],
    });
    const rows = (await door.audit()).map(({ action, actor, target }) => [action, actor, target]);
    t.same(rows[0], ['grant.put', 'olga', `connection:${id}`]);
    t.equal(rows.length, 3);
  });

  t.test('are not given by who has one, or by an owner who is only a viewer', async (t) => {
    await put(tokens.olga, 'otto', 'operator');
    for (const token of [tokens.otto, tokens.vera]) {
      t.equal((await put(token, 'nick', 'viewer')).status, 403);
      t.equal((await list(token)).status, 403);
      t.equal((await door.call('DELETE', path('vera'), { token })).status, 403);
    }
    t.equal((await put(tokens.vera, 'nick', 'viewer', weak)).status, 403);
  });

  t.test('are nothing to a stranger', async (t) => {
    const missing = await door.call('GET', '/connections/999/grants', { token: tokens.nick });
    t.equal((await list(tokens.nick)).text, missing.text);
    t.equal((await put(tokens.nick, 'nick', 'operator')).text, missing.text);
    t.equal((await put(tokens.nick, 'nobody', 'operator')).text, missing.text, 'not even who there is');
    t.equal((await door.call('DELETE', path('otto'), { token: tokens.nick })).text, missing.text);
  });

  t.test('are for users that there are, in roles that there are', async (t) => {
    t.equal((await put(tokens.olga, 'nobody', 'viewer')).body['code'], 'USER_NOT_FOUND');
    t.equal((await put(tokens.olga, 'olga', 'viewer')).body['code'], 'CONFLICT', 'the owner needs none');
    t.equal((await put(tokens.olga, 'otto', 'admin')).status, 400);
    t.equal((await door.call('PUT', path('otto'), { token: tokens.olga, payload: {} })).status, 400);
    t.equal((await door.call('GET', '/connections/0/grants', { token: tokens.olga })).status, 400);
    t.equal((await door.call('GET', '/connections/99999999999/grants', { token: tokens.olga })).status, 400);
    t.equal((await door.call('GET', `/connections/${id}/grants?x=1`, { token: tokens.olga })).status, 400);
  });

  t.test('are taken back', async (t) => {
    t.equal((await door.call('DELETE', path('otto'), { token: tokens.olga })).status, 204);
    t.equal(await seen(tokens.otto), 404, 'and the next request obeys');
    t.equal((await door.call('DELETE', path('otto'), { token: tokens.olga })).status, 404);
    await put(tokens.olga, 'otto', 'viewer');
    await door.call('DELETE', '/users/otto', { token: tokens.root });
    t.same(
      (await list(tokens.olga)).body,
      { grants: [{ username: 'vera', role: 'operator' }] },
      'with the account too',
    );
  });

  t.test('of a connection that has just gone are not given', async (t) => {
    await door.knex('connections').where({ id: weak }).delete();
    t.equal((await put(tokens.root, 'nick', 'viewer', weak)).status, 404);
  });
});

t.test('turns', async (t) => {
  const turns = new Turns({ atOnce: 2, waiting: 3 });
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) =>
    turns.run(async () => {
      order.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
      return name;
    });
  const all = ['a', 'b', 'c', 'd', 'e'].map(work);
  await t.rejects(work('f'), /not ready/, 'send away whom they have no room for');
  t.same(order, ['a', 'b'], 'begin as many as may run');
  ends.shift()?.();
  await all[0];
  await turn();
  t.same(order, ['a', 'b', 'c'], 'and one more for each that ends');
  while (ends.length > 0) {
    ends.shift()?.();
    await turn();
  }
  t.same(await Promise.all(all), ['a', 'b', 'c', 'd', 'e']);
  const failing = turns.run(async () => Promise.reject(new Error('no')));
  await t.rejects(failing, /no/);
  t.equal(await turns.run(async () => 'on'), 'on', 'go on after a failure');
});
