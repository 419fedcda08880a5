/**
 * Servers killed (-9) at each point of a renewal, before and after each effect: the next owner goes on, and in the end there is
 * one certificate, its key is served, and nothing of the challenges is left.
 */
import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { Appliance } from '../lab/vos/appliance.js';
import type { Operation } from '../server/operations/contract.js';
import type { Kind } from './peers/acme-front.js';
import { signIn, startServer, until, type Visitor } from './peers/house.js';
import { startHost } from './peers/renewal-house.js';
import {
  addAuthority,
  addCredential,
  addSite,
  filesOf,
  logOf,
  startRenewal,
  startWorld,
} from './peers/renewal-world.js';
import { tempDir } from './peers/temp.js';
import type { Moment } from './peers/traps.js';
import { connectTo, ended } from './peers/vos-house.js';

const FULL = Boolean(process.env['SIGNALBOX_TEST_FULL']);
/** How often the server is killed at each point. */
const TIMES = FULL ? 3 : 1;
const LEASE_SECONDS = 4;

const [world, host, appliance, directory] = await Promise.all([
  startWorld(),
  startHost(),
  Appliance.start({ clock: 100, hostname: 'cucm.web.test' }),
  tempDir(),
]);
const { site, login } = host;
const env = { ...world.env, SIGNALBOX_LEASE_SECONDS: String(LEASE_SECONDS) };
let server = await startServer(directory.path, env);
let admin: Visitor = await signIn(server.url);
t.teardown(async () => {
  await server.stop();
  await Promise.all([appliance.stop(), host.stop(), directory.remove()]);
  await world.stop();
});
await addAuthority(admin, world);
const dnsCredentialId = await addCredential(admin, world);

const file = (name: string) => join(directory.path, name);
/** A command of the host that stands still for a moment where a test wants it to, so that the server can be killed meanwhile. */
const gated = (name: string) => `if [ -e ${file(name)} ]; then mv ${file(name)} ${file(name)}.at; sleep 2; fi`;
const certificate = { names: ['web.test', '*.web.test'], challenge: 'dns-01', dnsCredentialId };
const slow = {
  ...{ port: site.port, keyPath: site.keyPath, fullchainPath: site.fullchainPath },
  testCommand: `${gated('test')}; ${site.testCommand}`,
  reloadCommand: `${site.reloadCommand} && ${gated('reload')}`,
};
const siteId = await addSite(admin, login, slow, certificate);
const vosId = await connectTo(admin, appliance, {
  certificate: {
    ...{ names: ['cucm.web.test'], challenge: 'dns-01', dnsCredentialId },
    endpoints: [appliance.tlsPort, appliance.httpsPort].map((port) => ({ host: null, port, servername: null })),
    install: { certmgrPort: appliance.httpsPort, tlsFingerprint: appliance.storedFingerprint },
    renewal: { automatic: false },
  },
});

interface Point {
  name: string;
  connectionId: number;
  /** Done before the start. */
  prepare?(): Promise<unknown>;
  /** Called before the start; resolves when the server stands there. */
  stand(): Promise<unknown>;
}

const whenTrue = (name: string, connectionId: number, happened: () => boolean): Point => ({
  ...{ name, connectionId },
  stand: () => until(async () => happened(), Boolean, 60_000),
});

const atHost = (name: string): Point => ({
  ...{ name: `the host's ${name} command`, connectionId: siteId },
  async stand() {
    await writeFile(file(name), '');
    const there = () =>
      access(`${file(name)}.at`).then(
        () => true,
        () => false,
      );
    await until(there, Boolean, 60_000);
    await rm(`${file(name)}.at`);
  },
});

const atFront = (kind: Kind, moment: Moment, connectionId: number, nth = 1): Point => ({
  name: `${moment} ${kind}${nth > 1 ? ` ${nth}` : ''}`,
  connectionId,
  async stand() {
    world.front.hold(kind, moment, nth);
    await world.front.reached(kind, moment);
  },
});

/** A CA without an account yet. */
async function freshAuthority(): Promise<void> {
  await addAuthority(admin, world, { name: `Pebble ${Date.now()}` });
}

const ofAccount = (moment: Moment): Point => ({ ...atFront('newAccount', moment, siteId), prepare: freshAuthority });

const points: Point[] = [
  atFront('newOrder', 'after', siteId),
  atFront('challenge', 'before', siteId),
  atFront('finalize', 'after', siteId),
  atHost('test'),
  whenTrue('the restart has been sent', vosId, () => appliance.restarts.length === 1),
];
const more: Point[] = [
  ofAccount('before'),
  ofAccount('after'),
  atFront('newOrder', 'before', siteId),
  atFront('authz', 'before', siteId),
  atFront('challenge', 'after', siteId),
  atFront('challenge', 'after', siteId, 2),
  atFront('finalize', 'before', siteId),
  atFront('certificate', 'before', siteId),
  atFront('certificate', 'after', siteId),
  atHost('reload'),
  whenTrue('the device has made a key', vosId, () => appliance.csrs === 1),
  whenTrue('the device has the certificate', vosId, () => appliance.installs === 1),
  whenTrue('Tomcat is stopping', vosId, () => appliance.stateOf('Cisco Tomcat') === 'STOPPING'),
  whenTrue('Tomcat is starting', vosId, () => appliance.stateOf('Cisco Tomcat') === 'STARTING'),
];

async function killedAt(point: Point): Promise<Operation> {
  await point.prepare?.();
  const stand = point.stand();
  const path = await startRenewal(admin, point.connectionId);
  await stand;
  await server.kill();
  world.front.release();
  server = await startServer(directory.path, env);
  admin = await signIn(server.url);
  return ended(admin, path, 120_000);
}

async function leftovers(): Promise<string[]> {
  const names = ['_acme-challenge.web.test', '_acme-challenge.cucm.web.test'];
  const records = (await Promise.all(names.map((name) => world.bind.records(name)))).flat();
  const files = (await filesOf(site)).filter((name) => !['web.key', 'web.pem'].includes(name));
  return [...records, ...files];
}

for (const point of FULL ? [...points, ...more] : points)
  t.test(`goes on after ${TIMES} kills at: ${point.name}`, async (t) => {
    for (let time = 1; time <= TIMES; time++) {
      appliance.reset();
      const issued = world.pebble.issuedCount();
      const operation = await killedAt(point);
      const { serialNumber } = (operation.result ?? {}) as { serialNumber?: string };
      const served = point.connectionId === siteId ? await site.serial() : null;
      t.match(operation, { status: 'completed' }, await logOf(admin, operation));
      t.ok(operation.attempt > 1, 'another server went on');
      t.equal(world.pebble.issuedCount() - issued, 1, 'exactly one certificate');
      if (served) t.equal(served, serialNumber, 'with its key');
      else t.equal(appliance.restarts.length, 1, 'one restart');
      t.same(await leftovers(), [], 'nothing is left');
    }
  });
