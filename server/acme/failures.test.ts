import t, { type Test } from 'tap';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import acme from 'acme-client';
import { AcmeFront } from '../../tests/peers/acme-front.js';
import { startPebble } from '../../tests/peers/pebble.js';
import { startTcp } from '../../tests/peers/tcp-server.js';
import { acmeCodes } from './codes.js';
import type { AcmeProblem } from './contract.js';
import { AcmeError } from './errors.js';
import { problemFailure, readProblem, requestFailure } from './problems.js';
import { pollGapMs, retryAfterMs } from './retry-after.js';
import { apply, newKey, orderFor, reach, registration } from './testing/applicant.js';

const pebbles = await Promise.all([startPebble({ alwaysValid: true }), startPebble({ alwaysValid: true })]);
const [pebble, other] = pebbles;
const front = await AcmeFront.start(pebble);
const place = { directoryUrl: front.directoryUrl, rootPem: pebble.rootPem };
t.teardown(async () => {
  await front.stop();
  await Promise.all(pebbles.map((one) => one.stop()));
});

/** An HTTPS server that answers in its own way. */
async function serve(t: Test, answer: RequestListener) {
  const server = createHttps(pebble.tls, answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return { directoryUrl: `https://127.0.0.1:${(server.address() as AddressInfo).port}/dir`, rootPem: pebble.rootPem };
}

const failureOf = (work: Promise<unknown>): Promise<AcmeError> =>
  work.then(
    () => Promise.reject(new Error('It was expected to fail.')),
    (error: AcmeError) => error,
  );

t.test('a CA that cannot be used is told by its own code', async (t) => {
  await t.test('when nobody listens, with the cause', async (t) => {
    const { port, stop } = await startTcp(() => undefined);
    await stop();
    const notes: string[] = [];
    const nobody = { directoryUrl: `https://127.0.0.1:${port}/dir`, rootPem: null };
    const error = await failureOf(reach(nobody, { note: (line) => notes.push(line) }).meta());
    t.match(error, { code: 'CA_UNREACHABLE', retryable: true, message: `127.0.0.1:${port} refuses the connection.` });
    t.match(error.cause, { code: 'ECONNREFUSED' });
    t.equal(notes.length, 2, 'asked three times, as asking does no harm');
    await t.rejects(reach(nobody).register(registration(newKey())), { code: 'CA_UNREACHABLE' });
  });

  await t.test('when its name has no address', async (t) => {
    const lost = { directoryUrl: 'https://ca.invalid/dir', rootPem: null };
    await t.rejects(reach(lost).meta(), { code: 'CA_UNREACHABLE', message: /^ca\.invalid .*DNS\.$/ });
  });

  await t.test('when it takes the connection and says nothing', async (t) => {
    const { port, stop } = await startTcp(() => undefined);
    t.teardown(stop);
    const silent = { directoryUrl: `https://127.0.0.1:${port}/dir`, rootPem: null };
    await t.rejects(reach(silent, { timeoutMs: 200 }).meta(), { code: 'CA_TIMEOUT', retryable: true });
    const trickling = await serve(t, (_, answer) => void answer.write('{'));
    await t.rejects(reach(trickling, { timeoutMs: 200 }).meta(), { code: 'CA_TIMEOUT' }, 'in the middle of its answer');
  });

  await t.test('when it speaks something else', async (t) => {
    const plain = createHttp((_, answer) => answer.end('{}')).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    t.teardown(() => plain.close());
    const { port } = plain.address() as AddressInfo;
    const notAcme = { code: 'CA_NOT_ACME', retryable: false };
    const directory = (directoryUrl: string) => reach({ directoryUrl, rootPem: null }).meta();
    await t.rejects(directory(`https://127.0.0.1:${port}/dir`), { ...notAcme, message: /does not speak HTTPS/ });
    await t.rejects(directory(`http://127.0.0.1:${port}/dir`), { ...notAcme, message: /https:/ });
    const bodies: [number, string][] = [
      [200, '<html>hello</html>'],
      [200, '{"newNonce":"https://127.0.0.1/","meta":[]}'],
      [200, 'null'],
      [404, 'nothing here'],
      [403, '{"type":"about:blank"}'],
      [301, ''],
      [200, JSON.stringify({ more: 'x'.repeat(1024 * 1024) })],
    ];
    for (const [status, body] of bodies) {
      const server = await serve(t, (_, answer) => answer.writeHead(status, { location: '/elsewhere' }).end(body));
      await t.rejects(reach(server).meta(), notAcme, `${status} ${body.slice(0, 20)}`);
    }
  });

  await t.test('when its TLS is not trusted', async (t) => {
    const untrusted = { code: 'CA_TLS_UNTRUSTED', retryable: false, hint: /\broots?\b/ };
    const { directoryUrl } = pebble;
    await t.rejects(reach({ directoryUrl, rootPem: null }).meta(), untrusted, 'the system’s roots alone');
    await t.rejects(reach({ directoryUrl, rootPem: other.rootPem }).meta(), untrusted, 'another root');
    await t.rejects(reach({ directoryUrl, rootPem: 'not a PEM' }).meta(), untrusted, 'no root at all');
    const elsewhere = directoryUrl.replace('127.0.0.1', '127.0.0.2');
    const server = createHttps(pebble.tls).listen(Number(new URL(elsewhere).port), '127.0.0.2');
    await once(server, 'listening');
    t.teardown(() => server.close());
    await t.rejects(reach({ directoryUrl: elsewhere, rootPem: pebble.rootPem }).meta(), untrusted, 'another name');
  });
});

t.test('authorities with different roots do not mix', async (t) => {
  const applied = Array.from({ length: 6 }, async (_, index) => {
    const one = index % 2 === 0 ? pebble : other;
    const { account } = await apply(one);
    return account.newOrder(orderFor([`n${index}.example`]));
  });
  const crossed = Array.from({ length: 4 }, (_, index) => {
    const [at, by] = index % 2 === 0 ? [pebble, other] : [other, pebble];
    return failureOf(apply({ directoryUrl: at.directoryUrl, rootPem: by.rootPem }));
  });
  const orders = await Promise.all(applied);
  t.same(
    orders.map(({ url }) => new URL(url).port),
    orders.map((_, index) => String((index % 2 === 0 ? pebble : other).port)),
  );
  t.same(
    (await Promise.all(crossed)).map(({ code }) => code),
    crossed.map(() => 'CA_TLS_UNTRUSTED'),
  );
  const plain = createHttp((asked, answer) => answer.end(asked.headers['user-agent'])).listen(0, '127.0.0.1');
  await once(plain, 'listening');
  t.teardown(() => plain.close());
  const { port } = plain.address() as AddressInfo;
  const { data } = await acme.axios.get<string>(`http://127.0.0.1:${port}/`, { proxy: false });
  t.match(data, /acme-client/, 'who else uses the package goes his own way');
});

t.test('a signal ends a step at once', async (t) => {
  const reason = new Error('Cancelled by a person.');
  const { keyPem, url } = await apply(place);
  const started = () => {
    const controller = new AbortController();
    const notes: string[] = [];
    const authority = reach(place, { signal: controller.signal, note: (line) => notes.push(line) });
    return { controller, notes, account: authority.account(keyPem, url), authority };
  };

  await t.test('while the CA is asked', async (t) => {
    const { controller, account } = started();
    front.hold('newOrder', 'before');
    const step = failureOf(account.newOrder(orderFor(['held.example'])));
    await front.reached('newOrder', 'before');
    const orders = pebble.orderCount();
    controller.abort(reason);
    t.equal(await step, reason);
    front.release();
    await t.rejects(account.order(`${url}/1`), reason, 'and each later one');
    t.equal(pebble.orderCount(), orders);
  });

  await t.test('while a Retry-After is waited for', async (t) => {
    const { controller, account } = started();
    front.answer('newNonce', { status: 503, headers: { 'retry-after': '59' } });
    const step = failureOf(account.newOrder(orderFor(['waiting.example'])));
    while (front.seen('newNonce').at(-1)?.status !== 503) await new Promise(setImmediate);
    controller.abort(reason);
    t.equal(await step, reason);
  });

  await t.test('before it began', async (t) => {
    const { controller, authority } = started();
    const before = front.requests.length;
    controller.abort(reason);
    await t.rejects(authority.meta(), reason);
    await t.rejects(authority.renewalInfo('-'), reason);
    t.equal(front.requests.length, before);
  });
});

t.test('what is asked again', async (t) => {
  const { account } = await apply(place);
  const rateLimited = JSON.stringify({ type: 'urn:ietf:params:acme:error:rateLimited', detail: 'too many orders' });
  const newOrders = () => front.seen('newOrder').length;

  await t.test('is not what the CA forbids for an hour, which is told', async (t) => {
    const before = newOrders();
    const earliest = Date.now() + 3_600_000;
    front.answer('newOrder', { status: 429, headers: { 'retry-after': '3600' }, body: rateLimited });
    const error = await failureOf(account.newOrder(orderFor(['limited.example'])));
    t.match(error, {
      code: 'CA_RATE_LIMITED',
      retryable: true,
      problem: { type: 'rateLimited' },
      message: /too many orders/,
    });
    t.ok(Date.parse(error.retryAt ?? '') >= earliest, 'until when');
    t.match(error.message, error.retryAt ?? '-');
    t.equal(newOrders() - before, 1);
    front.answer('newOrder', { status: 429, body: rateLimited });
    t.match(await failureOf(account.newOrder(orderFor(['limited.example']))), {
      code: 'CA_RATE_LIMITED',
      retryAt: null,
    });
    t.equal(newOrders() - before, 2, 'nor where it does not say how long');
  });

  await t.test('is what a short Retry-After promises, thrice at most', async (t) => {
    const notes: string[] = [];
    const { account: noted } = await apply(place, { note: (line) => notes.push(line) });
    const before = newOrders();
    front.answer('newOrder', { status: 503, headers: { 'retry-after': '0' } });
    t.equal((await noted.newOrder(orderFor(['busy.example']))).status, 'pending');
    t.equal(newOrders() - before, 2);
    t.match(notes, ['The CA answered 503; asking again in 1 s.']);
    front.answer('newOrder', { status: 503, headers: { 'retry-after': '0' } }, 3);
    await t.rejects(noted.newOrder(orderFor(['busy.example'])), { code: 'CA_SERVER', retryable: true });
    t.equal(newOrders() - before, 5);
  });

  await t.test('is a reading after the CA’s own fault, and never an order', async (t) => {
    const { url } = await account.newOrder(orderFor(['fault.example']));
    const before = newOrders();
    front.answer('order', { status: 500 }, 2);
    t.equal((await account.order(url)).status, 'pending');
    front.answer('order', { status: 502, body: '<html>Bad gateway</html>' }, 3);
    await t.rejects(account.order(url), { code: 'CA_SERVER', message: /502/, problem: null });
    front.answer('newOrder', { status: 500 });
    await t.rejects(account.newOrder(orderFor(['fault.example'])), { code: 'CA_SERVER' });
    t.equal(newOrders() - before, 1);
    await t.rejects(account.order(`${url}x`), { code: 'CA_NOT_FOUND' });
  });

  t.test('waits as long as the header says', async (t) => {
    const now = Date.parse('2027-01-01T00:00:00Z');
    t.equal(retryAfterMs('90', now), 90_000);
    t.equal(retryAfterMs('Fri, 01 Jan 2027 00:01:00 GMT', now), 60_000);
    t.equal(retryAfterMs('Thu, 31 Dec 2026 00:00:00 GMT', now), 0);
    t.equal(retryAfterMs('later', now), null);
    t.equal(retryAfterMs(undefined, now), null);
    t.same([1, 2, 3, 6, 7, 1000].map(pollGapMs), [250, 500, 1000, 8000, 10_000, 10_000]);
  });
});

t.test('answers that would lead astray are refused', async (t) => {
  const { account } = await apply(place);
  const { url } = await account.newOrder(orderFor(['astray.example']));
  const authorization = (change: object) => ({
    status: 'pending',
    identifier: { type: 'dns', value: 'astray.example' },
    challenges: [{ url: 'https://127.0.0.1/1', type: 'http-01', status: 'pending', token: 'abc' }],
    ...change,
  });
  const challenge = (token: string) => [{ url: 'https://127.0.0.1/1', type: 'dns-01', status: 'pending', token }];
  const strange = [
    { challenges: challenge('../../../etc/passwd') },
    { challenges: challenge('') },
    { identifier: { type: 'dns', value: '../up' } },
    { identifier: { type: 'ip', value: '127.0.0.1' } },
    { identifier: null },
    { status: 'perhaps' },
    { challenges: 'none' },
    { challenges: [null] },
  ];
  for (const change of strange) {
    front.answer('authz', { status: 200, body: JSON.stringify(authorization(change)) });
    await t.rejects(account.authorizations(url), { code: 'CA_NOT_ACME' }, JSON.stringify(change));
  }
  front.answer('authz', {
    status: 200,
    body: JSON.stringify(
      authorization({ challenges: [...challenge('ok'), { type: 'dns-persist-01', status: 'pending' }] }),
    ),
  });
  const [known] = await account.authorizations(url);
  t.same(
    known?.challenges.map(({ type }) => type),
    ['dns-01'],
    'a challenge of a kind that nobody knows is left out',
  );
  for (const body of ['[]', 'text', '{"status":"done"}', '{"status":"valid"}', 'null']) {
    front.answer('order', { status: 200, body });
    await t.rejects(account.chain(url, null), AcmeError, body);
  }
  front.answer('newOrder', { status: 201, body: '{"status":"pending"}' });
  await t.rejects(account.newOrder(orderFor(['astray.example'])), { code: 'CA_NOT_ACME' }, 'an order without a URL');
  front.answer('order', {
    status: 200,
    body: JSON.stringify({ status: 'valid', certificate: 'https://127.0.0.1:1/c' }),
  });
  await t.rejects(account.chain(url, null), { code: 'CA_UNREACHABLE' });
});

t.test('each problem has a code that a person can act on', async (t) => {
  const problem = (type: string, more: Partial<AcmeProblem> = {}): AcmeProblem => ({
    type,
    detail: 'so it is.',
    status: 403,
    subproblems: [],
    ...more,
  });
  const expected: Record<string, string> = {
    caa: 'CA_CAA',
    connection: 'CA_CONNECTION',
    tls: 'CA_CONNECTION',
    dns: 'CA_DNS',
    incorrectResponse: 'CA_INCORRECT_RESPONSE',
    unauthorized: 'CA_UNAUTHORIZED',
    rejectedIdentifier: 'CA_REJECTED_IDENTIFIER',
    unsupportedIdentifier: 'CA_UNSUPPORTED_IDENTIFIER',
    badCSR: 'CA_BAD_CSR',
    badPublicKey: 'CA_BAD_KEY',
    invalidProfile: 'CA_UNKNOWN_PROFILE',
    userActionRequired: 'CA_TERMS',
    unsupportedContact: 'CA_BAD_CONTACT',
    serverInternal: 'CA_SERVER',
    somethingNew: 'CA_REFUSED',
    constructor: 'CA_REFUSED',
  };
  for (const [type, code] of Object.entries(expected)) {
    const error = problemFailure(problem(type));
    t.match(error, { code, problem: { type }, retryAt: null });
    t.match(error.message, /^[A-Z].*: so it is\.$/);
  }
  const subproblems = ['a.example', 'b.example'].map((identifier) => ({ identifier, type: 'caa', detail: 'no' }));
  t.match(problemFailure(problem('compound', { subproblems })), {
    code: 'CA_CAA',
    message: /a\.example: no · b\.example: no/,
  });
  const mixed = [...subproblems, { identifier: null, type: 'dns', detail: 'gone' }];
  t.equal(problemFailure(problem('compound', { subproblems: mixed })).code, 'CA_REFUSED');
  t.equal(problemFailure(problem('compound')).code, 'CA_REFUSED');
  const refused = (type: string) =>
    requestFailure({ status: 403, problem: problem(type), retryAt: null, unauthorized: 'CA_EAB_REFUSED' }).code;
  t.same(['unauthorized', 'badCSR', 'malformed'].map(refused), ['CA_EAB_REFUSED', 'CA_BAD_CSR', 'CA_REFUSED']);

  t.same(
    readProblem({ type: 'urn:ietf:params:acme:error:dns', detail: 'a\u001b[31m\u202e\nb', subproblems: [null, {}] }),
    {
      type: 'dns',
      detail: 'a b',
      status: null,
      subproblems: [{ identifier: null, type: '', detail: '' }],
    },
  );
  for (const value of [null, 'text', [], {}, { type: 5 }]) t.equal(readProblem(value), null);
  for (const [code, { sentence, hint }] of Object.entries(acmeCodes)) {
    t.match(sentence, /^[A-Z].*\.$/, code);
    if (hint !== null) t.match(hint, /^[A-Z].*\.$/);
  }
});
