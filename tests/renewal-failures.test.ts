/** Renewals that go wrong, each with its code, sentence and hint; what was placed is taken away, what was served still is. */
import t, { type Test } from 'tap';
import { Appliance } from '../lab/vos/appliance.js';
import { pacing } from '../plugins/operations/certificate_renewal/pacing.js';
import type { Operation } from '../server/operations/contract.js';
import { until } from './peers/house.js';
import { startRenewalHouse } from './peers/renewal-house.js';
import {
  addCredential,
  addSite,
  filesOf,
  logOf,
  renewed,
  startRenewal,
  type RenewalWorld,
} from './peers/renewal-world.js';
import { connectTo, ended } from './peers/vos-house.js';

const FULL = Boolean(process.env['SIGNALBOX_TEST_FULL']);
const RETRIES = FULL ? 50 : 5;

const short = { ...pacing, firstGapMs: 100, longestGapMs: 500, propagationMs: 3_000, servedMs: 3_000 };
const zones = ['web', 'blocked', 'lag'].map((name) => ({
  name: `${name}.test`,
  records: ['@ A 127.0.0.1', '* A 127.0.0.1'],
}));
const {
  world,
  sshd,
  site,
  login: root,
  admin,
  dnsCredentialId,
  stop,
} = await startRenewalHouse({
  pebble: { blockedNames: ['blocked.test'], nonceReject: 20 },
  bind: { zones, secondary: true },
  pluginOptions: { 'operations/certificate_renewal': { pacing: short } },
});
t.teardown(stop);
const challenges = (world: RenewalWorld) => world.bind.records('_acme-challenge.web.test');

/** Ends as failed with this code, in a sentence and with a hint; nothing that was placed is left. */
async function failsAs(t: Test, operation: Operation, code: string, sentence: RegExp): Promise<void> {
  const { error } = operation;
  t.match(operation, { status: 'failed', error: { code } }, await logOf(admin, operation));
  t.match(error?.message, sentence);
  t.match(error?.hint, /\w/, 'what to do is said');
  t.same(await challenges(world), [], 'no record is left');
}

t.test('is refused before anything is stored where no certificate is wanted', async (t) => {
  const { body } = await admin.call('POST', '/connections', {
    ...{ name: 'plain', platform: 'linux', hostname: '127.0.0.1', ...root },
  });
  const answer = await admin.call('POST', `/connections/${String(body['id'])}/operations/certificate_renewal`);
  t.match(answer, { status: 422, body: { code: 'CERTIFICATE_NOT_CONFIGURED', hint: /admin/ } });
});

t.test('says which name the CA rejects', async (t) => {
  const id = await addSite(admin, root, site, { names: ['www.blocked.test'] });
  await failsAs(t, await renewed(admin, id), 'CA_REJECTED_IDENTIFIER', /blocked\.test/);
});

t.test('says that the DNS provider refuses the record', async (t) => {
  const { name, algorithm, secret } = world.bind.keys.powerless;
  const powerless = await addCredential(admin, world, { keyName: name, algorithm, secret });
  const id = await addSite(admin, root, site, {
    ...{ names: ['web.test'], challenge: 'dns-01', dnsCredentialId: powerless },
  });
  await failsAs(t, await renewed(admin, id), 'DNS_REFUSED', /refuse/i);
  const check = await renewed(admin, id, { preflight: true });
  await failsAs(t, check, 'PREFLIGHT_FAILED', /1 of \d checks failed\. .*refuse/i);
});

t.test('names the server that never shows the record, and asks the CA nothing', async (t) => {
  const before = world.front.seen('challenge').length;
  const id = await addSite(admin, root, site, { names: ['web.test'], challenge: 'dns-01', dnsCredentialId });
  await failsAs(t, await renewed(admin, id), 'PROPAGATION_NOT_SEEN', new RegExp(`${world.bind.secondary?.address}`));
  t.equal(world.front.seen('challenge').length, before);
});

t.test('says what the CA found where a name leads somewhere else', async (t) => {
  const id = await addSite(admin, root, site, { names: ['web.test', 'nowhere.test'] });
  await failsAs(
    t,
    await renewed(admin, id),
    'CHALLENGE_FAILED',
    /could not validate nowhere\.test: .*could not resolve/,
  );
});

t.test(
  `keeps the old certificate where nginx refuses its configuration, and ${RETRIES} retries order nothing`,
  async (t) => {
    const old = await site.serial();
    const id = await addSite(admin, root, site, { names: ['web.test'] });
    await site.configure(false);
    const first = await renewed(admin, id);
    await failsAs(t, first, 'INSTALL_TEST_FAILED', /no_such_directive/);
    const orders = world.pebble.orderCount();
    let last = first;
    for (let retry = 1; retry <= RETRIES; retry++) {
      const path = `/connections/${id}/operations/${last.id}`;
      const answer = retry % 2 ? await admin.call('POST', `${path}/retry`) : null;
      last = await ended(admin, answer?.headers.get('location') ?? (await startRenewal(admin, id)), 60_000);
      t.equal(last.error?.code, 'INSTALL_TEST_FAILED');
    }
    t.equal(await site.serial(), old);
    t.same(await filesOf(site), ['web.key', 'web.pem'], 'neither a temporary file nor a copy is left');
    await site.configure(true);
    const { headers } = await admin.call('POST', `/connections/${id}/operations/${last.id}/retry`);
    const mended = await ended(admin, headers.get('location') ?? '', 60_000);
    t.match(mended, { status: 'completed', result: { serialNumber: await site.serial() } });
    t.equal(world.pebble.orderCount(), orders, 'the one certificate was installed in the end');
  },
);

t.test('says that the account may not write there', async (t) => {
  const login = { port: sshd.port, username: sshd.user, password: sshd.password };
  const id = await addSite(admin, login, site, { names: ['web.test'] });
  await failsAs(t, await renewed(admin, id), 'INSTALL_NOT_PERMITTED', /web\.(key|pem)|tls/);
});

t.test('fails cleanly while nine of ten nonces are rejected, and a retry goes on', async (t) => {
  const id = await addSite(admin, root, site, { names: ['web.test'] });
  world.front.rejectNonces(0.9);
  let failed = await renewed(admin, id);
  // Every request has twelve tries: once in a while a whole renewal has luck.
  for (let luck = 1; failed.status === 'completed' && luck < 5; luck++) failed = await renewed(admin, id);
  await failsAs(t, failed, 'CA_BAD_NONCE', /nonce/);
  world.front.rejectNonces(0);
  const issued = world.pebble.issuedCount();
  const { headers } = await admin.call('POST', `/connections/${id}/operations/${failed.id}/retry`);
  t.match(await ended(admin, headers.get('location') ?? '', 60_000), { status: 'completed' });
  t.ok(world.pebble.issuedCount() - issued <= 1, 'the same certificate went on');
});

t.test('takes the records away when it is cancelled while it waits for them', async (t) => {
  const id = await addSite(admin, root, site, { names: ['web.test'], challenge: 'dns-01', dnsCredentialId });
  const path = await startRenewal(admin, id);
  await until(
    () => challenges(world),
    (records) => records.length === 1,
  );
  t.equal((await admin.call('POST', `${path}/cancel`)).status, 202);
  t.match(await ended(admin, path, 30_000), { status: 'cancelled' });
  await until(
    () => challenges(world),
    (records) => records.length === 0,
  );
});

t.test('shows a person the record to set, and goes on by itself once it is there', async (t) => {
  const { body } = await admin.call('POST', '/dns-credentials', { name: 'by hand', provider: 'manual', settings: {} });
  const id = await addSite(admin, root, site, {
    ...{ names: ['web.test'], challenge: 'dns-01', dnsCredentialId: body['id'] },
  });
  const path = await startRenewal(admin, id);
  type Asked = { records?: { name: string; type: string; value: string }[] } | null;
  const asked = await until(
    async () => ((await admin.call('GET', path)).body['result'] as Asked)?.records ?? [],
    (records) => records.length > 0,
  );
  t.match(asked, [{ name: '_acme-challenge.web.test', type: 'TXT', value: /^[\w-]{43}$/ }]);
  await world.bind.update(`update add _acme-challenge.web.test 60 TXT ${asked[0]?.value}`);
  await world.bind.secondary?.catchUp('web.test');
  t.match(await ended(admin, path, 30_000), { status: 'completed' });
  await world.bind.update('update delete _acme-challenge.web.test TXT');
});

t.test('stops before the CA issues where the device wants other names', async (t) => {
  const appliance = await Appliance.start({ clock: 100, hostname: 'cucm.web.test', csrNames: ['web.test'] });
  t.teardown(() => appliance.stop());
  const id = await connectTo(admin, appliance, {
    certificate: {
      names: ['cucm.web.test'],
      endpoints: [{ host: null, port: appliance.tlsPort, servername: null }],
      install: { certmgrPort: appliance.httpsPort, tlsFingerprint: appliance.storedFingerprint },
      renewal: { automatic: false },
    },
  });
  const before = world.pebble.issuedCount();
  const operation = await renewed(admin, id);
  await failsAs(t, operation, 'CSR_NAMES_DIFFER', /cucm\.web\.test, web\.test/);
  t.equal(world.pebble.issuedCount(), before);
});

t.test('says what is served instead where an endpoint does not change', async (t) => {
  const appliance = await Appliance.start({ clock: 100, hostname: 'cucm.web.test' });
  t.teardown(() => appliance.stop());
  const id = await connectTo(admin, appliance, {
    certificate: {
      names: ['cucm.web.test'],
      endpoints: [appliance.tlsPort, site.port].map((port) => ({ host: null, port, servername: null })),
      install: { certmgrPort: appliance.httpsPort, tlsFingerprint: appliance.storedFingerprint },
      renewal: { automatic: false },
    },
  });
  const other = await site.serial();
  const operation = await renewed(admin, id);
  const sentence = new RegExp(`installed, not served: 127\\.0\\.0\\.1:${site.port} serves serial ${other}`);
  await failsAs(t, operation, 'INSTALLED_NOT_SERVED', sentence);
  const orders = world.pebble.orderCount();
  await failsAs(t, await renewed(admin, id), 'INSTALLED_NOT_SERVED', sentence);
  t.equal(world.pebble.orderCount(), orders, 'another try orders nothing');
});
