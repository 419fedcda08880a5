/** Renewals through the whole server, all real: Pebble, BIND, OpenSSH and nginx; and onto the lab's appliance. */
import t from 'tap';
import { Appliance } from '../lab/vos/appliance.js';
import { signIn, startHouse } from './peers/house.js';
import { startOpenSsh } from './peers/openssh.js';
import { addAuthority, addCredential, addSite, filesOf, logOf, renewed, startWorld } from './peers/renewal-world.js';
import { makePair } from './peers/key-pair.js';
import { generateKey } from './peers/ssh-keys.js';
import { startTlsNginx } from './peers/tls-nginx.js';
import { connectTo } from './peers/vos-house.js';

const key = await generateKey({ type: 'ed25519' });
const [world, sshd, site] = await Promise.all([
  startWorld(),
  startOpenSsh({ authorizedKeys: [key.publicKey.trim()], config: { Subsystem: 'sftp internal-sftp' } }),
  makePair('web.test').then(startTlsNginx),
]);
const house = await startHouse(world.env);
t.teardown(async () => {
  await house.stop();
  await site.stop();
  await sshd.stop();
  await world.stop();
});
const admin = await signIn(house.url);
await addAuthority(admin, world);
const dnsCredentialId = await addCredential(admin, world);
const login = { port: sshd.port, username: 'root', privateKey: key.privateKey };

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
