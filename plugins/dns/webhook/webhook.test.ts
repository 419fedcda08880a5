import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import type { DnsRun } from '../../../server/dns/contract.js';
import { guarded } from '../../../server/dns/guarded.js';
import { provider as original } from './index.js';
import { settings as schema } from './settings.js';

const provider = guarded(original);

/** A receiver that answers with these statuses, one after another, and 204 from then on. */
async function receiver(t: Test, ...statuses: number[]) {
  const heard: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers);
    response.writeHead(statuses.shift() ?? 204, { location: '/elsewhere' }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

const run = (settings: DnsRun['settings']): DnsRun => ({
  ...{ settings, signal: new AbortController().signal, log: () => undefined },
});
const record = { name: '_acme-challenge.alpha.test', value: 'one' };

t.test('sends only the secrets that are set', async (t) => {
  const { heard, url } = await receiver(t);
  await provider.place(run({ url, bearerToken: 'token-1234' }), record);
  await provider.remove(run({ url, hmacKey: 'key-1234' }), record);
  t.match(heard[0], { authorization: 'Bearer token-1234', 'content-type': 'application/json' });
  t.notOk('x-signalbox-signature' in heard[0]!);
  t.match(heard[1]?.['x-signalbox-signature'], /^sha256=[0-9a-f]{64}$/);
  t.notOk('authorization' in heard[1]!);
});

t.test('says what the webhook answered, and follows it nowhere', async (t) => {
  const { heard, url } = await receiver(t, 403, 307, 500);
  const place = () => provider.place(run({ url, bearerToken: 'token-1234' }), record);
  await t.rejects(place(), { code: 'DNS_REFUSED', message: 'The webhook answered 403 to present.' });
  await t.rejects(place(), {
    ...{ code: 'DNS_FAILED', message: 'The webhook answered 307 to present. Redirects are not followed.' },
  });
  await t.rejects(place(), { code: 'DNS_FAILED', message: 'The webhook answered 500 to present.' });
  t.equal(heard.length, 3);
});

t.test('cleans up after a check that failed, and tells the first failure', async (t) => {
  const { heard, url } = await receiver(t, 500);
  const check = provider.check(run({ url, bearerToken: 'token-1234' }), record.name);
  await t.rejects(check, { code: 'DNS_FAILED', message: 'The webhook answered 500 to present.' });
  t.equal(heard.length, 2, 'the value may have been set all the same');
});

t.test('asks for a secret and for an address that keeps it', (t) => {
  const refuse = (settings: object) => t.ok(schema.validate(settings).error, JSON.stringify(settings));
  refuse({ url: 'https://hooks.example/' });
  refuse({ url: 'http://hooks.example/', bearerToken: 'x' });
  refuse({ url: 'https://user:word@hooks.example/', bearerToken: 'x' });
  refuse({ url: 'http://127.0.0.1@hooks.example/', bearerToken: 'x' });
  refuse({ url: 'https://hooks.example/', bearerToken: 'a\r\nb' });
  const taken = schema.validate({ url: 'https://hooks.example:8443/a?b=c', hmacKey: 'x' });
  t.strictSame(taken.value, {
    ...{ url: 'https://hooks.example:8443/a?b=c', bearerToken: '', hmacKey: 'x', timeoutSeconds: 30 },
  });
  t.end();
});
