import t, { type Test } from 'tap';
import type { DnsRun } from '../../../server/dns/contract.js';
import { startFakeCloudflare, type FakeCloudflareOptions } from '../../../tests/peers/fake-cloudflare.js';
import { guarded } from '../../../server/dns/guarded.js';
import { provider as original } from './index.js';
import { settings as schema } from './settings.js';

const provider = guarded(original);

const NAME = '_acme-challenge.www.alpha.test';

async function world(t: Test, options: FakeCloudflareOptions = { zones: ['alpha.test'] }) {
  const fake = await startFakeCloudflare(options);
  t.teardown(() => fake.stop());
  const settings = { apiToken: fake.token, apiUrl: fake.url };
  const run: DnsRun = { settings, signal: new AbortController().signal, log: () => undefined };
  return { fake, run };
}

t.test('writes into the deepest zone of the account', async (t) => {
  const { fake, run } = await world(t, { zones: ['alpha.test', 'www.alpha.test'] });
  await provider.place(run, { name: NAME, value: 'one' });
  t.strictSame(fake.records(NAME), ['one']);
  t.strictSame(fake.requests(), [
    ...['GET /zones', 'GET /zones', 'GET /zones/zone-www.alpha.test/dns_records'],
    'POST /zones/zone-www.alpha.test/dns_records',
  ]);
  await t.rejects(provider.place(run, { name: 'x.beta.test', value: 'one' }), {
    ...{ code: 'DNS_ZONE_UNKNOWN', message: 'The API token sees no zone that holds x.beta.test.', hint: /Zone:Read/ },
  });
});

t.test('leaves the values of others alone, also where they fill pages', async (t) => {
  const { fake, run } = await world(t);
  const others = Array.from({ length: 230 }, (_, index) => `other-${String(index).padStart(3, '0')}`);
  fake.fill(NAME, others);
  await provider.place(run, { name: NAME, value: 'one' });
  await provider.place(run, { name: NAME, value: 'other-229' });
  t.strictSame(fake.records(NAME), ['one', ...others].sort(), 'one that stands on the last page is not added again');
  await provider.check(run, NAME);
  await provider.remove(run, { name: NAME, value: 'one' });
  t.strictSame(fake.records(NAME), others);
});

t.test('is harmless where somebody does the same at the same moment', async (t) => {
  const { fake, run } = await world(t);
  const record = { name: NAME, value: 'one' };
  await Promise.all(Array.from({ length: 10 }, () => provider.place(run, record)));
  t.strictSame(fake.records(NAME), ['one']);
  await Promise.all(Array.from({ length: 10 }, () => provider.remove(run, record)));
  t.strictSame(fake.records(NAME), []);
});

t.test('says what the API says, and follows it nowhere', async (t) => {
  const { fake, run } = await world(t);
  const place = (apiToken = fake.token) =>
    provider.place({ ...run, settings: { ...run.settings, apiToken } }, { name: NAME, value: 'one' });
  await t.rejects(place('x'.repeat(40)), {
    ...{ code: 'DNS_REFUSED', hint: /Zone:Read and DNS:Edit/ },
    message: 'Cloudflare’s API answered 403: Authentication error (10000).',
  });
  await t.rejects(place('short'), {
    ...{ code: 'DNS_REFUSED', message: 'Cloudflare’s API answered 400: Invalid request headers (6003).' },
  });
  for (const [status, message] of [
    [502, 'Cloudflare’s API answered 502 with what is no JSON.'],
    [307, 'Cloudflare’s API answered 307 with what is no JSON.'],
  ] as const) {
    const before = fake.requests().length;
    fake.failNext(status);
    await t.rejects(place(), { code: 'DNS_FAILED', message });
    t.equal(fake.requests().length, before, 'no second request');
  }
  t.strictSame(fake.records(NAME), []);
});

t.test('takes an address that keeps the token safe', (t) => {
  const refuse = (apiUrl: string) => t.ok(schema.validate({ apiToken: 'x', apiUrl }).error, apiUrl);
  const take = (apiUrl: string) => t.equal(schema.validate({ apiToken: 'x', apiUrl }).error, undefined, apiUrl);
  ['https://api.example/v4', 'http://127.0.0.1:8080/v4', 'http://[::1]:8080', 'http://localhost/v4'].forEach(take);
  [
    ...['http://api.example/v4', 'https://user:word@api.example', 'http://127.0.0.1@api.example', 'ftp://127.0.0.1'],
    ...['http://127.0.0.1.example/', 'http://localhost.example', 'https://api.example\\@other', 'api.example'],
  ].forEach(refuse);
  t.ok(schema.validate({ apiToken: 'a b' }).error, 'a token that is no header');
  t.equal(schema.validate({ apiToken: 'x' }).value.apiUrl, 'https://api.cloudflare.com/client/v4');
  t.end();
});
