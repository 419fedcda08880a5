import t from 'tap';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AcmeFront } from '../../tests/peers/acme-front.js';
import { startPebble } from '../../tests/peers/pebble.js';
import { ariId, momentIn } from './ari.js';
import { topmostIssuer } from './chains.js';
import type { AcmeAccount } from './contract.js';
import { problemFailure } from './problems.js';
import {
  answerAll,
  apply,
  complete,
  csrFor,
  newKey,
  orderFor,
  reach,
  registration,
  until,
} from './testing/applicant.js';
import { startNameServer } from './testing/name-server.js';

const names = await startNameServer();
const files = new Map<string, string>();
const asked: string[] = [];
const responder = createServer(({ url = '' }, answer) => {
  asked.push(url);
  const content = files.get(url.replace('/.well-known/acme-challenge/', ''));
  answer.writeHead(content === undefined ? 404 : 200).end(content ?? '');
}).listen(0, '127.0.0.1');
await once(responder, 'listening');

// The first one validates for real: it looks names up and asks for files and records.
const real = await startPebble({
  dnsServer: names.address,
  httpPort: (responder.address() as AddressInfo).port,
  alternateRoots: 2,
  blockedNames: ['blocked.example'],
});
const front = await AcmeFront.start(real, { shortlived: 'Six days.' });
const direct = { directoryUrl: real.directoryUrl, rootPem: real.rootPem };
const fronted = { directoryUrl: front.directoryUrl, rootPem: real.rootPem };
const lax = await startPebble({ alwaysValid: true, nonceReject: 20 });
const laxFront = await AcmeFront.start(lax);
const easy = { directoryUrl: laxFront.directoryUrl, rootPem: lax.rootPem };
t.teardown(async () => {
  await Promise.all([front.stop(), laxFront.stop()]);
  await Promise.all([real.stop(), lax.stop(), names.stop()]);
  responder.close();
  await once(responder, 'close');
});

const certificates = (chain: string) =>
  (chain.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/gu) ?? []).map((pem) => new X509Certificate(pem));
const sanOf = (chain: string) =>
  (certificates(chain)[0]?.subjectAltName ?? '').split(', ').map((name) => name.replace('DNS:', ''));

/** Puts the answers of http-01 up. */
async function showFiles(account: AcmeAccount, orderUrl: string, wrong = false): Promise<void> {
  for (const { challenges } of await account.authorizations(orderUrl)) {
    const challenge = challenges.find(({ type }) => type === 'http-01');
    if (challenge) files.set(challenge.token, wrong ? 'something else' : challenge.answer);
  }
}

/** Puts the answers of dns-01 up. */
async function showRecords(account: AcmeAccount, orderUrl: string): Promise<void> {
  for (const { name, challenges } of await account.authorizations(orderUrl)) {
    const record = `_acme-challenge.${name}`;
    const challenge = challenges.find(({ type }) => type === 'dns-01');
    if (challenge) names.txt.set(record, [...(names.txt.get(record) ?? []), challenge.answer]);
  }
}

t.test('a certificate', async (t) => {
  await t.test('is issued when the answer of http-01 is shown', async (t) => {
    const { account } = await apply(direct);
    const { url, status } = await account.newOrder(orderFor(['web.example', 'www.web.example']));
    t.equal(status, 'pending');
    await showFiles(account, url);
    await answerAll(account, url, 'http-01');
    await until(account, url, 'ready');
    const before = real.issuedCount();
    const sent = await account.finalize(url, await csrFor(['web.example', 'www.web.example']));
    t.equal(sent.url, url);
    await until(account, url, 'valid');
    const chain = await account.chain(url, null);
    t.same(sanOf(chain).sort(), ['web.example', 'www.web.example']);
    t.ok(asked.length >= 2, 'the CA asked for the files');
    t.equal(real.issuedCount() - before, 1);
    const [root] = (await real.issuedRoots()).map((pem) => new X509Certificate(pem));
    t.ok(root && certificates(chain).at(-1)?.verify(root.publicKey), 'the chain ends in the CA’s root');
  });

  await t.test('is issued for a name and its wildcard when both TXT values of dns-01 are shown', async (t) => {
    const { account } = await apply(direct);
    const { url } = await account.newOrder(orderFor(['*.zone.example', 'zone.example']));
    const authorizations = await account.authorizations(url);
    t.same(authorizations.map(({ name, wildcard }) => `${name} ${wildcard}`).sort(), [
      'zone.example false',
      'zone.example true',
    ]);
    await showRecords(account, url);
    t.equal(names.txt.get('_acme-challenge.zone.example')?.length, 2);
    const chain = await complete(account, await account.order(url));
    t.same(sanOf(chain).sort(), ['*.zone.example', 'zone.example']);
  });

  await t.test('comes with the chain whose topmost issuer is preferred', async (t) => {
    const notes: string[] = [];
    const { account } = await apply(direct, { note: (line) => notes.push(line) });
    const { url, names: ordered } = await account.newOrder(orderFor(['chain.example']));
    await showRecords(account, url);
    await complete(account, { ...(await account.order(url)), names: ordered });
    const issuers = (await real.issuedRoots()).map(topmostIssuer);
    t.equal(new Set(issuers).size, 3);
    for (const issuer of issuers) t.equal(topmostIssuer(await account.chain(url, issuer)), issuer);
    t.equal(topmostIssuer(await account.chain(url, null)), issuers[0]);
    t.equal(topmostIssuer(await account.chain(url, 'Nobody Root')), issuers[0], 'the usual one where none is so');
    t.match(notes, [/no chain up to “Nobody Root”/]);
    const intermediate = /^CN=(.*)$/mu.exec(certificates(await account.chain(url, null))[0]?.issuer ?? '')?.[1];
    t.ok(intermediate);
    t.equal(
      topmostIssuer(await account.chain(url, intermediate ?? '')),
      issuers[0],
      'an issuer below is not the topmost',
    );
  });

  await t.test('is issued though a fifth of all nonces is refused', async (t) => {
    for (let run = 0; run < 5; run += 1) {
      const { account } = await apply(easy);
      const chain = await complete(account, await account.newOrder(orderFor([`*.n${run}.example`, `n${run}.example`])));
      t.equal(sanOf(chain).length, 2);
    }
    t.equal(lax.issuedCount(), 5);
    t.ok(laxFront.requests.some(({ status, header }) => header && status === 400));
  });

  await t.test('is revoked, and a second time is no fault', async (t) => {
    const notes: string[] = [];
    const { account } = await apply(easy, { note: (line) => notes.push(line) });
    const chain = await complete(account, await account.newOrder(orderFor(['revoked.example'])));
    const serialNumber = certificates(chain)[0]?.serialNumber ?? '';
    t.equal(await lax.revokedStatus(serialNumber), 'Valid');
    const stranger = await apply(easy);
    await t.rejects(stranger.account.revoke(chain, 4), { code: 'CA_ACCOUNT_REFUSED', retryable: false });
    t.equal(await lax.revokedStatus(serialNumber), 'Valid');
    await account.revoke(chain, 4);
    t.equal(await lax.revokedStatus(serialNumber), 'Revoked');
    t.match(laxFront.seen('revoke').at(-1)?.payload, { reason: 4 });
    await account.revoke(chain, 4);
    t.match(notes.at(-1), /revoked already/);
    await t.rejects(account.revoke(await csrFor(['x.example']), 4), { code: 'CA_REFUSED' }, 'what is no certificate');
    t.equal(await lax.revokedStatus('0123456789'), null);
  });
});

t.test('an account', async (t) => {
  await t.test('is found again by its key', async (t) => {
    const authority = reach(fronted);
    const keyPem = newKey();
    const url = await authority.register({ ...registration(keyPem), contactEmails: ['admin@ca.example'] });
    t.match(front.seen('newAccount').at(-1), {
      payload: { termsOfServiceAgreed: true, contact: ['mailto:admin@ca.example'] },
      header: { kid: undefined },
    });
    t.equal(await authority.register(registration(keyPem)), url, 'without contacts too');
    t.not(await authority.register(registration(newKey())), url);
    await t.rejects(authority.register({ ...registration(newKey()), contactEmails: ['nobody'] }), {
      name: 'AcmeError',
      code: 'CA_BAD_CONTACT',
      retryable: false,
      problem: { type: 'invalidContact' },
    });
  });

  await t.test('is found again after the answer was lost', async (t) => {
    const notes: string[] = [];
    const keyPem = newKey();
    const before = front.seen('newAccount').length;
    front.cut('newAccount', 'after');
    const url = await reach(fronted, { note: (line) => notes.push(line) }).register(registration(keyPem));
    t.match(notes, [/cut the connection/]);
    const answers = front.seen('newAccount').slice(before);
    t.same(new Set(answers.map(({ status }) => status)), new Set([201, 400, 200]), 'made, its nonce used up, found');
    t.equal(
      await reach(direct)
        .register(registration(keyPem))
        .then((found) => found.split('/').at(-1)),
      url.split('/').at(-1),
    );
  });

  await t.test('that the CA does not know is told from other refusals', async (t) => {
    const { keyPem, url } = await apply(direct);
    const stale = reach(direct).account(keyPem, `${url}00`);
    await t.rejects(stale.newOrder(orderFor(['web.example'])), {
      code: 'CA_ACCOUNT_GONE',
      retryable: false,
      problem: { type: 'accountDoesNotExist', status: 400 },
    });
  });

  await t.test('is bound to an external one where the CA wants it', async (t) => {
    const hmacKey = Buffer.alloc(32, 7).toString('base64url');
    const bound = await startPebble({
      eab: { 'kid-1': hmacKey },
      alwaysValid: true,
      authzReuse: 100,
      validitySeconds: 6 * 86_400,
      strict: true,
    });
    t.teardown(() => bound.stop());
    const authority = reach(bound);
    t.equal((await authority.meta()).externalAccountRequired, true);
    const keyPem = newKey();
    await t.rejects(authority.register(registration(keyPem)), { code: 'CA_EAB_REQUIRED' });
    const wrong = { keyId: 'kid-1', hmacKey: Buffer.alloc(32, 8).toString('base64url') };
    await t.rejects(authority.register(registration(keyPem, wrong)), { code: 'CA_EAB_REFUSED' });
    await t.rejects(authority.register(registration(keyPem, { keyId: 'kid-9', hmacKey })), { code: 'CA_EAB_REFUSED' });
    const url = await authority.register(registration(keyPem, { keyId: 'kid-1', hmacKey }));
    t.equal(await authority.register(registration(keyPem, { keyId: 'kid-1', hmacKey })), url);
    const account = authority.account(keyPem, url);
    const [issued] = certificates(await complete(account, await account.newOrder(orderFor(['bound.example']))));
    const days = (Date.parse(issued?.validTo ?? '') - Date.parse(issued?.validFrom ?? '')) / 86_400_000;
    t.equal(Math.round(days), 6, 'for as long as this CA issues');
    t.equal((await account.newOrder(orderFor(['bound.example']))).status, 'ready', 'what was validated may stay so');
  });
});

t.test('an order', async (t) => {
  await t.test('goes on from its URL in each of its states', async (t) => {
    const { keyPem, url: accountUrl, account } = await apply(fronted);
    const { url } = await account.newOrder(orderFor(['resumed.example']));
    const again = () => reach(fronted).account(keyPem, accountUrl);
    t.match(await again().order(url), { url, status: 'pending', names: ['resumed.example'], problem: null });
    t.match((await again().order(url)).expiresAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    await t.rejects(again().finalize(url, await csrFor(['resumed.example'])), { code: 'CA_ORDER_NOT_READY' });
    await t.rejects(again().chain(url, null), { code: 'CA_ORDER_NOT_READY', retryable: true });
    await showRecords(again(), url);
    await answerAll(again(), url, 'dns-01');
    t.equal((await until(again(), url, 'ready')).status, 'ready');
    await t.resolves(answerAll(again(), url, 'dns-01'), 'a challenge can be told twice');
    await t.rejects(again().finalize(url, await csrFor(['other.example'])), {
      code: 'CA_BAD_CSR',
      message: /resumed\.example/,
    });
    const csr = await csrFor(['resumed.example']);
    const before = { issued: real.issuedCount(), sent: front.seen('finalize').length };
    await again().finalize(url, csr);
    t.equal((await again().finalize(url, csr)).url, url, 'a CSR that the CA has is not sent again');
    t.equal((await until(again(), url, 'valid')).status, 'valid');
    t.equal((await again().finalize(url, csr)).status, 'valid');
    t.same(
      { issued: real.issuedCount(), sent: front.seen('finalize').length },
      { issued: before.issued + 1, sent: before.sent + 1 },
    );
    t.same(sanOf(await again().chain(url, null)), ['resumed.example']);
  });

  await t.test('whose validation failed keeps what the CA found', async (t) => {
    const { account } = await apply(direct);
    const { url } = await account.newOrder(orderFor(['wrong.example']));
    await showFiles(account, url, true);
    await answerAll(account, url, 'http-01');
    const order = await until(account, url, 'invalid');
    t.ok(order.problem, 'in the order');
    const [authorization] = await account.authorizations(url);
    t.equal(authorization?.status, 'invalid');
    const problem = authorization?.challenges.find(({ status }) => status === 'invalid')?.problem;
    t.match(problem, { type: 'unauthorized', status: 403, detail: /something else/ });
    t.match(problem && problemFailure(problem), { code: 'CA_UNAUTHORIZED', retryable: true, problem, hint: /DNS/ });
    await t.rejects(account.finalize(url, await csrFor(['wrong.example'])), { code: 'CA_ORDER_NOT_READY' });
  });

  await t.test('whose name has no address fails as the CA sees it', async (t) => {
    const { account } = await apply(direct);
    names.empty.add('nowhere.example');
    const { url } = await account.newOrder(orderFor(['nowhere.example']));
    await answerAll(account, url, 'http-01');
    await until(account, url, 'invalid');
    const [authorization] = await account.authorizations(url);
    const problem = authorization?.challenges.find(({ status }) => status === 'invalid')?.problem;
    t.ok(problem);
    t.match(problem && problemFailure(problem).code, /^CA_(DNS|CONNECTION)$/);
  });

  await t.test('for a forbidden name is refused, and says for which', async (t) => {
    const { account } = await apply(direct);
    const before = real.orderCount();
    await t.rejects(account.newOrder(orderFor(['good.example', 'www.blocked.example'])), {
      code: 'CA_REJECTED_IDENTIFIER',
      message: /www\.blocked\.example/,
      problem: { type: 'rejectedIdentifier' },
      retryable: false,
    });
    await t.rejects(account.newOrder(orderFor(['not a name'])), { code: 'CA_REFUSED', problem: { type: 'malformed' } });
    t.equal(real.orderCount(), before);
  });

  await t.test('is never sent twice when its answer is lost', async (t) => {
    const { account } = await apply(fronted);
    const before = { seen: front.seen('newOrder').length, orders: real.orderCount() };
    front.cut('newOrder', 'after');
    await t.rejects(account.newOrder(orderFor(['lost.example'])), { code: 'CA_UNREACHABLE', retryable: true });
    t.equal(front.seen('newOrder').length - before.seen, 1);
    t.equal(real.orderCount() - before.orders, 1);
    front.cut('newOrder', 'before');
    await t.rejects(account.newOrder(orderFor(['lost.example'])), { code: 'CA_UNREACHABLE' });
    t.equal(front.seen('newOrder').length - before.seen, 2);
    t.equal(real.orderCount() - before.orders, 1, 'the second one never came');
  });

  await t.test('goes on when the answer to its CSR is lost, with one certificate', async (t) => {
    const { account } = await apply(fronted);
    const { url } = await account.newOrder(orderFor(['once.example']));
    await showRecords(account, url);
    front.cut('challenge', 'after');
    front.cut('authz', 'after');
    front.cut('order', 'before', 2);
    await answerAll(account, url, 'dns-01');
    await until(account, url, 'ready');
    const before = { sent: front.seen('finalize').length, issued: real.issuedCount() };
    const csr = await csrFor(['once.example']);
    front.cut('finalize', 'after');
    await t.rejects(account.finalize(url, csr), { code: 'CA_UNREACHABLE', retryable: true });
    t.equal(front.seen('finalize').length - before.sent, 1);
    await until(account, url, 'valid');
    await account.finalize(url, csr);
    front.cut('certificate', 'after');
    t.same(sanOf(await account.chain(url, null)), ['once.example'], 'what is only read is asked for again');
    t.same([front.seen('finalize').length - before.sent, real.issuedCount() - before.issued], [1, 1]);
  });

  await t.test('fails cleanly while nine of ten nonces are refused, and goes on afterwards', async (t) => {
    const { account } = await apply(easy);
    const { url, names: ordered } = await account.newOrder(orderFor(['nonce.example']));
    laxFront.rejectNonces(0.9);
    const persist = async () => {
      for (let look = 0; look < 100; look += 1) await account.order(url);
    };
    await t.rejects(persist(), { code: 'CA_BAD_NONCE', retryable: true, problem: { type: 'badNonce' } });
    laxFront.rejectNonces(1);
    const before = { orders: lax.orderCount(), issued: lax.issuedCount() };
    await t.rejects(account.newOrder(orderFor(['nonce.example'])), { code: 'CA_BAD_NONCE' });
    t.equal(lax.orderCount(), before.orders);
    laxFront.rejectNonces(0);
    t.match(await complete(account, { ...(await account.order(url)), names: ordered }), /BEGIN CERTIFICATE/);
    t.equal(lax.issuedCount() - before.issued, 1);
  });
});

t.test('renewal information', async (t) => {
  const { account } = await apply(easy);
  const chain = await complete(account, await account.newOrder(orderFor(['ari.example'])));
  const id = await ariId(chain);
  const day = (of: number) => new Date(Date.UTC(2027, 0, of));
  const authority = reach(easy);

  await t.test('names a certificate by its issuer’s key and its serial number', async (t) => {
    const dir = t.testdir({
      ca: '[req]\ndistinguished_name=dn\nx509_extensions=v3\n[dn]\n[v3]\nbasicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=69885B6B87464041E1B37B847BA0AE2CDE01C8D4\n',
      leaf: 'authorityKeyIdentifier=keyid:always\nsubjectAltName=DNS:example.com\n',
      bare: 'subjectAltName=DNS:example.com\nauthorityKeyIdentifier=none\n',
    });
    await writeFile(join(dir, 'key.pem'), newKey());
    const openssl = (line: string) => promisify(execFile)('openssl', line.split(' '), { cwd: dir });
    await openssl('req -x509 -new -key key.pem -subj /CN=CA -config ca -out ca.pem');
    await openssl('req -new -key key.pem -subj /CN=leaf -config ca -out leaf.csr');
    const sign = 'x509 -req -in leaf.csr -CA ca.pem -CAkey key.pem -set_serial 0x8765432100';
    const { stdout } = await openssl(`${sign.replace('2100', '21')} -extfile leaf`);
    // The example of RFC 9773, appendix A: a serial number whose first bit is set keeps its leading zero.
    t.equal(await ariId(stdout), 'aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE');
    const bare = await openssl(`${sign} -extfile bare`);
    await t.rejects(ariId(bare.stdout), { code: 'CA_NO_ARI_ID' });
    t.equal(await authority.renewalInfo(bare.stdout), null);
    t.match(id, /^[\w-]{27}\.[\w-]+$/);
  });

  await t.test('is null where the CA has none or does not know the certificate', async (t) => {
    const plain = reach({ directoryUrl: lax.directoryUrl, rootPem: lax.rootPem });
    t.same(await plain.meta(), {
      termsOfService: 'data:text/plain,Do%20what%20thou%20wilt',
      externalAccountRequired: false,
      profiles: [],
      renewalInfo: false,
    });
    t.equal(await plain.renewalInfo(chain), null);
    t.match(await reach(fronted).meta(), { renewalInfo: true, profiles: ['shortlived'] });
    t.equal(await authority.renewalInfo(chain), null);
    t.equal(laxFront.seen('renewalInfo').at(-1)?.path, `/renewal-info/${id}`);
  });

  await t.test('says the window and when to ask again, within a minute and a day', async (t) => {
    const MINUTE_MS = 60_000;
    const waits: [string, number][] = [
      ['21600', 360 * MINUTE_MS],
      ['5', MINUTE_MS],
      ['2592000', 1440 * MINUTE_MS],
      ['Thu, 01 Jan 2099 00:00:00 GMT', 1440 * MINUTE_MS],
      ['soon', 360 * MINUTE_MS],
    ];
    for (const [header, expected] of waits) {
      laxFront.suggest(id, day(1), day(3), header);
      t.same(await authority.renewalInfo(chain), {
        windowStart: '2027-01-01T00:00:00.000Z',
        windowEnd: '2027-01-03T00:00:00.000Z',
        explanationUrl: 'https://ca.example/why',
        retryAfterMs: expected,
      });
    }
    laxFront.suggest(id, day(3), day(1));
    await t.rejects(authority.renewalInfo(chain), { code: 'CA_NOT_ACME' }, 'a window that ends before it starts');
    t.equal(momentIn({ windowStart: day(1).toISOString(), windowEnd: day(3).toISOString() }, 0), day(1).toISOString());
    t.equal(
      momentIn({ windowStart: day(1).toISOString(), windowEnd: day(3).toISOString() }, 0.5),
      day(2).toISOString(),
    );
    t.equal(momentIn({ windowStart: day(1).toISOString(), windowEnd: day(3).toISOString() }, 1), day(3).toISOString());
  });

  await t.test('is answered by an order that names what it replaces, once', async (t) => {
    const notes: string[] = [];
    const renewing = await apply(easy, { note: (line) => notes.push(line) });
    const payloads = () => laxFront.seen('newOrder').filter(({ status }) => status !== 400);
    const order = orderFor(['ari.example'], { replaces: id, profile: 'shortlived' });
    const first = await renewing.account.newOrder(order);
    t.equal(first.status, 'pending');
    t.match(payloads().at(-1), { status: 201, payload: { replaces: id, profile: 'shortlived' } });
    const before = payloads().length;
    const second = await renewing.account.newOrder(order);
    t.not(second.url, first.url);
    t.match(payloads().slice(before), [
      { status: 409, payload: { replaces: id } },
      { status: 201, payload: { replaces: undefined, profile: 'shortlived' } },
    ]);
    t.match(notes.at(-1), /without naming the replaced certificate/);
    laxFront.answer('newOrder', {
      status: 403,
      body: JSON.stringify({ type: 'urn:ietf:params:acme:error:rateLimited', detail: 'too many', status: 429 }),
    });
    const limited = payloads().length;
    await t.rejects(renewing.account.newOrder({ ...order, replaces: 'a.b' }), { code: 'CA_RATE_LIMITED' });
    t.equal(payloads().length - limited, 1, 'another refusal is no reason to order again');
  });

  await t.test('leaves out what an order replaces where the CA has none', async (t) => {
    const { keyPem, url } = await apply({ ...easy, directoryUrl: lax.directoryUrl });
    const bare = reach({ ...easy, directoryUrl: lax.directoryUrl }).account(keyPem, url);
    t.equal((await bare.newOrder(orderFor(['ari.example'], { replaces: id }))).status, 'pending');
  });
});
