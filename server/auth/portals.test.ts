/** Tokens of portals, and everything that is not quite one. */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { PortalIssuer } from '../settings/config.js';
import { openFrontDoor, SECRET, type FixtureOptions, type FrontDoor } from './front-door.fixture.js';
import { suits } from './portal-keys.js';
import { assertPortals } from './portals.js';
import {
  b64,
  ecdsa,
  hmac,
  jwkOf,
  jws,
  pair,
  pemOf,
  rsa,
  signerOf,
  startKeyEndpoint,
  type KeyEndpoint,
  type Pair,
  type Signer,
} from './portal.fixture.js';

const ALPHA = 'https://alpha.example';
const BETA = 'https://beta.example';
const AUDIENCE = 'signalbox.example';

const keys = {
  rsa: pair('a-rsa', 'RS256'),
  ec: pair('a-ec', 'ES256'),
  ed: pair('a-ed', 'EdDSA'),
  beta: pair('b-rsa', 'RS256'),
  stranger: pair('a-rsa', 'RS256'),
};

const portal = (over: Partial<PortalIssuer>): PortalIssuer => ({
  name: 'alpha',
  issuer: ALPHA,
  audience: AUDIENCE,
  algorithms: ['RS256', 'ES256', 'EdDSA'],
  userClaim: 'sub',
  maxRole: 'operator',
  ...over,
});

interface House {
  door: FrontDoor;
  endpoint: KeyEndpoint;
}

/** Alpha by JWKS, beta by a PEM; mira is an operator, root an admin. */
async function openHouse(t: Test, options: Pick<FixtureOptions, 'jwks'> = {}, over: Partial<PortalIssuer> = {}) {
  const endpoint = await startKeyEndpoint([keys.rsa, keys.ec, keys.ed]);
  const door = await openFrontDoor({
    ...options,
    portals: [
      portal({ jwksUrl: endpoint.url, ...over }),
      portal({
        name: 'beta',
        issuer: BETA,
        publicKey: pemOf(keys.beta),
        userClaim: 'preferred_username',
        maxRole: 'viewer',
      }),
    ],
  });
  t.teardown(async () => {
    await door.close();
    await endpoint.down();
  });
  await door.addUser('mira', 'operator');
  await door.addUser('root', 'admin');
  return { door, endpoint } satisfies House;
}

const seconds = ({ door }: House): number => Math.floor(door.clock.now / 1000);

function claims(house: House, over: object = {}): object {
  const now = seconds(house);
  return { iss: ALPHA, aud: AUDIENCE, sub: 'mira', iat: now, exp: now + 3600, ...over };
}

const header = ({ alg, kid }: Pair, over: object = {}): object => ({ alg, kid, typ: 'JWT', ...over });

function token(house: House, key: Pair, over: object = {}, headerOver: object = {}): string {
  return jws(header(key, headerOver), claims(house, over), signerOf(key));
}

const me = ({ door }: House, bearer: string) => door.call('GET', '/auth/me', { token: bearer });

t.test('takes the tokens of a portal', async (t) => {
  const house = await openHouse(t);
  for (const key of [keys.rsa, keys.ec, keys.ed]) {
    const answer = await me(house, token(house, key));
    t.equal(answer.status, 200, key.alg);
    t.match(answer.body, {
      user: { username: 'mira', role: 'operator' },
      token: { issuer: 'alpha' },
      may: { renew: false },
    });
  }
  t.equal(house.endpoint.fetches(), 1, 'and fetches the keys once');
  const beta = { iss: BETA, sub: undefined, preferred_username: 'mira' };
  t.match(
    (await me(house, token(house, keys.beta, beta))).body,
    { user: { role: 'viewer' } },
    'by its own claim, capped',
  );
  t.match(
    (await me(house, token(house, keys.rsa, { sub: 'root' }))).body,
    { user: { role: 'operator' } },
    'an admin too',
  );
  const many = { aud: ['other', AUDIENCE] };
  t.equal((await me(house, token(house, keys.rsa, many))).status, 200, 'with our audience among others');
  t.equal((await me(house, token(house, keys.rsa, {}, { typ: 'at+jwt' }))).status, 200, 'as an access token of OAuth');
  t.equal((await me(house, token(house, keys.rsa, {}, { kid: undefined }))).status, 200, 'without a key id');
  const denied = await house.door.call('GET', '/users', { token: token(house, keys.rsa, { sub: 'root' }) });
  t.equal(denied.status, 403, 'and the cap holds on routes');
});

t.test('ends them like ours', async (t) => {
  const house = await openHouse(t);
  const { door } = house;
  for (const over of [{ jti: 'one' }, {}]) {
    const bearer = token(house, keys.ec, { iat: seconds(house) - 5, ...over });
    t.equal((await me(house, bearer)).status, 200);
    t.equal((await door.call('POST', '/auth/renew', { token: bearer })).status, 403, 'but does not renew them');
    t.equal((await door.call('POST', '/auth/logout', { token: bearer })).status, 204);
    t.equal((await me(house, bearer)).status, 401, 'after a logout');
  }
  const again = jws(header(keys.ec), claims(house, { iat: seconds(house) - 5 }), signerOf(keys.ec));
  t.equal((await me(house, again)).status, 401, 'nor with another signature over the same claims');
  const alive = token(house, keys.ec);
  t.equal((await me(house, alive)).status, 200);
  door.clock.now += 3600_000;
  t.equal((await me(house, alive)).body['code'], 'AUTH_TOKEN_EXPIRED');
});

t.test('follows the keys of a portal', async (t) => {
  t.test('to a new key', async (t) => {
    const house = await openHouse(t, { jwks: { cooldownMs: 0 } });
    const next = pair('a-next', 'RS256');
    t.equal((await me(house, token(house, next))).status, 401, 'unknown before');
    house.endpoint.serve([keys.rsa, next]);
    t.equal((await me(house, token(house, next))).status, 200, 'known after');
    t.equal((await me(house, token(house, keys.rsa, { jti: 'other' }))).status, 200, 'the old one still');
  });

  t.test('without asking for every unknown key', async (t) => {
    const house = await openHouse(t, { jwks: { cooldownMs: 600_000 } });
    for (let index = 0; index < 20; index++) await me(house, token(house, keys.rsa, {}, { kid: `k${index}` }));
    t.equal(house.endpoint.fetches(), 1);
    t.equal(await house.door.refused('key'), 20);
  });

  t.test('away from a withdrawn key', async (t) => {
    const house = await openHouse(t, { jwks: { maxAgeMs: 0 } });
    const bearer = token(house, keys.rsa);
    t.equal((await me(house, bearer)).status, 200);
    house.endpoint.serve([keys.ec]);
    house.door.clock.now += 10 * 60_000;
    t.equal((await me(house, bearer)).status, 401);
  });

  t.test('where several have no id', async (t) => {
    const house = await openHouse(t);
    house.endpoint.serve([pair('x', 'RS256'), keys.rsa]);
    t.equal((await me(house, token(house, keys.rsa, {}, { kid: undefined }))).status, 200);
  });
});

t.test('bears an endpoint that is down', async (t) => {
  t.test('at the start', async (t) => {
    const endpoint = await startKeyEndpoint([keys.rsa]);
    await endpoint.down();
    const portals = [portal({ jwksUrl: endpoint.url })];
    const door = await openFrontDoor({ portals, jwks: { retryMs: 0 } });
    t.teardown(async () => {
      await door.close();
      await endpoint.down();
    });
    const own = await door.addUser('mira', 'operator');
    const house = { door, endpoint };
    const refused = await me(house, token(house, keys.rsa));
    t.equal(refused.status, 401);
    t.equal(await door.refused('keys_unreachable'), 1);
    t.equal((await me(house, own)).status, 200, 'our own tokens are not touched');
    await endpoint.up();
    t.equal((await me(house, token(house, keys.rsa))).status, 200, 'and comes back by itself');
  });

  t.test('later, with the keys of before', async (t) => {
    const house = await openHouse(t, { jwks: { maxAgeMs: 0, retryMs: 600_000 } });
    t.equal((await me(house, token(house, keys.rsa))).status, 200);
    await house.endpoint.down();
    t.equal((await me(house, token(house, keys.ec))).status, 200);
    t.equal((await me(house, token(house, pair('unknown', 'RS256')))).status, 401);
    t.equal(await house.door.refused('keys_unreachable'), 1);
  });

  t.test('but not for ever', async (t) => {
    const house = await openHouse(t, { jwks: { maxAgeMs: 0, staleMs: 0 } });
    t.equal((await me(house, token(house, keys.rsa))).status, 200);
    await house.endpoint.down();
    t.equal((await me(house, token(house, keys.ec))).status, 401);
  });

  t.test('or talks nonsense, and asks it once', async (t) => {
    for (const [status, text] of [
      [500, 'oops'],
      [200, '<html>'],
      [200, '{"keys":1}'],
      [302, ''],
    ] as const) {
      const house = await openHouse(t, { jwks: { retryMs: 600_000 } });
      house.endpoint.serveText(status, text);
      for (let index = 0; index < 5; index++)
        t.equal((await me(house, token(house, keys.rsa, { jti: `${index}` }))).status, 401);
      t.equal(house.endpoint.fetches(), 1, `${status} ${text}`);
    }
  });

  t.test('or publishes weak and secret keys', async (t) => {
    const weak = pair('weak', 'RS256', 1024);
    t.equal(suits(weak.publicKey, 'RS256'), false);
    t.equal(suits(keys.rsa.publicKey, 'RS256'), true);
    t.equal(suits(keys.ec.publicKey, 'ES384'), false, 'a curve belongs to one algorithm');
    t.equal(suits(keys.ed.publicKey, 'ES256'), false);
    t.equal(suits(keys.rsa.privateKey, 'RS256'), false);
    const house = await openHouse(t);
    const secret = { kty: 'oct', k: b64('0123456789abcdef0123456789abcdef'), kid: 'oct', alg: 'HS256' };
    house.endpoint.serveText(200, JSON.stringify({ keys: [jwkOf(weak), secret] }));
    t.equal((await me(house, token(house, weak))).status, 401);
    const symmetric = jws({ alg: 'HS256', kid: 'oct' }, claims(house), hmac(256, '0123456789abcdef0123456789abcdef'));
    t.equal((await me(house, symmetric)).status, 401);
  });
});

/** Signed well, with claims that are written out, for what JSON.stringify can't say. */
function rawClaims(house: House, text: string): string {
  const now = seconds(house);
  const base = `"iss":"${ALPHA}","aud":"${AUDIENCE}","sub":"mira"`;
  return jws(header(keys.rsa), text.replace('BASE', base).replaceAll('NOW', String(now)), signerOf(keys.rsa));
}

const nonCanonical = (part: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return part.slice(0, -1) + alphabet.charAt(alphabet.indexOf(part.at(-1) ?? '') + 1);
};

function brokenForms(house: House): Record<string, string> {
  const good = token(house, keys.rsa);
  const [head, body, signature] = good.split('.') as [string, string, string];
  const pss = jws({ alg: 'RS256', typ: 'JWT', kid: 'a-rsa', x: 1 }, claims(house, { x: 12 }), signerOf(keys.rsa));
  return {
    empty: '',
    'one word': 'x',
    'two parts': `${head}.${body}`,
    'four parts': `${good}.x`,
    'five parts (JWE)': `${good}.x.y`,
    'only dots': '..',
    'an empty header': `.${body}.${signature}`,
    'an empty payload': `${head}..${signature}`,
    'a header that is no JSON': jws('{', claims(house), signerOf(keys.rsa)),
    'a header that is a list': jws('[]', claims(house), signerOf(keys.rsa)),
    'a header that is null': jws('null', claims(house), signerOf(keys.rsa)),
    'a header that is a number': jws('1', claims(house), signerOf(keys.rsa)),
    'a header of nothing': jws('{}', claims(house), signerOf(keys.rsa)),
    'a header with a prototype': jws(`{"__proto__":{"alg":"RS256"}}`, claims(house), signerOf(keys.rsa)),
    'a payload that is no JSON': jws(header(keys.rsa), 'nothing', signerOf(keys.rsa)),
    'a payload that is a list': jws(header(keys.rsa), '[]', signerOf(keys.rsa)),
    'a payload that is a text': jws(header(keys.rsa), '"mira"', signerOf(keys.rsa)),
    'a payload that is null': jws(header(keys.rsa), 'null', signerOf(keys.rsa)),
    'a payload with a prototype': rawClaims(house, '{BASE,"exp":9,"__proto__":{"exp":1e10}}'),
    'a payload whose prototype has the time': rawClaims(house, '{BASE,"__proto__":{"exp":1e10}}'),
    'a payload that is no UTF-8': `${head}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.${signature}`,
    'a byte order mark': jws(header(keys.rsa), `\ufeff${JSON.stringify(claims(house))}`, signerOf(keys.rsa)),
    'padding after the header': `${head}=.${body}.${signature}`,
    'padding after the signature': `${good}==`,
    'base64 of the other alphabet': `${head}.${body}.${signature.replaceAll('-', '+').replaceAll('_', '/')}+/`,
    'a line feed in it': `${head}.${body}\n.${signature}`,
    'a space in it': `${head}. ${body}.${signature}`,
    'spare bits in the signature': `${head}.${body}.${nonCanonical(signature)}`,
    'spare bits in the header': `${nonCanonical(b64({ ...header(keys.rsa), a: 1 }))}.${body}.${signature}`,
    'spare bits in the payload': `${pss.split('.')[0] ?? ''}.${nonCanonical(pss.split('.')[1] ?? '')}.${signature}`,
    'a very long one': token(house, keys.rsa, { x: 'x'.repeat(20_000) }),
    'a very, very long one': `${head}.${'A'.repeat(4_000_000)}.${signature}`,
    'two tokens': `${good} ${good}`,
    'thousands of parts': '.'.repeat(5_000),
  };
}

function wrongAlgorithms(house: House): Record<string, string> {
  const as = (alg: unknown, signer: Signer, over: object = {}) =>
    jws({ typ: 'JWT', alg, ...over }, claims(house), signer);
  const nothing: Signer = () => Buffer.alloc(0);
  const some: Signer = () => Buffer.from('x');
  const pem = pemOf(keys.rsa);
  const der = keys.rsa.publicKey.export({ type: 'spki', format: 'der' });
  const beta = { iss: BETA, preferred_username: 'mira' };
  const asBeta = (alg: string, signer: Signer) => jws({ typ: 'JWT', alg }, claims(house, beta), signer);
  return {
    none: as('none', nothing),
    'none, signed': as('none', some),
    None: as('None', nothing),
    NONE: as('NONE', nothing),
    nOnE: as('nOnE', some),
    'none for the PEM': asBeta('none', nothing),
    'no alg': as(undefined, rsa(keys.rsa.privateKey)),
    'an alg of null': as(null, rsa(keys.rsa.privateKey)),
    'a number as alg': as(256, rsa(keys.rsa.privateKey)),
    'a list as alg': as(['RS256'], rsa(keys.rsa.privateKey)),
    'an object as alg': as({ toString: 'RS256' }, rsa(keys.rsa.privateKey)),
    '__proto__ as alg': as('__proto__', some),
    'constructor as alg': as('constructor', some),
    'rs256 in small letters': as('rs256', rsa(keys.rsa.privateKey)),
    'RS256 with a space': as('RS256 ', rsa(keys.rsa.privateKey)),
    'HS256 with the PEM': as('HS256', hmac(256, pem), { kid: 'a-rsa' }),
    'HS256 with the PEM, trimmed': as('HS256', hmac(256, pem.trim())),
    'HS256 with the DER': as('HS256', hmac(256, der)),
    'HS256 with the JWK': as('HS256', hmac(256, JSON.stringify(jwkOf(keys.rsa)))),
    'HS256 with the bare JWK': as('HS256', hmac(256, JSON.stringify(keys.rsa.publicKey.export({ format: 'jwk' })))),
    'HS256 with the set': as('HS256', hmac(256, JSON.stringify({ keys: [jwkOf(keys.rsa)] }))),
    'HS256 with nothing': as('HS256', hmac(256, '')),
    'HS384 with the PEM': as('HS384', hmac(384, pem)),
    'HS512 with the PEM': as('HS512', hmac(512, pem)),
    "HS256 with beta's PEM": asBeta('HS256', hmac(256, pemOf(keys.beta))),
    "HS256 with beta's JWK": asBeta('HS256', hmac(256, JSON.stringify(jwkOf(keys.beta)))),
    'RS256 with the elliptic key': token(house, keys.rsa, {}, { kid: 'a-ec' }),
    'ES256 named RS256': jws(header(keys.ec, { alg: 'RS256' }), claims(house), signerOf(keys.ec)),
    'an algorithm that the portal does not use': jws(
      { alg: 'RS512', kid: 'a-rsa' },
      claims(house),
      rsa(keys.rsa.privateKey),
    ),
    'PS256 over RS256': jws({ alg: 'PS256', kid: 'a-rsa' }, claims(house), rsa(keys.rsa.privateKey)),
  };
}

function wrongSignatures(house: House): Record<string, string> {
  const bytes =
    (buffer: Buffer): Signer =>
    () =>
      buffer;
  const es = (signer: Signer) => jws(header(keys.ec), claims(house), signer);
  const [head, , signature] = token(house, keys.rsa).split('.') as [string, string, string];
  const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
  return {
    'no signature': `${token(house, keys.rsa).split('.').slice(0, 2).join('.')}.`,
    "a stranger's key": token(house, keys.stranger),
    "a stranger's key, embedded": token(house, keys.stranger, {}, { jwk: jwkOf(keys.stranger) }),
    "a stranger's key, by address": token(
      house,
      keys.stranger,
      {},
      { jku: 'http://127.0.0.1:9/', x5u: 'http://127.0.0.1:9/' },
    ),
    "another token's signature": `${head}.${b64(claims(house, { sub: 'root' }))}.${signature}`,
    'RS256 of zeros': jws(header(keys.rsa), claims(house), bytes(Buffer.alloc(256))),
    'RS256, one byte short': jws(header(keys.rsa), claims(house), bytes(Buffer.alloc(255, 1))),
    'ES256 of zeros': es(bytes(Buffer.alloc(64))),
    'ES256 with r and s of the order': es(bytes(Buffer.concat([order, order]))),
    'ES256 of 63 bytes': es(bytes(Buffer.alloc(63, 1))),
    'ES256 of 65 bytes': es(bytes(Buffer.alloc(65, 1))),
    'ES256 of one byte': es(bytes(Buffer.alloc(1, 1))),
    'ES256 of a thousand bytes': es(bytes(Buffer.alloc(1000, 255))),
    'ES256 as DER': es(ecdsa(keys.ec.privateKey, 'der')),
    'EdDSA of zeros': jws(header(keys.ed), claims(house), bytes(Buffer.alloc(64))),
    'EdDSA, one byte short': jws(header(keys.ed), claims(house), bytes(Buffer.alloc(63, 1))),
    'crit that we know': token(house, keys.rsa, {}, { crit: ['exp'] }),
    'crit of nothing': token(house, keys.rsa, {}, { crit: [] }),
    'crit that nobody knows': token(house, keys.rsa, {}, { crit: ['x'], x: 1 }),
    'an unencoded payload': token(house, keys.rsa, {}, { b64: false }),
    'a type for another purpose': token(house, keys.rsa, {}, { typ: 'secevent+jwt' }),
    'a type of DPoP': token(house, keys.rsa, {}, { typ: 'dpop+jwt' }),
    'a number as type': token(house, keys.rsa, {}, { typ: 1 }),
    'a key id of a path': token(house, keys.stranger, {}, { kid: '../../../dev/null' }),
    'a key id of SQL': token(house, keys.stranger, {}, { kid: "x' or '1'='1" }),
    'a number as key id': token(house, keys.rsa, {}, { kid: 1 }),
    'an object as key id': token(house, keys.rsa, {}, { kid: { a: 1 } }),
    'an unknown key id': token(house, keys.rsa, {}, { kid: 'unknown' }),
  };
}

function wrongIssuers(house: House): Record<string, string> {
  const { door } = house;
  const now = seconds(house);
  const mira = door.account('mira');
  const ours = {
    iss: 'signalbox',
    aud: 'signalbox',
    sub: 'mira',
    uid: mira.id,
    ver: mira.tokenVersion,
    jti: 'j',
    iat: now,
    exp: now + 60,
  };
  const own = (over: object) => jws({ alg: 'HS256', typ: 'JWT' }, { ...ours, ...over }, hmac(256, SECRET));
  const beta = { iss: BETA, preferred_username: 'mira' };
  return {
    'an unknown issuer': token(house, keys.rsa, { iss: 'https://gamma.example' }),
    'no issuer': token(house, keys.rsa, { iss: undefined }),
    'a list of issuers': token(house, keys.rsa, { iss: [ALPHA] }),
    'an issuer with a slash more': token(house, keys.rsa, { iss: `${ALPHA}/` }),
    'an issuer in capitals': token(house, keys.rsa, { iss: ALPHA.toUpperCase() }),
    'an issuer of Object': token(house, keys.rsa, { iss: 'constructor' }),
    'a strategy as issuer': token(house, keys.rsa, { iss: 'portal:alpha' }),
    "a portal's key that claims to be us": jws(header(keys.rsa), ours, signerOf(keys.rsa)),
    "a portal's PEM as our secret": jws({ alg: 'HS256' }, ours, hmac(256, pemOf(keys.beta))),
    'our secret that claims to be a portal': jws({ alg: 'HS256', typ: 'JWT' }, claims(house), hmac(256, SECRET)),
    'our secret that claims to be the other portal': jws({ alg: 'HS256' }, claims(house, beta), hmac(256, SECRET)),
    "beta's key as alpha": token(house, keys.beta),
    "beta's key as alpha with alpha's key id": token(house, keys.beta, {}, { kid: 'a-rsa' }),
    "alpha's key as beta": token(house, keys.rsa, beta),
    "alpha's key as beta with beta's key id": token(house, keys.rsa, beta, { kid: 'b-rsa' }),
    'ours with HS512': jws({ alg: 'HS512' }, ours, hmac(512, SECRET)),
    'ours without a signature': jws({ alg: 'none' }, ours, () => Buffer.alloc(0)),
    'ours for another audience': own({ aud: AUDIENCE }),
    'ours without a version': own({ ver: undefined }),
    'ours with an old version': own({ ver: mira.tokenVersion - 1 }),
    'ours with a version as text': own({ ver: String(mira.tokenVersion) }),
    'ours without a token id': own({ jti: undefined }),
    'ours with a number as token id': own({ jti: 1 }),
    'ours of an account that is not there': own({ uid: 999 }),
    'ours without an account': own({ uid: undefined }),
    'ours that lives too long': own({ exp: now + 13 * 3600 }),
    'ours that never ends': own({ exp: undefined }),
  };
}

function wrongClaims(house: House): Record<string, string> {
  const now = seconds(house);
  const t = (over: object) => token(house, keys.rsa, over);
  return {
    'another audience': t({ aud: 'other.example' }),
    'no audience': t({ aud: undefined }),
    'an empty list of audiences': t({ aud: [] }),
    'an audience that ours begins with': t({ aud: 'signalbox' }),
    'an audience as object': t({ aud: { 0: AUDIENCE } }),
    'a list in a list of audiences': t({ aud: [[AUDIENCE]] }),
    'no end': t({ exp: undefined }),
    'an end as text': t({ exp: String(now + 60) }),
    'an end at infinity': rawClaims(house, '{BASE,"exp":1e999}'),
    'an end of null': t({ exp: null }),
    'an end as list': t({ exp: [now + 60] }),
    'an end of true': t({ exp: true }),
    'an end between seconds': t({ exp: now + 60.5 }),
    'an end beyond all numbers': rawClaims(house, '{BASE,"exp":1e300}'),
    'an end of zero': t({ exp: 0 }),
    'an end below zero': t({ exp: -1 }),
    'an end in the past': t({ exp: now - 1, iat: now - 60 }),
    'an end now': t({ exp: now }),
    'two ends, the last one past': rawClaims(house, '{BASE,"exp":NOW1,"exp":1}'),
    'a life of 25 hours': t({ exp: now + 25 * 3600 }),
    'a life of 25 hours, without a beginning': t({ iat: undefined, exp: now + 25 * 3600 }),
    'a beginning in the future': t({ iat: now + 120 }),
    'a far future, both': t({ iat: now + 10 ** 8, exp: now + 10 ** 8 + 60 }),
    'a beginning as text': t({ iat: String(now) }),
    'not before later': t({ nbf: now + 120 }),
    'not before as text': t({ nbf: 'now' }),
    'an unknown user': t({ sub: 'nobody' }),
    'no user': t({ sub: undefined }),
    'an empty user': t({ sub: '' }),
    'a user of null': t({ sub: null }),
    'a number as user': t({ sub: 1 }),
    'a list as user': t({ sub: ['mira'] }),
    'an object as user': t({ sub: { username: 'mira' } }),
    'a user of Object': t({ sub: '__proto__' }),
    'a user with a space': t({ sub: 'mira ' }),
    'a user in capitals': t({ sub: 'MIRA' }),
    "beta's user in another claim": token(house, keys.beta, { iss: BETA }),
  };
}

t.test('refuses what is not one', async (t) => {
  const house = await openHouse(t, { jwks: { cooldownMs: 600_000 } });
  const families = { brokenForms, wrongAlgorithms, wrongSignatures, wrongIssuers, wrongClaims };
  let attacks = 0;
  for (const [family, make] of Object.entries(families))
    for (const [name, bearer] of Object.entries(make(house))) {
      const answer = await me(house, bearer);
      attacks += 1;
      const wrong = answer.status !== 401 || !/^AUTH_/.test(String(answer.body['code']));
      if (wrong || !answer.headers['www-authenticate']) t.fail(`${family}: ${name}`, { answer: answer.text });
    }
  t.ok(attacks >= 150, `${attacks} attacks, none accepted, none a 5xx`);
  t.equal((await me(house, token(house, keys.rsa))).status, 200, 'and a good one is taken after them');
  t.equal(await house.door.refused('failed'), 0, 'each for a reason that we know');
  const counted = (await house.door.counters.refusedTokens.get()).values;
  const sum = counted.reduce((total, { value }) => total + value, 0);
  t.equal(sum, attacks, 'and each is counted');
  t.same(counted.map(({ labels }) => labels.reason).sort(), [
    'audience',
    'claims',
    'expired',
    'issuer',
    'key',
    'malformed',
    'not_yet',
    'revoked',
    'signature',
    'user',
  ]);
});

t.test('refuses a good token in which anything is changed', async (t) => {
  const house = await openHouse(t);
  const goods = [keys.rsa, keys.ec, keys.ed].map((key) => token(house, key)).concat(house.door.tokenOf('mira'));
  const place = fc.record({
    good: fc.constantFrom(...goods),
    at: fc.nat(),
    put: fc.oneof(fc.constantFrom('', '.', '=', 'A', '_', '-', 'é'), fc.string({ minLength: 1, maxLength: 3 })),
  });
  let accepted = 0;
  const property = fc.asyncProperty(place, async ({ good, at, put }) => {
    const index = at % good.length;
    const changed = good.slice(0, index) + put + good.slice(index + 1);
    const { status } = await me(house, changed);
    // The way to the header takes spaces off the end, as HTTP does.
    if (changed.trim() !== good && status === 200) accepted += 1;
    return status === 401 || changed.trim() === good;
  });
  const seed = Date.now() % 2 ** 31;
  t.comment(`seed ${seed}`);
  await fc.assert(property, { seed, numRuns: 1_000 });
  t.equal(accepted, 0);
});

t.test('refuses settings by which a portal could speak for another', async (t) => {
  const jwksUrl = 'https://alpha.example/jwks';
  const good = portal({ jwksUrl });
  t.doesNotThrow(() => assertPortals([good, portal({ name: 'beta', issuer: BETA, jwksUrl })]));
  for (const [wrong, message] of [
    [[portal({ jwksUrl, issuer: 'signalbox' })], /'signalbox' is our own name/],
    [[portal({ jwksUrl, name: 'signalbox' })], /'signalbox' is our own name/],
    [[good, portal({ jwksUrl, name: 'beta' })], /same issuer or name/],
    [[good, portal({ jwksUrl, issuer: BETA })], /same issuer or name/],
    [[portal({ jwksUrl, algorithms: ['RS256', 'HS256'] })], /got 'HS256'/],
    [[portal({ jwksUrl, algorithms: ['none'] })], /got 'none'/],
    [[portal({ jwksUrl, algorithms: [] })], /at least one algorithm/],
    [[portal({})], /jwksUrl or publicKey/],
    [[portal({ jwksUrl, publicKey: pemOf(keys.rsa) })], /not both/],
  ] as const)
    t.throws(() => assertPortals(wrong), message);
  const secretKey = keys.rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await t.rejects(openFrontDoor({ portals: [portal({ publicKey: secretKey })] }), /got a private one/);
  const mismatch = portal({ publicKey: pemOf(keys.rsa), algorithms: ['ES256'] });
  await t.rejects(openFrontDoor({ portals: [mismatch] }), /expected publicKey to suit ES256, got rsa/);
  await t.rejects(openFrontDoor({ portals: [portal({ jwksUrl, issuer: 'signalbox' })] }), /our own name/);
});
