/** What every folder of plugins/dns must keep to. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { server as hapiServer, type Plugin } from '@hapi/hapi';
import t, { type Test } from 'tap';
import type { CheckedDnsProvider, DnsProvider, DnsRun } from '../../server/dns/contract.js';
import { DnsRegistry } from '../../server/dns/registry.js';
import type { JsonObject } from '../../server/operations/contract.js';
import { startBind } from '../../tests/peers/bind.js';
import { startFakeAcmeDns } from '../../tests/peers/fake-acme-dns.js';
import { startFakeCloudflare } from '../../tests/peers/fake-cloudflare.js';
import { startTcp } from '../../tests/peers/tcp-server.js';
import { freePort } from '../../tests/peers/ports.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const NAME = '_acme-challenge.www.alpha.test';
const valueOf = (word: string) => createHash('sha256').update(word).digest('base64url');

/** One provider with the other side that it is tried on. */
interface Trial {
  settings: JsonObject;
  /** The same with wrong secrets. */
  refused: JsonObject;
  /** The same, to a server on another port of the loopback. */
  at(port: number): JsonObject;
  /** The values that stand at the name, sorted. */
  records(): Promise<string[]> | string[];
  /** False where values are never removed. */
  removes: boolean;
}

async function bindTrial(t: Test): Promise<Trial> {
  const bind = await startBind({ zones: [{ name: 'alpha.test' }] });
  t.teardown(() => bind.stop());
  const settings = { server: bind.address, keyName: bind.key.name, secret: bind.key.secret, timeoutSeconds: 1 };
  return {
    ...{ settings, removes: true, records: () => bind.records(NAME) },
    refused: { ...settings, secret: randomBytes(32).toString('base64') },
    at: (port) => ({ ...settings, server: `127.0.0.1:${port}` }),
  };
}

async function cloudflareTrial(t: Test): Promise<Trial> {
  const fake = await startFakeCloudflare({ zones: ['alpha.test'] });
  t.teardown(() => fake.stop());
  const settings = { apiToken: fake.token, apiUrl: fake.url, timeoutSeconds: 1 };
  return {
    ...{ settings, removes: true, records: () => fake.records(NAME) },
    refused: { ...settings, apiToken: `wrong-${'x'.repeat(34)}` },
    at: (port) => ({ ...settings, apiUrl: `http://127.0.0.1:${port}/client/v4` }),
  };
}

async function acmeDnsTrial(t: Test): Promise<Trial> {
  const fake = await startFakeAcmeDns('auth.test');
  t.teardown(() => fake.stop());
  const records = [`_acme-challenge.www CNAME ${fake.account.fulldomain}.`];
  const elsewhere = [{ name: fake.zone, address: fake.address }];
  const bind = await startBind({ zones: [{ name: 'alpha.test', records }], elsewhere });
  t.teardown(() => bind.stop());
  const settings = { serverUrl: fake.url, ...fake.account, resolvers: [bind.address], timeoutSeconds: 1 };
  return {
    ...{ settings, removes: false, records: () => fake.records() },
    refused: { ...settings, password: `wrong-${'x'.repeat(34)}` },
    at: (port) => ({ ...settings, serverUrl: `http://127.0.0.1:${port}` }),
  };
}

async function webhookTrial(t: Test): Promise<Trial> {
  const [bearerToken, hmacKey] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')];
  const values = new Set<string>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { 'x-signalbox-timestamp': at, 'x-signalbox-signature': signature } = request.headers;
    const right = `sha256=${createHmac('sha256', hmacKey)
      .update(`${String(at)}.${body}`)
      .digest('hex')}`;
    const allowed = request.headers.authorization === `Bearer ${bearerToken}` && signature === right;
    const change = JSON.parse(body) as { action: string; fqdn: string; value: string };
    if (!allowed) return void response.writeHead(401).end('no');
    if (change.fqdn !== NAME || Object.keys(change).length !== 3) return void response.writeHead(422).end();
    if (change.action === 'present') values.add(change.value);
    if (change.action === 'cleanup') values.delete(change.value);
    return void response.writeHead(204).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = (port: number) => `http://127.0.0.1:${port}/hooks/dns?zone=alpha`;
  const settings = { url: url((server.address() as AddressInfo).port), bearerToken, hmacKey, timeoutSeconds: 1 };
  return {
    ...{ settings, removes: true, records: () => [...values].sort() },
    refused: { ...settings, bearerToken: randomBytes(24).toString('hex') },
    at: (port) => ({ ...settings, url: url(port) }),
  };
}

const trials: Record<string, ((t: Test) => Promise<Trial>) | null> = {
  'acme-dns': acmeDnsTrial,
  cloudflare: cloudflareTrial,
  manual: null,
  rfc2136: bindTrial,
  webhook: webhookTrial,
};

/** The provider of a folder as the house has it, and as it came. */
async function providerOf(name: string): Promise<{ provider: CheckedDnsProvider; original: DnsProvider }> {
  const { plugin } = (await import(`./${name}/index.js`)) as { plugin: Plugin<void> };
  const registry = new DnsRegistry();
  const server = hapiServer();
  const noted: DnsProvider[] = [];
  server.decorate('server', 'dnsProvider', (definition) => {
    noted.push(definition);
    registry.add(definition);
  });
  await server.register(plugin);
  t.equal(server.table().length, 0, 'brings no routes');
  t.equal(registry.all().length, 1);
  return { provider: registry.get(name)!, original: noted[0]! };
}

const logged: string[] = [];
const runWith = (settings: JsonObject, signal = new AbortController().signal): DnsRun => ({
  ...{ settings, signal },
  log: (line) => void logged.push(line),
});

const folders = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());

t.test('every folder is tried', (t) => {
  t.strictSame(folders.map(({ name }) => name).sort(), Object.keys(trials).sort());
  t.end();
});

t.test('by hand, everything is left to a person', async (t) => {
  const { provider } = await providerOf('manual');
  t.equal(provider.manual, true);
  const record = { name: NAME, value: valueOf('one') };
  for (const call of [provider.place, provider.remove]) t.equal(await call(runWith({}), record), undefined);
  t.equal(await provider.check(runWith({}), NAME), undefined);
  t.equal(logged.length, 0);
});

for (const [name, begin] of Object.entries(trials)) {
  if (!begin) continue;
  t.test(`plugins/dns/${name} keeps to the contract`, async (t) => {
    const { provider, original } = await providerOf(name);
    const trial = await begin(t);
    const run = runWith(trial.settings);
    const [one, two] = [valueOf('one'), valueOf('two')];
    const both = [one, two].sort();
    const place = (value: string, settings = trial.settings) =>
      provider.place(runWith(settings), { name: NAME, value });
    const remove = (value: string) => provider.remove(run, { name: NAME, value });

    await t.test('takes its settings, completed by the defaults', (t) => {
      const { value, error } = original.settings.validate(trial.settings) as { value: JsonObject; error?: Error };
      t.equal(error, undefined);
      t.match(value, trial.settings);
      t.ok(original.settings.validate({}).error, 'and asks for those that have none');
      t.ok(original.settings.validate({ ...trial.settings, more: 1 }).error);
      t.end();
    });

    await t.test('has two values at one name', async (t) => {
      await Promise.all([place(one), place(two)]);
      t.strictSame(await trial.records(), both, 'placed at the same moment');
      await place(one);
      await place(two);
      await place(two);
      t.strictSame(await trial.records(), both, 'and again');
    });

    await t.test('proves that it may write, and leaves nothing behind', async (t) => {
      await provider.check(run, NAME);
      t.strictSame(await trial.records(), both);
    });

    await t.test('removes one value and leaves the other', async (t) => {
      logged.length = 0;
      await remove(one);
      await remove(one);
      t.strictSame(await trial.records(), trial.removes ? [two] : both);
      if (!trial.removes) t.match(logged, [/can’t remove a value/, /can’t/], 'it says why it can’t');
      await remove(two);
      t.strictSame(await trial.records(), trial.removes ? [] : both);
    });

    await t.test('says who refuses, and what is out of reach', async (t) => {
      const silent = await startTcp(() => undefined);
      t.teardown(() => silent.stop());
      const cases = [
        ['DNS_REFUSED', trial.refused],
        ['DNS_UNREACHABLE', trial.at(await freePort())],
        ['DNS_UNREACHABLE', trial.at(silent.port)],
      ] as const;
      const before = await trial.records();
      for (const [code, settings] of cases) {
        const error = await provider.place(runWith(settings), { name: NAME, value: valueOf('three') }).then(
          () => null,
          (thrown: Error & { code: string; hint: string }) => thrown,
        );
        t.match(error, { name: 'DnsError', code, message: /^[A-Z].*\.$/, hint: /^[A-Z].*\.$/ }, code);
        const said = JSON.stringify([error?.message, error?.hint, logged]);
        for (const key of provider.secrets) t.notOk(said.includes(String(settings[key])), `${key} is not told`);
        await t.rejects(provider.check(runWith(settings), NAME), { code }, 'a check says the same');
      }
      t.strictSame(await trial.records(), before);
    });

    await t.test('stops at once when it is told to', async (t) => {
      const stop = new AbortController();
      const silent = await startTcp(() => stop.abort(new Error('told to stop')));
      t.teardown(() => silent.stop());
      const patient = runWith({ ...trial.at(silent.port), timeoutSeconds: 120 }, stop.signal);
      const record = { name: NAME, value: valueOf('four') };
      await t.rejects(provider.place(patient, record), { message: 'told to stop' });
      await t.rejects(provider.remove(patient, record), { message: 'told to stop' }, 'and begins nothing');
    });
  });
}
