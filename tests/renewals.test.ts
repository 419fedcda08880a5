/** Renewals through the whole server, all real: Pebble, BIND, OpenSSH and nginx; and onto the lab's appliance. */
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { Appliance } from '../lab/vos/appliance.js';
import { startRenewalHouse } from './peers/renewal-house.js';
import { addAuthority, addSite, filesOf, logOf, renewed } from './peers/renewal-world.js';
import { startPebble } from './peers/pebble.js';
import { tempDir } from './peers/temp.js';
import { connectTo, ended } from './peers/vos-house.js';

const FULL = Boolean(process.env['SIGNALBOX_TEST_FULL']);
const RACES = FULL ? 200 : 5;
const STARTS = 9;

const { world, house, site, login, admin, dnsCredentialId, stop } = await startRenewalHouse();
t.teardown(stop);

t.test('renews by http-01 at the press of a button, and nginx serves the new serial', async (t) => {
  const old = await site.serial();
  const id = await addSite(admin, login, site, { names: ['web.test', 'www.web.test'] });
  const before = world.pebble.issuedCount();
  const operation = await renewed(admin, id);
  t.match(operation, { status: 'completed', progress: 100, error: null }, await logOf(admin, operation));
  t.equal(world.pebble.issuedCount(), before + 1);
  const serial = await site.serial();
  t.not(serial, old);
  t.match(operation.result, { serialNumber: serial, servedBy: [`127.0.0.1:${site.port}`] });
  t.same(await filesOf(site), ['web.key', 'web.pem'], 'nothing else is left beside them');
  const { body } = await admin.call('GET', `/connections/${id}/certificate`);
  t.match(body, { stored: [{ status: 'served', serialNumber: serial }], served: [{ certificate: { trusted: true } }] });
});

t.test('renews base and wildcard by dns-01, with two values at one name, and leaves none', async (t) => {
  const id = await addSite(admin, login, site, {
    names: ['web.test', '*.web.test'],
    challenge: 'dns-01',
    dnsCredentialId,
  });
  const operation = await renewed(admin, id);
  t.match(operation, { status: 'completed' }, await logOf(admin, operation));
  t.match(operation.result, { serialNumber: await site.serial() });
  t.same(await world.bind.records('_acme-challenge.web.test'), []);
});

t.test('follows a delegation by CNAME to the zone where it may write', async (t) => {
  const id = await addSite(admin, login, site, {
    ...{ names: ['delegated.test'], challenge: 'dns-01', dnsCredentialId },
  });
  const operation = await renewed(admin, id);
  const log = await logOf(admin, operation);
  t.match(operation, { status: 'completed' }, log);
  t.match(log, /Placed: dns-01 delegated\.web\.test/);
  t.same(await world.bind.records('delegated.web.test'), []);
});

t.test('uses the same key again where that is wanted, and a new one else', async (t) => {
  const names = ['key.web.test'];
  const keyOf = () => readFile(site.keyPath, 'utf8');
  const id = await addSite(admin, login, site, { names, reuseKey: true });
  const { body } = await admin.call('GET', `/connections/${id}`);
  const keys: string[] = [];
  for (const reuseKey of [true, true, false]) {
    const certificate = { ...(body['certificate'] as object), reuseKey };
    t.equal((await admin.call('PATCH', `/connections/${id}`, { certificate })).status, 200);
    t.equal((await renewed(admin, id)).status, 'completed');
    keys.push(await keyOf());
  }
  t.equal(keys[1], keys[0]);
  t.not(keys[2], keys[1]);
});

t.test('proves the names by a file on the host, and takes it away', async (t) => {
  const root = await tempDir();
  t.teardown(() => root.remove());
  const asked: string[] = [];
  const web = createServer((request, response) => {
    asked.push(request.url ?? '');
    readFile(join(root.path, request.url ?? '')).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  }).listen(0, '127.0.0.1');
  await once(web, 'listening');
  t.teardown(() => web.close());
  const { port } = web.address() as AddressInfo;
  const pebble = await startPebble({ dnsServer: `${world.bind.address}:53`, httpPort: port });
  t.teardown(() => pebble.stop());
  const authorityId = await addAuthority(admin, world, {
    ...{ name: 'By the host', directoryUrl: pebble.directoryUrl, directoryRootsPem: pebble.rootPem },
    ...{ issuedRootsPem: (await pebble.issuedRoots()).join('\n'), isDefault: undefined },
  });
  const { keyPath, fullchainPath, testCommand, reloadCommand } = site;
  const id = await addSite(admin, login, site, {
    ...{ names: ['file.web.test'], challenge: 'http-01-host', authorityId },
    install: { keyPath, fullchainPath, testCommand, reloadCommand, challengeDirectory: root.path },
  });
  const operation = await renewed(admin, id);
  t.match(operation, { status: 'completed' }, await logOf(admin, operation));
  t.match(asked[0], /^\/\.well-known\/acme-challenge\/[\w-]+$/);
  t.same(await readdir(join(root.path, '.well-known/acme-challenge')), [], 'the file is gone');
});

t.test('renews on the appliance: the device makes the key, and Tomcat is restarted once', async (t) => {
  const appliance = await Appliance.start({ clock: 100, hostname: 'cucm.web.test' });
  t.teardown(() => appliance.stop());
  const certificate = {
    ...{ names: ['cucm.web.test'], challenge: 'dns-01', dnsCredentialId, key: 'rsa-2048' },
    endpoints: [appliance.tlsPort, appliance.httpsPort].map((port) => ({ host: null, port, servername: null })),
    install: { certmgrPort: appliance.httpsPort },
    renewal: { automatic: false },
  };
  const id = await connectTo(admin, appliance, { certificate });
  const untrusted = await renewed(admin, id);
  t.match(untrusted, { status: 'failed', error: { code: 'INSTALL_TLS_UNTRUSTED' } }, await logOf(admin, untrusted));
  const { fingerprint256 } = (untrusted.result?.['detail'] ?? {}) as { fingerprint256?: string };
  t.match(untrusted.error?.message, String(fingerprint256), 'the fingerprint is there to be compared');
  const install = { certmgrPort: appliance.httpsPort, tlsFingerprint: fingerprint256 };
  await admin.call('PATCH', `/connections/${id}`, { certificate: { ...certificate, install } });
  const before = world.pebble.issuedCount();
  const operation = await renewed(admin, id);
  t.match(operation, { status: 'completed', progress: 100 }, await logOf(admin, operation));
  t.equal(world.pebble.issuedCount(), before + 1);
  t.equal(world.pebble.orderCount() > 0, true);
  t.equal(appliance.restarts.length, 1);
  const { body } = await admin.call('GET', `/connections/${id}/operations?type=service_restart`);
  t.match(body['operations'], [{ status: 'completed', parentId: operation.id, createdBy: 'auto' }]);
  const again = await renewed(admin, id);
  t.match(again, { status: 'completed' }, 'our own certificate is known by now: nothing has to be pinned again');
  t.equal(appliance.restarts.length, 2);
});

t.test(`makes one order of ${STARTS} starts by button, API and cron at once, ${RACES} times`, async (t) => {
  const id = await addSite(admin, login, site, { names: ['web.test'] });
  const { engine } = house.house.server.plugins['signalbox-operations'];
  const definition = engine.types.get('certificate_renewal');
  if (!definition) throw new Error('no such type');
  const button = async () => {
    const { body } = await admin.call('POST', `/connections/${id}/operations/certificate_renewal`);
    return String(body['operationId']);
  };
  const api = async () => {
    const { body } = await admin.call('POST', `/api/data/${id}/issue-cert`);
    t.equal(body['renewalId'], body['operationId']);
    return String(body['renewalId']);
  };
  const cron = async () => {
    const start = { connectionId: id, definition, params: {}, createdBy: 'cron', requestedBy: null } as const;
    return (await engine.begin(start)).row.id;
  };
  for (let race = 1; race <= RACES; race++) {
    const before = world.pebble.orderCount();
    const starts = Array.from({ length: STARTS / 3 }, () => [button(), api(), cron()]).flat();
    const ids = await Promise.all(starts);
    t.equal(new Set(ids).size, 1, 'everybody has the same operation');
    const operation = await ended(admin, `/connections/${id}/operations/${ids[0]}`, 60_000);
    t.match(operation, { status: 'completed' }, await logOf(admin, operation));
    t.equal(world.pebble.orderCount() - before, 1, 'one order');
  }
});

t.test('checks everything before, and orders nothing', async (t) => {
  const before = world.pebble.orderCount();
  const id = await addSite(admin, login, site, {
    ...{ names: ['web.test', '*.web.test'], challenge: 'dns-01', dnsCredentialId },
  });
  const operation = await renewed(admin, id, { preflight: true });
  t.match(operation, { status: 'completed' }, await logOf(admin, operation));
  const checks = (operation.result?.['checks'] ?? []) as { title: string; ok: boolean }[];
  t.same(
    checks.map(({ title, ok }) => [title, ok]),
    ['Served now', 'CA account', 'DNS credential', 'Propagation', 'Machine'].map((title) => [title, true]),
  );
  t.equal(world.pebble.orderCount(), before);
  t.same(await world.bind.records('_acme-challenge.web.test'), []);
});
