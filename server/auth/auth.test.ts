/** Signing in and out, and what happens to a token when something behind it changes. */
import t from 'tap';
import type { Caller } from '../access/contract.js';
import { Directory } from '../access/directory.js';
import { login, me, open, openFrontDoor, PASSWORD, SECRET, type FrontDoor } from './front-door.fixture.js';
import { LoginLimiter, networkOf } from './login-limiter.js';
import { hashPassword, unknowableHash, verifyPassword } from './passwords.js';
import { Remembered } from './remembered.js';
import { mintToken } from './tokens.js';

const HOUR = 60 * 60_000;

t.test('passwords', async (t) => {
  const hash = await hashPassword(PASSWORD);
  t.match(hash, /^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/, 'names its own cost');
  t.not(await hashPassword(PASSWORD), hash, 'has a salt of its own');
  t.equal(await verifyPassword(PASSWORD, hash), true, 'takes the right password');
  t.equal(await verifyPassword(`${PASSWORD} `, hash), false, 'refuses another');
  t.equal(await verifyPassword(PASSWORD, unknowableHash()), false, 'has a hash that nothing fits');
  const cheap = '$scrypt$ln=4,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$';
  await t.rejects(verifyPassword(PASSWORD, cheap), /password_hash: expected the form/, 'refuses a broken hash');
  const composed = await hashPassword('caf\u00e9 caf\u00e9 caf\u00e9');
  t.equal(
    await verifyPassword('cafe\u0301 cafe\u0301 cafe\u0301', composed),
    true,
    'takes it as another keyboard sends it',
  );
});

t.test('a session', async (t) => {
  const door = await open(t);
  await door.addUser('mira', 'operator');

  t.test('begins with a login and says what it may do', async (t) => {
    const answer = await login(door, 'mira', PASSWORD);
    t.equal(answer.status, 200);
    t.equal(answer.headers['cache-control'], 'no-store');
    t.same(answer.body['user'], { username: 'mira', role: 'operator' });
    t.equal(answer.body['expiresAt'], new Date(Math.floor(door.clock.now / 1000) * 1000 + 12 * HOUR).toISOString());
    const who = await me(door, answer.body['token']);
    t.same(who.body, {
      user: { username: 'mira', role: 'operator' },
      token: { issuer: 'signalbox', expiresAt: answer.body['expiresAt'] },
      may: { createConnections: true, startOperations: true, manageUsers: false, seeAll: false, renew: true },
    });
  });

  t.test('is refused to a wrong password and to an unknown name alike', async (t) => {
    const wrong = await login(door, 'mira', 'something else entirely');
    const unknown = await login(door, 'nobody', PASSWORD);
    t.equal(wrong.status, 401);
    t.equal(wrong.body['code'], 'AUTH_BAD_CREDENTIALS');
    t.equal(unknown.text, wrong.text, 'the answers are the same');
    t.equal((await login(door, 'no such name\u0000', PASSWORD)).text, wrong.text);
    const rows = await door.audit();
    t.same(
      rows.map(({ action, actor, outcome }) => [action, actor, outcome]),
      [
        ['login', 'mira', 'ok'],
        ['login', 'mira', 'refused'],
        ['login', 'nobody', 'refused'],
        ['login', null, 'refused'],
      ],
      'writes them down, but not a name that no account can have',
    );
  });

  t.test('names what is wrong with a request and keeps the password out of it', async (t) => {
    const long = await login(door, 'mira', 'p'.repeat(257));
    t.equal(long.status, 400);
    t.equal(long.body['code'], 'VALIDATION_FAILED');
    t.notMatch(long.text, 'pppp');
    const extra = await door.call('POST', '/auth/login', { payload: { username: 'a', password: 'b', admin: true } });
    t.equal(extra.status, 400, 'refuses unknown keys');
    const form = await door.server.inject({
      method: 'POST',
      url: '/auth/login',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `username=mira&password=${encodeURIComponent(PASSWORD)}`,
    });
    t.equal(form.statusCode, 415, 'takes no form');
  });

  t.test('is renewed, and the first token lives on until it ends', async (t) => {
    const first = door.tokenOf('mira');
    door.clock.now += HOUR;
    const renewed = await door.call('POST', '/auth/renew', { token: first });
    t.equal(renewed.status, 200);
    t.equal((await me(door, first)).status, 200);
    door.clock.now += 11 * HOUR;
    const late = await me(door, first);
    t.equal(late.status, 401);
    t.equal(late.body['code'], 'AUTH_TOKEN_EXPIRED', 'though it was remembered');
    t.equal((await me(door, renewed.body['token'])).status, 200);
    t.equal((await door.call('POST', '/auth/renew', { token: first })).status, 401, 'a dead one is not renewed');
  });

  t.test('ends with a logout, for this token only and for good', async (t) => {
    const [one, other] = [door.tokenOf('mira'), door.tokenOf('mira')];
    t.equal((await me(door, one)).status, 200);
    t.equal((await door.call('POST', '/auth/logout', { token: one })).status, 204);
    const gone = await me(door, one);
    t.equal(gone.status, 401);
    t.equal(gone.body['code'], 'AUTH_INVALID_TOKEN');
    t.equal((await me(door, other)).status, 200);
    const anew = await Directory.load(door.knex, () => door.clock.now);
    const revoked = await door.knex('revoked_tokens').select('token_id');
    t.equal(revoked.length, 1, 'the revocation is stored');
    const caller = { ...callerOf(door, 'mira'), tokenId: String((revoked[0] as { token_id: string }).token_id) };
    t.equal(anew.roleOf(caller), null, 'a restart does not bring it back');
    door.clock.now += 12 * HOUR;
    await door.call('POST', '/auth/logout', { token: door.tokenOf('mira') });
    t.equal((await door.knex('revoked_tokens').select('token_id')).length, 1, 'what has ended by itself is forgotten');
  });

  t.test('needs a token', async (t) => {
    for (const authorization of [undefined, 'Basic bWlyYTp4', 'Bearer', 'bearerless', 'Digest x']) {
      const answer = await door.call('GET', '/auth/me', authorization === undefined ? {} : { authorization });
      t.equal(answer.status, 401);
      t.match(String(answer.headers['www-authenticate']), /^Bearer/);
      t.equal(answer.body['code'], authorization === 'Bearer' ? 'AUTH_INVALID_TOKEN' : 'AUTH_REQUIRED');
    }
  });
});

function callerOf(door: FrontDoor, username: string): Caller {
  return {
    userId: door.account(username).id,
    username,
    tokenId: 'test',
    expiresAt: door.clock.now + HOUR,
    issuer: 'signalbox',
    maxRole: 'admin',
    tokenVersion: door.account(username).tokenVersion,
  };
}

t.test('the limit on wrong passwords', async (t) => {
  const door = await open(t, { loginLimits: { perPair: 5, perAddress: 8, windowSeconds: 900 } });
  await door.addUser('mira', 'operator');
  await door.addUser('ada', 'viewer');

  t.test('holds against fifty at the same moment', async (t) => {
    const attempts = Array.from({ length: 50 }, (_, index) => login(door, 'mira', `wrong password ${index}`));
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    t.equal(statuses.filter((status) => status === 401).length, 5, 'five passwords are looked at');
    t.equal(statuses.filter((status) => status === 429).length, 45);
    const limited = await login(door, 'mira', PASSWORD);
    t.equal(limited.status, 429, 'even the right one has to wait');
    t.equal(limited.body['code'], 'TOO_MANY_LOGINS');
    const seconds = Number(limited.headers['retry-after']);
    t.ok(seconds > 0 && seconds <= 900, 'and is told how long');
    t.equal((await login(door, 'mira', PASSWORD, '192.0.2.8')).status, 200, 'elsewhere it is taken');
    t.equal((await login(door, 'ada', PASSWORD)).status, 200, 'and the office of who tried is not shut out');
  });

  t.test('counts an address over all names', async (t) => {
    const address = '2001:db8:1:2::1';
    for (let index = 0; index < 8; index++)
      t.equal((await login(door, `name${index}`, PASSWORD, `2001:db8:1:2::${index}`)).status, 401);
    t.equal((await login(door, 'mira', PASSWORD, address)).status, 429);
    t.equal((await login(door, 'mira', PASSWORD, '2001:db8:1:3::1')).status, 200, 'not the next network');
  });

  t.test('forgets the failures of who succeeds', async (t) => {
    const address = '192.0.2.9';
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 2; index++)
        t.equal((await login(door, 'mira', 'wrong wrong wrong', address)).status, 401);
      t.equal((await login(door, 'mira', PASSWORD, address)).status, 200);
    }
  });

  t.test('counts only the passwords that are looked at', async (t) => {
    const limiter = new LoginLimiter({ perPair: 5, perAddress: 8 });
    const began = await Promise.allSettled(Array.from({ length: 50 }, () => limiter.begin('192.0.2.1', 'mira')));
    t.equal(began.filter(({ status }) => status === 'fulfilled').length, 5);
    await t.resolves(limiter.begin('192.0.2.1', 'ada'));
    await t.rejects(limiter.begin('192.0.2.1', 'mira'), /Too many/);
  });

  t.test('is watched', async (t) => {
    const { values } = await door.counters.refusedLogins.get();
    const count = (reason: string) => values.find(({ labels }) => labels.reason === reason)?.value;
    t.equal(count('limit'), 47);
    t.equal(count('credentials'), 5 + 8 + 6);
  });
});

t.test('networks', async (t) => {
  t.equal(networkOf('192.0.2.1'), '192.0.2.1');
  t.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1');
  t.equal(networkOf('2001:DB8::1'), '2001:db8:0:0::/64');
  t.equal(networkOf('2001:db8:0:0:ffff::9'), '2001:db8:0:0::/64');
  t.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64');
  t.equal(networkOf('::1'), '0:0:0:0::/64');
});

t.test('a remembered token obeys the very next moment', async (t) => {
  const door = await open(t);
  const admin = await door.addUser('admin', 'admin');
  const token = await door.addUser('mira', 'admin');
  const users = () => door.call('GET', '/users', { token });
  t.equal((await users()).status, 200);
  await door.call('PATCH', '/users/mira', { token: admin, payload: { role: 'viewer' } });
  t.equal((await users()).status, 403, 'a lower role');
  t.match((await me(door, token)).body, { user: { role: 'viewer' } });
  await door.call('PATCH', '/users/mira', { token: admin, payload: { role: 'admin' } });
  t.equal((await users()).status, 200, 'a higher role');
  await door.call('DELETE', '/users/mira', { token: admin });
  t.equal((await users()).status, 401, 'a removed account');
  await door.addUser('mira', 'admin');
  t.equal((await users()).status, 401, 'and a new account of the same name does not inherit it');
  t.equal(await door.refused('revoked'), 2);
});

t.test('the memory of tokens', async (t) => {
  let now = 1_000;
  const memory = new Remembered(() => now, 2);
  const caller: Caller = {
    userId: 1,
    username: 'mira',
    tokenId: 'x',
    expiresAt: 2_000_000,
    issuer: 'signalbox',
    maxRole: 'admin',
    tokenVersion: 1,
  };
  memory.put('a', caller);
  memory.put('b', { ...caller, issuer: 'portal' });
  t.equal(memory.get('a'), caller);
  now += 10 * 60_000;
  t.equal(memory.get('b'), null, "a portal's is verified again after ten minutes");
  t.equal(memory.get('a'), caller, 'ours is not');
  memory.put('c', caller);
  memory.put('d', caller);
  t.equal(memory.get('a'), null, 'the oldest goes');
  t.equal(memory.get('d'), caller);
  now = 2_000_000;
  t.equal(memory.get('d'), null, 'and each when it ends');
  memory.put('e', { ...caller, expiresAt: 3_000_000 });
  memory.drop('e');
  t.equal(memory.get('e'), null);
});

t.test('our secret', async (t) => {
  await t.rejects(openFrontDoor({ secret: Buffer.alloc(31) }), /expected at least 32 bytes, got 31/, 'is long enough');
  const door = await open(t);
  await door.addUser('mira', 'viewer');
  const { token } = mintToken(Buffer.alloc(SECRET.length, 7), door.account('mira'), door.clock.now);
  t.equal((await me(door, token)).status, 401, 'is the only one that signs');
});
