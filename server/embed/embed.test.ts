/** Tokens for widgets: how they are made, what they carry, whose they are, how they end; and that none is more than its maker. */
import Jwt from '@hapi/jwt';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { startPostgres } from '../../tests/peers/postgres.js';
import type { Caller, Role } from '../access/contract.js';
import { atLeast, GRANT_ROLES, ROLES } from '../access/roles.js';
import { reachesType } from '../access/scope.js';
import {
  me,
  open,
  PASSWORD,
  SECRET,
  type Answer,
  type FixtureOptions,
  type FrontDoor,
} from '../auth/front-door.fixture.js';
import { isKnownOrigin, originIn } from './origins.js';
import { doorOf } from './reach.js';
import { embedCaller, EMBED_ACTIONS, EMBED_ISSUER } from './tokens.js';

const PORTAL = 'https://portal.example';
const MISSING = 999_999;

interface Desk {
  door: FrontDoor;
  admin: string;
  mira: string;
  /** mira's own, and one of the admin's that she can't see. */
  own: number;
  foreign: number;
}

async function openDesk(t: Test, options: FixtureOptions = {}): Promise<Desk> {
  const door = await open(t, { allowedOrigins: [PORTAL], ...options });
  const admin = await door.addUser('admin', 'admin');
  const mira = await door.addUser('mira', 'operator');
  return { door, admin, mira, own: await door.addConnection('mira'), foreign: await door.addConnection('admin') };
}

const mint = ({ door }: Desk, token: string, payload: unknown): Promise<Answer> =>
  door.call('POST', '/auth/embed-tokens', { token, payload });

async function minted(desk: Desk, token: string, payload: unknown): Promise<{ token: string; id: string }> {
  const answer = await mint(desk, token, payload);
  if (answer.status !== 201) throw new Error(answer.text);
  return { token: String(answer.body['token']), id: String(answer.body['id']) };
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
const callerOf = ({ door }: Desk, token: string): Caller => embedCaller(claimsOf(token), door.clock.now);

t.test('is made for connections, reads, and lives ten minutes where nothing else is asked', async (t) => {
  const desk = await openDesk(t);
  const answer = await mint(desk, desk.mira, { connections: [desk.own] });
  t.equal(answer.status, 201);
  t.equal(answer.headers['cache-control'], 'no-store');
  const seconds = Math.floor(desk.door.clock.now / 1000);
  t.equal(answer.body['expiresAt'], new Date((seconds + 600) * 1000).toISOString());
  const who = await me(desk.door, answer.body['token']);
  const embed = { id: answer.body['id'], connections: [desk.own], operations: null, actions: ['read'], origins: [] };
  t.same(who.body, {
    user: { username: 'mira', role: 'viewer' },
    token: { issuer: EMBED_ISSUER, expiresAt: answer.body['expiresAt'], embed },
    may: { createConnections: false, startOperations: false, manageUsers: false, seeAll: false, renew: false },
  });
  const starter = await minted(desk, desk.mira, { connections: [desk.own], actions: ['start'], ttlSeconds: 3600 });
  const may = (await me(desk.door, starter.token)).body;
  t.match(may, { user: { role: 'operator' }, may: { startOperations: true, createConnections: false } });
  t.match(may, { token: { embed: { actions: ['read', 'start'] } } }, 'who may start may see what it started');
});

t.test('is refused with the reason where it would be more than its maker', async (t) => {
  const desk = await openDesk(t);
  const vera = await desk.door.addUser('vera', 'viewer');
  desk.door.directory.putGrant(desk.own, desk.door.account('vera').id, 'viewer');
  const refusal = async (token: string, payload: unknown) => {
    const { status, body } = await mint(desk, token, payload);
    return [status, body['code']];
  };
  const hidden = await mint(desk, desk.mira, { connections: [desk.foreign] });
  const missing = await mint(desk, desk.mira, { connections: [MISSING] });
  t.equal(hidden.status, 404);
  t.equal(hidden.text, missing.text, 'a hidden connection is answered as a missing one');
  t.same(await refusal(vera, { connections: [desk.own], actions: ['start'] }), [403, 'FORBIDDEN']);
  t.same(await refusal(vera, { connections: [desk.own] }), [201, undefined], 'but she may look');
  const connections = [desk.own];
  t.same(await refusal(desk.mira, { connections, operations: ['no_such'] }), [400, 'EMBED_TYPE_UNKNOWN']);
  t.same(await refusal(desk.mira, { connections, origins: ['https://else.example'] }), [400, 'EMBED_ORIGIN_UNKNOWN']);
  const invalid = [
    {},
    { connections: [] },
    { connections: 'all' },
    { connections: [desk.own, desk.own] },
    { connections: Array.from({ length: 201 }, (_, index) => index + 1) },
    { connections, actions: ['write'] },
    { connections, actions: [] },
    { connections, operations: [] },
    { connections, origins: ['*'] },
    { connections, origins: ['null'] },
    { connections, origins: [`${PORTAL}/`] },
    { connections, origins: ['javascript:alert(1)'] },
    { connections, ttlSeconds: 3601 },
    { connections, ttlSeconds: 0 },
    { connections, role: 'admin' },
  ];
  for (const payload of invalid)
    t.same(await refusal(desk.mira, payload), [400, 'VALIDATION_FAILED'], JSON.stringify(payload).slice(0, 60));
  t.equal((await desk.door.call('POST', '/auth/embed-tokens', { payload: { connections } })).status, 401);
  t.same(
    (await desk.door.audit()).map(({ action, actor }) => [action, actor]),
    [['embed_token.create', 'vera']],
    'only what was made is in the audit',
  );
});

t.test('ends no later than the token that asked for it', async (t) => {
  const desk = await openDesk(t);
  const ends = Math.floor(desk.door.clock.now / 1000) * 1000 + 12 * 3_600_000;
  desk.door.clock.now = ends - 30_000;
  const answer = await mint(desk, desk.mira, { connections: [desk.own], ttlSeconds: 3600 });
  t.equal(answer.body['expiresAt'], new Date(ends).toISOString());
});

t.test('fits a header at its largest', async (t) => {
  const desk = await openDesk(t);
  const origins = Array.from(
    { length: 8 },
    (_, index) => `https://${index}${'a'.repeat(50)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example`,
  );
  const scope = {
    connections: Array.from({ length: 200 }, (_, index) => 2_147_483_000 + index),
    operations: Array.from({ length: 20 }, (_, index) => `t${String(index).padStart(2, '0')}${'x'.repeat(61)}`),
    actions: EMBED_ACTIONS,
    origins,
  };
  const { mintEmbedToken } = await import('./tokens.js');
  const issuedAt = Math.floor(desk.door.clock.now / 1000);
  const maker = desk.door.account('mira');
  const token = mintEmbedToken(SECRET, {
    id: crypto.randomUUID(),
    maker,
    maxRole: 'admin',
    scope,
    issuedAt,
    expiresAt: issuedAt + 600,
  });
  const headers = { authorization: `Bearer ${token}`, origin: String(origins[0]) };
  const who = await desk.door.server.inject({ method: 'GET', url: '/auth/me', headers });
  t.equal(who.statusCode, 200);
  t.match(JSON.parse(who.payload), { token: { embed: { connections: { length: 200 }, origins } } });
});

t.test('is refused where it is not whole, or calls itself something else', async (t) => {
  const desk = await openDesk(t);
  const { token } = await minted(desk, desk.mira, { connections: [desk.own] });
  const claims = claimsOf(token);
  const signed = (change: Record<string, unknown>) =>
    Jwt.token.generate({ ...claims, ...change }, { key: SECRET, algorithm: 'HS256' });
  t.equal((await me(desk.door, signed({}))).status, 200, 'the way it is forged works');
  const scope = claims['scope'] as Record<string, unknown>;
  const forged = {
    'by the issuer of sessions': { iss: 'signalbox' },
    'for another audience': { aud: 'signalbox' },
    'without a scope': { scope: undefined },
    'without connections': { scope: { ...scope, connections: undefined } },
    'without operations': { scope: { ...scope, operations: undefined } },
    'with a word for a list': { scope: { ...scope, actions: 'read' } },
    'with an unknown action': { scope: { ...scope, actions: ['write'] } },
    'without a role': { max: undefined },
    'with an unknown role': { max: 'root' },
    'without a version': { ver: undefined },
    'with a longer life': { exp: (claims['iat'] as number) + 3601 },
    'without an end': { exp: undefined },
  };
  for (const [title, change] of Object.entries(forged)) {
    const answer = await me(desk.door, signed(change));
    t.same([answer.status, answer.body['code']], [401, 'AUTH_INVALID_TOKEN'], title);
  }
});

async function lives(t: Test, desk: Desk): Promise<void> {
  const { door, admin, mira, own } = desk;
  const [one, two] = [
    await minted(desk, mira, { connections: [own] }),
    await minted(desk, mira, { connections: [own] }),
  ];
  const adminsOwn = await minted(desk, admin, { connections: [own] });
  const list = async (token: string) => {
    const { tokens } = (await door.call('GET', '/auth/embed-tokens', { token })).body as { tokens: { id: string }[] };
    return tokens.map(({ id }) => id).sort();
  };
  const end = (token: string, id: string) => door.call('DELETE', `/auth/embed-tokens/${id}`, { token });
  t.same(await list(mira), [one.id, two.id].sort(), 'lists the own ones');
  const listed = await door.call('GET', '/auth/embed-tokens', { token: mira });
  t.notMatch(listed.text, one.token, 'without the tokens');
  t.equal((await end(mira, adminsOwn.id)).status, 404, "another maker's is not there to end");
  t.equal((await end(mira, crypto.randomUUID())).text, (await end(mira, adminsOwn.id)).text);
  t.equal((await end(mira, 'x')).status, 400);
  t.equal((await me(door, one.token)).status, 200);
  t.equal((await end(mira, one.id)).status, 204);
  const ended = await me(door, one.token);
  t.same([ended.status, ended.body['code']], [401, 'AUTH_INVALID_TOKEN'], 'an ended one is dead at once');
  t.equal((await me(door, two.token)).status, 200, 'and the other one is not');
  await door.directory.reload();
  t.equal((await me(door, one.token)).status, 401, 'it stays dead when the tables are read anew');
  t.equal((await end(mira, one.id)).status, 404, 'it can be ended once');
  t.equal((await end(admin, two.id)).status, 204, "an admin ends anybody's");
  t.same(await list(mira), []);
  const { token, id } = await minted(desk, mira, { connections: [own], ttlSeconds: 60 });
  door.clock.now += 61_000;
  const late = await me(door, token);
  t.same([late.status, late.body['code']], [401, 'AUTH_TOKEN_EXPIRED']);
  t.same(await list(mira), [], 'one that has ended is not listed');
  t.equal((await end(mira, id)).status, 404);
  const next = await minted(desk, mira, { connections: [own] });
  t.same(
    (await door.knex('embed_tokens').select('id')).map((row: { id: string }) => row.id).includes(id),
    false,
    'and is forgotten',
  );
  const payload = { password: 'another battery staple', currentPassword: PASSWORD };
  t.equal((await door.call('PATCH', '/users/mira', { token: mira, payload })).status, 200);
  t.equal((await me(door, next.token)).status, 401, 'a new password ends it');
  t.same(await list(door.tokenOf('mira')), [], 'and it is not listed as living');
  const last = await minted(desk, door.tokenOf('mira'), { connections: [own] });
  await door
    .knex('connections')
    .where({ id: own })
    .update({ owner_id: door.account('admin').id });
  await door.directory.reload();
  t.equal((await door.call('DELETE', '/users/mira', { token: admin })).status, 204);
  t.equal((await me(door, last.token)).status, 401, 'it goes with its maker');
  t.same((await door.knex('embed_tokens').select('id')).length, 1, "and so do its rows, not the others'");
  t.same(
    (await door.audit())
      .filter(({ action }) => action === 'embed_token.revoke')
      .map(({ actor, target }) => [actor, target]),
    [
      ['mira', `embed_token:${one.id}`],
      ['admin', `embed_token:${two.id}`],
    ],
  );
}

t.test('on both databases', async (t) => {
  const postgres = await startPostgres();
  t.teardown(() => postgres.stop());
  await t.test('is listed, ended, outlived and forgotten (SQLite)', async (t) => lives(t, await openDesk(t)));
  await t.test('is listed, ended, outlived and forgotten (PostgreSQL)', async (t) =>
    lives(t, await openDesk(t, { databaseUrl: await postgres.freshDatabase() })),
  );
});

t.test('obeys what its maker may do now', async (t) => {
  const desk = await openDesk(t);
  const { door, admin, own, foreign } = desk;
  await door.addUser('otto', 'operator');
  const otto = door.account('otto').id;
  door.directory.putGrant(foreign, otto, 'operator');
  const { token } = await minted(desk, door.tokenOf('otto'), { connections: [foreign], actions: ['start'] });
  const caller = callerOf(desk, token);
  const roles = () => [door.directory.roleOn(caller, foreign), door.directory.roleOn(caller, own)];
  t.same(roles(), ['operator', null]);
  door.directory.putGrant(foreign, otto, 'viewer');
  t.same(roles(), ['viewer', null], 'a lower grant');
  door.directory.removeGrant(foreign, otto);
  t.same(roles(), [null, null], 'a lost grant');
  t.same(door.directory.visibleTo(caller), new Set());
  door.directory.putGrant(foreign, otto, 'operator');
  await door.call('PATCH', '/users/otto', { token: admin, payload: { role: 'viewer' } });
  t.same(roles(), ['viewer', null], 'a lower role');
  await door.call('PATCH', '/users/otto', { token: admin, payload: { role: 'admin' } });
  t.same(roles(), ['operator', null], 'and a higher one gives no admin');
});

t.test('is nothing but a token for widgets', async (t) => {
  const desk = await openDesk(t);
  const { door, own, admin } = desk;
  const { token, id } = await minted(desk, admin, { connections: [own], actions: [...EMBED_ACTIONS] });
  const doors: [string, string, unknown?][] = [
    ['POST', '/auth/embed-tokens', { connections: [own] }],
    ['GET', '/auth/embed-tokens'],
    ['DELETE', `/auth/embed-tokens/${id}`],
    ['POST', '/auth/renew'],
    ['POST', '/auth/logout'],
    ['GET', '/users'],
    ['PATCH', '/users/admin', { password: 'another battery staple', currentPassword: PASSWORD }],
    ['GET', `/connections/${own}/grants`],
  ];
  for (const [method, url, payload] of doors) {
    const answer = await door.call(method, url, { token, payload });
    t.same([answer.status, answer.body['code']], [403, 'EMBED_REFUSED'], `${method} ${url}`);
  }
  t.equal((await me(door, token)).status, 200, 'and still lives');
});

t.test('is used by the pages that it names', async (t) => {
  const desk = await openDesk(t);
  const { door, own } = desk;
  const bound = await minted(desk, desk.mira, { connections: [own], origins: [PORTAL, 'http://box.example'] }).catch(
    () => null,
  );
  t.equal(bound, null, 'each of them is a known one');
  const { token } = await minted(desk, desk.mira, { connections: [own], origins: [PORTAL] });
  const free = await minted(desk, desk.mira, { connections: [own] });
  const from = async (headers: Record<string, string>, by = token) => {
    const sent = { authorization: `Bearer ${by}`, ...headers };
    const response = await door.server.inject({ method: 'GET', url: '/auth/me', headers: sent });
    return [response.statusCode, (JSON.parse(response.payload) as { code?: string }).code];
  };
  const refused = [403, 'EMBED_ORIGIN_REFUSED'];
  t.same(await from({ origin: PORTAL }), [200, undefined]);
  for (const origin of [
    'https://else.example',
    'null',
    `${PORTAL}.example`,
    'http://portal.example',
    'https://portal.example:8443',
    '',
  ])
    t.same(await from({ origin }), refused, `not '${origin}'`);
  t.same(await from({}), refused, 'nor a program');
  t.same(await from({ 'sec-fetch-site': 'same-origin' }), refused, 'nor our own page, which it does not name');
  t.same(
    await from({ origin: 'https://else.example' }, free.token),
    [200, undefined],
    'one that names none is for all',
  );
  t.same(await from({}, free.token), [200, undefined]);
});

t.test('knows its own page by what the browser says', (t) => {
  const scope = {
    connections: [1],
    operations: null,
    actions: ['read'],
    origins: [PORTAL, 'https://box.example'],
  } as const;
  const own = { host: 'box.example', 'sec-fetch-site': 'same-origin' };
  t.equal(originIn(own, scope), 'https://box.example', 'a browser sends no Origin to read from its own');
  t.equal(originIn({ ...own, host: 'other.example' }, scope), undefined);
  t.equal(originIn({ ...own, 'sec-fetch-site': 'cross-site' }, scope), undefined);
  t.equal(
    originIn({ ...own, origin: 'https://evil.example' }, scope),
    'https://evil.example',
    'an Origin counts first',
  );
  const known = { publicUrl: 'https://signals.example/box', allowedOrigins: [PORTAL] };
  t.ok(isKnownOrigin('https://signals.example', 'x', known));
  t.ok(isKnownOrigin('http://127.0.0.1:3000', '127.0.0.1:3000', known));
  t.notOk(isKnownOrigin('http://127.0.0.1:3001', '127.0.0.1:3000', known));
  t.notOk(isKnownOrigin('null', undefined, { publicUrl: null, allowedOrigins: [] }));
  t.end();
});

t.test('is not made without end', async (t) => {
  const desk = await openDesk(t, { mintsPerMinute: 3 });
  const wanted = { connections: [desk.own] };
  const statuses = (await Promise.all([1, 2, 3, 4, 5].map(() => mint(desk, desk.mira, wanted)))).map(
    ({ status }) => status,
  );
  t.same(statuses.sort(), [201, 201, 201, 429, 429]);
  const late = await mint(desk, desk.mira, wanted);
  t.equal(late.body['code'], 'TOO_MANY_EMBED_TOKENS');
  const seconds = Number(late.headers['retry-after']);
  t.ok(seconds >= 1 && seconds <= 60, 'says when to come again');
  t.equal((await mint(desk, desk.admin, wanted)).status, 201, 'each maker has his own share');
});

t.test('opens a fixed list of doors', (t) => {
  t.same(doorOf('get', '/connections/{id}/operations'), { action: 'read', type: null });
  t.same(doorOf('post', '/connections/{id}/operations/ssh_test'), { action: 'start', type: 'ssh_test' });
  t.same(doorOf('post', '/connections/{id}/operations/{operationId}/cancel'), { action: 'cancel', type: null });
  for (const closed of ['/connections/{id}/operations/{any}', '/connections/{id}/operations/a/b', '/constructor', '/x'])
    t.equal(doorOf('post', closed), null, closed);
  t.equal(doorOf('get', '/connections/{id}/operations/ssh_test'), null);
  t.end();
});

interface World {
  role: Role;
  maxRole: Role;
  connections: { owned: boolean; grant: 'viewer' | 'operator' | null }[];
  /** What its maker loses after it was made. */
  later: { role: Role; revokedGrants: number[] };
}

const world: fc.Arbitrary<World> = fc.record({
  role: fc.constantFrom(...ROLES),
  maxRole: fc.constantFrom(...ROLES),
  connections: fc.array(fc.record({ owned: fc.boolean(), grant: fc.constantFrom(null, ...GRANT_ROLES) }), {
    minLength: 1,
    maxLength: 6,
  }),
  later: fc.record({ role: fc.constantFrom(...ROLES), revokedGrants: fc.array(fc.nat(5), { maxLength: 3 }) }),
});

const scopes = fc.record({
  connections: fc.uniqueArray(fc.nat(8), { minLength: 1, maxLength: 6 }),
  operations: fc.option(fc.uniqueArray(fc.constantFrom('ssh_test', 'service_restart', 'toy'), { minLength: 1 })),
  actions: fc.uniqueArray(fc.constantFrom(...EMBED_ACTIONS), { minLength: 1 }),
});

t.test('reaches no more than its maker, whatever its scope and whatever he loses', async (t) => {
  const desk = await openDesk(t);
  const { directory, clock } = desk.door;
  let runs = 0;
  let more = 0;
  const property = fc.property(
    world,
    scopes,
    ({ role, maxRole, connections, later }, { connections: picked, ...scope }) => {
      runs++;
      const userId = 5_000 + runs;
      const idOf = (index: number) => runs * 10 + 1_000 + index;
      const account = { id: userId, username: `user-${runs}`, role, tokenVersion: 1 };
      directory.putUser(account);
      connections.forEach(({ owned, grant }, index) => {
        directory.putConnection(idOf(index), owned ? userId : 1);
        if (grant) directory.putGrant(idOf(index), userId, grant);
      });
      const shared = { userId, username: account.username, expiresAt: clock.now + 60_000, maxRole, tokenVersion: 1 };
      const maker: Caller = { ...shared, issuer: 'portal', tokenId: `m${runs}` };
      const embed = { ...scope, connections: picked.map(idOf), origins: [] };
      const widget: Caller = { ...shared, issuer: EMBED_ISSUER, tokenId: `w${runs}`, embed };
      const holds = () => {
        const visible = directory.visibleTo(maker);
        const seen = directory.visibleTo(widget);
        if (seen === 'all' || directory.roleOf(widget) === 'admin') return false;
        return Array.from({ length: 9 }, (_, index) => idOf(index)).every((id) => {
          const [his, its] = [directory.roleOn(maker, id), directory.roleOn(widget, id)];
          if (its === null) return !seen.has(id);
          more++;
          const isSeen = seen.has(id) && (visible === 'all' || visible.has(id));
          const isLess = his !== null && atLeast(his, its) && its !== 'admin';
          const canAct = scope.actions.some((action) => action !== 'read');
          return isSeen && isLess && embed.connections.includes(id) && (canAct || its === 'viewer');
        });
      };
      const before = holds() && reachesType(widget, null) === (scope.operations === null);
      directory.putUser({ ...account, role: later.role });
      for (const index of later.revokedGrants) directory.removeGrant(idOf(index), userId);
      const after = holds();
      directory.putUser({ ...account, role: later.role, tokenVersion: 2 });
      return before && after && directory.roleOf(widget) === null && directory.visibleTo(widget) instanceof Set;
    },
  );
  fc.assert(property, { numRuns: 400 });
  t.ok(runs >= 400 && more > 100, 'in many worlds, and not because it reaches nothing');
});
