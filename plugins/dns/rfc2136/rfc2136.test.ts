import { randomBytes } from 'node:crypto';
import t, { type Test } from 'tap';
import type { DnsRun } from '../../../server/dns/contract.js';
import type { JsonObject } from '../../../server/operations/contract.js';
import { startBind, type BindOptions } from '../../../tests/peers/bind.js';
import { startTcp } from '../../../tests/peers/tcp-server.js';
import { guarded } from '../../../server/dns/guarded.js';
import { provider as original } from './index.js';
import { hostAndPort, settings as schema } from './settings.js';
import { sign, verify } from './tsig.js';
import { OPCODE, TYPE, messageBytes, parse, questionBytes, readName } from './wire.js';

const provider = guarded(original);

const NAME = '_acme-challenge.www.alpha.test';
const run = (settings: JsonObject): DnsRun => ({
  ...{ settings, signal: new AbortController().signal, log: () => undefined },
});

async function world(t: Test, options: BindOptions = { zones: [{ name: 'alpha.test' }] }) {
  const bind = await startBind(options);
  t.teardown(() => bind.stop());
  const { name: keyName, secret } = bind.key;
  return { bind, settings: { server: bind.address, keyName, secret, timeoutSeconds: 5 } };
}

t.test('signs with each algorithm, and finds the zone or takes the given one', async (t) => {
  const { bind, settings } = await world(t, { zones: [{ name: 'alpha.test' }, { name: 'www.beta.test' }] });
  for (const algorithm of ['hmac-sha256', 'hmac-sha384', 'hmac-sha512'] as const) {
    const { name: keyName, secret } = bind.keys[algorithm];
    const own = run({ ...settings, algorithm, keyName, secret });
    await provider.place(own, { name: NAME, value: algorithm });
    t.ok((await bind.records(NAME)).includes(algorithm), algorithm);
    await provider.remove(own, { name: NAME, value: algorithm });
  }
  await provider.place(run(settings), { name: 'a.b.www.beta.test', value: 'deep' });
  t.strictSame(await bind.records('a.b.www.beta.test'), ['deep'], 'in the zone that the server names');
  await provider.place(run({ ...settings, zone: 'Alpha.test.' }), { name: `${NAME}.`, value: 'given' });
  t.strictSame(await bind.records(NAME), ['given']);
});

t.test('leaves the values of others alone', async (t) => {
  const { bind, settings } = await world(t);
  const other = 'o'.repeat(400);
  await bind.update(`update add ${NAME} 3600 TXT ${other.slice(0, 200)} ${other.slice(200)}`);
  await provider.place(run(settings), { name: NAME, value: 'ours' });
  t.strictSame(await bind.records(NAME), [other, 'ours']);
  await provider.check(run(settings), NAME);
  await provider.remove(run(settings), { name: NAME, value: 'ours' });
  await provider.remove(run(settings), { name: NAME, value: 'not there' });
  t.strictSame(await bind.records(NAME), [other]);
  const long = 'l'.repeat(400);
  await provider.place(run(settings), { name: NAME, value: long });
  t.strictSame(await bind.records(NAME), [long, other], 'in two strings');
  await provider.remove(run(settings), { name: NAME, value: long });
  t.strictSame(await bind.records(NAME), [other]);
});

t.test('places twenty values at one name at the same moment', async (t) => {
  const { bind, settings } = await world(t);
  const values = Array.from({ length: 20 }, (_, index) => `value-${index}`).sort();
  await Promise.all(values.map((value) => provider.place(run(settings), { name: NAME, value })));
  t.strictSame(await bind.records(NAME), values);
  await Promise.all(values.map((value) => provider.remove(run(settings), { name: NAME, value })));
  t.strictSame(await bind.records(NAME), []);
});

t.test('says why the server refuses', async (t) => {
  const records = ['_acme-challenge.alias CNAME elsewhere.beta.test.'];
  const { bind, settings } = await world(t, { zones: [{ name: 'alpha.test', records }] });
  const wrong = randomBytes(32).toString('base64');
  const cases: [change: JsonObject, name: string, failure: { code: string; message: RegExp; hint?: RegExp }][] = [
    [{ secret: wrong }, NAME, { code: 'DNS_REFUSED', message: /refused the TSIG key \(BADSIG\)\.$/, hint: /secret/ }],
    [{ keyName: 'other' }, NAME, { code: 'DNS_REFUSED', message: /\(BADKEY\)\.$/, hint: /name and the algorithm/ }],
    [{ algorithm: 'hmac-sha512' }, NAME, { code: 'DNS_REFUSED', message: /\(BADKEY\)\.$/ }],
    [
      { keyName: 'powerless', secret: bind.keys.powerless.secret },
      NAME,
      { code: 'DNS_REFUSED', message: /answered REFUSED\.$/, hint: /Let the TSIG key write/ },
    ],
    [{ zone: 'gamma.example' }, 'x.gamma.example', { code: 'DNS_ZONE_UNKNOWN', message: /answered NOTAUTH\.$/ }],
    [{ zone: 'alpha.test' }, 'x.beta.test', { code: 'DNS_ZONE_UNKNOWN', message: /answered NOTZONE\.$/ }],
    [{}, 'x.gamma.example', { code: 'DNS_ZONE_UNKNOWN', message: /holds no zone for x\.gamma\.example\.$/ }],
    [{}, 'test', { code: 'DNS_REFUSED', message: /answered REFUSED\.$/ }],
  ];
  for (const [change, name, failure] of cases) {
    const own = run({ ...settings, ...change });
    await t.rejects(provider.place(own, { name, value: 'v' }), failure, JSON.stringify(Object.keys(change)));
    await t.rejects(provider.check(own, name), failure, 'the check says the same');
  }
  const alias = '_acme-challenge.alias.alpha.test';
  await t.rejects(
    provider.check(run(settings), alias),
    { code: 'DNS_FAILED', message: /does not show it\.$/, hint: /CNAME/ },
    'a record beside a CNAME is passed over by the server',
  );
  t.strictSame(await bind.records(alias), []);
  await t.rejects(provider.place(run({ ...settings, server: 'ns1.nowhere.invalid' }), { name: NAME, value: 'v' }), {
    ...{ code: 'DNS_UNREACHABLE', message: /can’t be reached \((ENOTFOUND|EAI_AGAIN)\)\.$/ },
  });
});

t.test('believes no answer that the key did not sign', async (t) => {
  const key = { name: 'signalbox', algorithm: 'hmac-sha256', secret: randomBytes(32).toString('base64') } as const;
  const question = questionBytes('alpha.test', TYPE.SOA);
  const settings = { keyName: key.name, secret: key.secret, zone: 'alpha.test', timeoutSeconds: 5 };
  const reply = async (answer: (id: number, asked: Buffer) => Buffer) => {
    const server = await startTcp((socket) =>
      socket.on('data', (bytes) => {
        const message = answer(bytes.readUInt16BE(2), bytes.subarray(2));
        const length = Buffer.from([message.length >> 8, message.length & 0xff]);
        socket.write(Buffer.concat([length, message]));
      }),
    );
    t.teardown(() => server.stop());
    return provider.place(run({ ...settings, server: `127.0.0.1:${server.port}` }), { name: NAME, value: 'v' });
  };
  const plain = (id: number) => messageBytes(id, OPCODE.UPDATE, question);
  await t.rejects(reply(plain), { code: 'DNS_FAILED', message: /is not signed\.$/ });
  await t.rejects(
    reply((id) => sign(key, plain(id)).bytes),
    { code: 'DNS_FAILED', message: /is not signed by the TSIG key\.$/ },
    'signed by the key, but not for this message',
  );
  await t.rejects(
    reply((_, asked) => asked),
    { code: 'DNS_FAILED', message: /is not signed by the TSIG key\.$/ },
    'our own message sent back',
  );
  await t.rejects(
    reply(() => randomBytes(40)),
    { code: 'DNS_FAILED', message: /can’t be read\.$/ },
  );
  const closing = await startTcp((socket) => void socket.end());
  t.teardown(() => closing.stop());
  const closed = provider.place(run({ ...settings, server: `127.0.0.1:${closing.port}` }), { name: NAME, value: 'v' });
  await t.rejects(closed, { code: 'DNS_UNREACHABLE', message: /closed the connection without an answer\.$/ });
});

t.test('reads messages that are made to mislead', (t) => {
  const pointer = (at: number) => Buffer.from([0xc0 | (at >> 8), at & 0xff]);
  t.throws(() => readName(Buffer.concat([Buffer.alloc(12), pointer(12)]), 12), RangeError, 'a name that is itself');
  t.throws(() => readName(Buffer.concat([Buffer.alloc(12), pointer(40)]), 12), RangeError, 'a name that lies ahead');
  t.throws(() => readName(Buffer.from([9, 97]), 0), RangeError, 'a name that is cut off');
  t.throws(() => parse(Buffer.alloc(5)), RangeError);
  t.throws(() => parse(Buffer.concat([Buffer.alloc(4), Buffer.from([0, 0, 0xff, 0xff]), Buffer.alloc(4)])), RangeError);
  const key = { name: 'k', algorithm: 'hmac-sha256', secret: randomBytes(32).toString('base64') } as const;
  const request = sign(key, messageBytes(7, OPCODE.UPDATE, questionBytes('a.test', TYPE.SOA)));
  for (let length = 0; length < request.bytes.length; length += 1) {
    const cut = request.bytes.subarray(0, length);
    t.throws(() => verify(key, request, cut), RangeError, `cut off after ${length} bytes`);
  }
  t.end();
});

t.test('takes only settings that can be meant', (t) => {
  const good = { server: 'ns1.alpha.test', keyName: 'k', secret: randomBytes(32).toString('base64') };
  const refuse = (change: object) => t.ok(schema.validate({ ...good, ...change }).error, JSON.stringify(change));
  t.equal(schema.validate(good).error, undefined);
  for (const server of ['', 'a b', 'ns1.alpha.test:', 'http://ns1', '::1', 'ns1:123456']) refuse({ server });
  for (const keyName of ['', 'a..b', 'a b', 'x'.repeat(64)]) refuse({ keyName });
  for (const secret of ['', 'no base64!', 'c2hvcnQ=']) refuse({ secret });
  refuse({ algorithm: 'hmac-md5' });
  t.strictSame(hostAndPort('ns1.alpha.test'), { host: 'ns1.alpha.test', port: 53 });
  t.strictSame(hostAndPort('192.0.2.1:5353'), { host: '192.0.2.1', port: 5353 });
  t.strictSame(hostAndPort('[2001:db8::1]:53'), { host: '2001:db8::1', port: 53 });
  t.strictSame(hostAndPort('[2001:db8::1]'), { host: '2001:db8::1', port: 53 });
  t.end();
});
