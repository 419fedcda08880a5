/** Messages that no client of ours sends: by hand, and by the thousand. */
import fc from 'fast-check';

const path = '/connections/1/operations';
const auth = { headers: { authorization: 'Bearer mira-0' } };
const hello = { type: 'hello', id: 1, version: '2' };
const sub = { type: 'sub', id: 1, path };

const badPaths = [
  null,
  5,
  true,
  [],
  {},
  '',
  '/',
  '//',
  'x',
  'constructor',
  '__proto__',
  'toString',
  '/a/',
  '/a//b',
  '/a/../b',
  '/..',
  '/.',
  '/a/.',
  '/%31',
  '/connections/%31/operations',
  `${path}?x=1`,
  `${path}#x`,
  `${path}/`,
  `/${path}`,
  '/a b',
  '/a\u0000',
  '/ä',
  '/a\nb',
  `/${'a'.repeat(300)}`,
  ['/a'],
  { path },
];

const badIds = [null, 0, -1, 1.5, '', true, [], {}, '0'.repeat(65), 'a b', 1e300];

const bad: unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1e308,
  '',
  'x',
  [],
  [null],
  [[]],
  {},
  { type: null },
  { type: 5 },
  { type: [] },
  { type: {} },
  { type: '' },
  { type: 'x', id: 1 },
  { type: 'constructor', id: 1 },
  { type: '__proto__', id: 1 },
  { type: 'toString', id: 1 },
  { type: 'HELLO', id: 1 },
  { type: ['hello'], id: 1 },
  { id: 1 },
  { type: 'ping' },
  { type: 'ping', id: 1, extra: 1 },
  { type: 'pub', id: 1, path, message: 1 },
  { type: 'update', id: 1 },
  { type: 'revoke', id: 1, path },
  { type: 'request', id: 1, method: 'GET', path: '/' },
  { type: 'request', id: 1, method: 5, path: '/' },
  { type: 'request', id: 1, method: 'GET', path: 5 },
  { type: 'request', id: 1, method: 'auth', path: '/nes/auth' },
  { type: 'request', id: 1, path: 'nes.auth' },
  { type: 'message', id: 1, message: 'x' },
  { type: 'message', id: 1 },
  { ...hello, id: undefined },
  { type: 'hello', id: 1 },
  { ...hello, version: 2 },
  { ...hello, version: null },
  { ...hello, version: 'x'.repeat(100) },
  { ...hello, subs: null },
  { ...hello, subs: 'x' },
  { ...hello, subs: {} },
  { ...hello, subs: [null] },
  { ...hello, subs: [5] },
  { ...hello, subs: [[]] },
  { ...hello, subs: { length: 1 } },
  { ...hello, auth, subs: [null] },
  { ...hello, subs: Array.from({ length: 201 }, (_, n) => `/a/${String(n)}`) },
  { ...hello, auth: null },
  { ...hello, auth: 5 },
  { ...hello, auth: 'x' },
  { ...hello, auth: true },
  { ...hello, auth: [] },
  { ...hello, auth: {} },
  { ...hello, auth: { headers: null } },
  { ...hello, auth: { headers: 'x' } },
  { ...hello, auth: { headers: 5 } },
  { ...hello, auth: { headers: [] } },
  { ...hello, auth: { headers: {} } },
  { ...hello, auth: { headers: { authorization: null } } },
  { ...hello, auth: { headers: { authorization: 5 } } },
  { ...hello, auth: { headers: { authorization: ['x'] } } },
  { ...hello, auth: { headers: { authorization: {} } } },
  { ...hello, auth: { headers: { authorization: '' } } },
  { ...hello, auth: { headers: { authorization: 'a\nb: c' } } },
  { ...hello, auth: { headers: { authorization: 'x', host: 'y' } } },
  { ...hello, auth: { headers: { host: ['a', 'b'] } } },
  { ...hello, auth: { headers: { cookie: 'nes=anything' } } },
  { ...hello, auth: { ...auth, extra: 1 } },
  { ...hello, auth: { headers: { 'x-forwarded-for': '1.2.3.4', ...auth.headers } } },
  { ...hello, extra: 1 },
  { type: 'reauth', id: 1 },
  { type: 'reauth', id: 1, auth: null },
  { type: 'reauth', id: 1, auth: 5 },
  { type: 'reauth', id: 1, auth: { headers: 5 } },
  { type: 'reauth', id: 1, auth: {}, version: '2' },
  { type: 'sub', id: 1 },
  { type: 'unsub', id: 1 },
  { ...sub, extra: null },
  { ...sub, auth },
  ...badPaths.flatMap((value) => [
    { ...sub, path: value },
    { type: 'unsub', id: 1, path: value },
    { ...hello, auth, subs: [value] },
  ]),
  ...badIds.flatMap((id) => [
    { ...sub, id },
    { type: 'ping', id },
    { ...hello, id },
  ]),
];

const raw = [
  '',
  ' ',
  '{',
  '}',
  '{]',
  'null,',
  'undefined',
  'NaN',
  "{'type':'ping'}",
  '{"type":"ping","id":1',
  '{"type":"ping","id":1}}',
  '\u0000',
  '\ufeff{"type":"ping","id":1}',
  '[',
  '['.repeat(5_000),
  '{"a":'.repeat(2_000),
  '"'.repeat(3),
  '{"type":"ping","id":1,"__proto__":{}}',
  '{"__proto__":{"type":"ping"},"id":1}',
  '{"type":"sub","id":1,"path":"/a","path":null}',
  '{"type":"ping","id":1,"constructor":{"prototype":{"x":1}}}',
  '+{"type":"ping","id":1}',
  '!{"type":"ping","id":1}',
];

/** Each of them must cost its sender the socket. */
export const nastyFrames: string[] = [...bad.map((value) => JSON.stringify(value) ?? 'null'), ...raw];

const words = [
  'type',
  'id',
  'path',
  'auth',
  'headers',
  'authorization',
  'subs',
  'version',
  'method',
  'message',
  '__proto__',
  'constructor',
];
const types = ['hello', 'reauth', 'sub', 'unsub', 'ping', 'request', 'message', 'pub', 'constructor', '__proto__', ''];

const anything = fc.jsonValue({ maxDepth: 3 });
const word = fc.constantFrom(...words);
const almost = fc.record(
  {
    type: fc.oneof(fc.constantFrom(...types), anything),
    id: fc.oneof(fc.integer(), anything),
    path: fc.oneof(fc.constantFrom(path, '/', '/%31', 'constructor', '__proto__'), fc.string(), anything),
    version: fc.oneof(fc.constant('2'), anything),
    auth: fc.oneof(fc.record({ headers: fc.oneof(fc.dictionary(word, anything), anything) }), anything),
    subs: fc.oneof(fc.array(anything), fc.array(fc.string()), anything),
    method: anything,
    message: anything,
  },
  { requiredKeys: [] },
);

const good = fc.constantFrom({ type: 'ping', id: 7 }, { type: 'sub', id: 7, path }, { type: 'unsub', id: 'x', path });

/** Generated messages; nearly all are malformed, and the good ones among them must be taken as such. */
export function generatedFrames(count: number, seed: number): string[] {
  const json = fc.oneof(
    { weight: 1, arbitrary: good.map((value) => JSON.stringify(value)) },
    { weight: 16, arbitrary: almost.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.dictionary(word, anything).map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: anything.map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  );
  return fc.sample(json, { numRuns: count, seed });
}
