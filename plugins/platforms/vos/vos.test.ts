import t from 'tap';
import Hapi from '@hapi/hapi';
import type { Platform, PlatformRun } from '../../../server/platforms/contract.js';
import { systemServices } from '../../../lab/vos/catalogue.js';
import { recordingRun } from '../../../tests/peers/restart-run.js';
import { plugin } from './index.js';
import { startLab, timing, world } from './lab.fixture.js';
import { serviceLine, serviceList, similarNames, written } from './services.js';
import { pollGapMs, settings, settingsOf } from './settings.js';

async function register(options: object = {}): Promise<Platform> {
  const server = Hapi.server();
  const platforms: Platform[] = [];
  server.decorate('server', 'platform', (definition: Platform) => void platforms.push(definition));
  await server.register({ plugin, options } as never);
  const [platform] = platforms;
  if (!platform) throw new Error('The plugin registered nothing.');
  return platform;
}

const vos = await register({ cli: timing });

function noted() {
  const log: string[] = [];
  const run: PlatformRun = {
    signal: new AbortController().signal,
    log: (text, stream = 'out') => void log.push(`${stream} ${text}`),
  };
  return { run, log };
}

t.test('is a platform that restarts Cisco Tomcat unless told otherwise', (t) => {
  t.match(vos, { name: 'vos', title: 'Cisco VOS appliance', defaultPort: 22, defaultService: 'Cisco Tomcat' });
  t.match(vos, { restartDurationMs: 300_000, settings });
  t.match(vos.defaultService, vos.servicePattern);
  for (const capability of ['sshTest', 'listServices', 'restartService'] as const) t.type(vos[capability], 'function');
  t.end();
});

t.test('refuses a wrong option when it is registered', async (t) => {
  for (const options of [{ now: 5 }, { cli: { ...timing, quietMs: 0 } }, { cli: {} }, { unforeseen: true }])
    await t.rejects(register(options), { message: /^Invalid vos configuration: / });
});

t.test('has settings with a default and a description each', (t) => {
  t.same(settingsOf({ platformSettings: {} }), { servedPort: 8443, restartTimeoutSeconds: 1200 });
  t.same(settingsOf({ platformSettings: { servedPort: 443 } }), { servedPort: 443, restartTimeoutSeconds: 1200 });
  for (const wrong of [{ servedPort: 0 }, { restartTimeoutSeconds: 4 }, { restartTimeoutSeconds: 7201 }, { other: 1 }])
    t.ok(settings.validate(wrong).error, JSON.stringify(wrong));
  const described = settings.describe()['keys'] as Record<string, { flags: { description?: string } }>;
  for (const [key, { flags }] of Object.entries(described)) t.match(flags.description, /\.$/, key);
  const gap = (restartTimeoutSeconds: number) => pollGapMs({ servedPort: 1, restartTimeoutSeconds });
  t.same([gap(5), gap(240), gap(1200), gap(7200)], [250, 1000, 5000, 5000]);
  t.end();
});

// As printed in the CLI guide for VVB and a TAC note; the reasons and blanks are theirs.
const LIST = `Requesting service status, please wait...
System SSH [STARTED]
Cluster Manager [STARTED]
Name Service Cache [STOPPED] Service Not Activated
Entropy Monitoring Daemon [STARTED]
Cisco SCSI Watchdog [STARTED]
Service Manager [STARTED]
Service Manager is running
Getting list of all services
>> Return code = 0
A Cisco DB[STARTED]
A Cisco DB Replicator[STARTED]
Cisco Tomcat[STARTED]
Cisco Tomcat Stats Servlet[STARTED]
Platform Administrative Web Service[STARTED]
Platform Communication Web Service[STARTED]
Cisco DirSync[STOPPED]  Service Not Activated
Cisco DRF Master[STOPPED]  Commanded Out of Service
Cisco Messaging Interface[ STOPPED ]  Component is not running
Primary Node =true
Command successful`.split('\n');

t.test('reads the published list, line by line', (t) => {
  t.same(serviceList(LIST).map(written), [
    'System SSH[STARTED]',
    'Cluster Manager[STARTED]',
    'Name Service Cache[STOPPED] Service Not Activated',
    'Entropy Monitoring Daemon[STARTED]',
    'Cisco SCSI Watchdog[STARTED]',
    'Service Manager[STARTED]',
    'A Cisco DB[STARTED]',
    'A Cisco DB Replicator[STARTED]',
    'Cisco Tomcat[STARTED]',
    'Cisco Tomcat Stats Servlet[STARTED]',
    'Platform Administrative Web Service[STARTED]',
    'Platform Communication Web Service[STARTED]',
    'Cisco DirSync[STOPPED] Service Not Activated',
    'Cisco DRF Master[STOPPED] Commanded Out of Service',
    'Cisco Messaging Interface[STOPPED] Component is not running',
  ]);
  t.same(serviceList(LIST.slice(0, -2).concat('Primary Node =false')).length, 15, 'a subscriber lists the same');
  t.same(serviceLine('Cisco Tomcat[STARTING]  '), { name: 'Cisco Tomcat', state: 'STARTING', reason: null });
  t.equal(serviceLine(`X[STOPPED] ${'y'.repeat(9_000)}`)?.reason?.length, 255);
  const others = [
    'x'.repeat(200) + '[STARTED]',
    `X[${'A'.repeat(99)}]`,
    '>> Return code = 0',
    'Primary Node =true',
    '[STARTED]',
    'x [main] y',
    '',
    'log4j:ERROR [http-8443]',
  ];
  for (const line of others) t.equal(serviceLine(line), null, line);
  t.end();
});

t.test('finds the names that somebody may have meant', (t) => {
  const services = serviceList(LIST);
  t.equal(similarNames('Tomcat', services)[0], 'Cisco Tomcat');
  t.equal(similarNames('cisco tomcat stats', services)[0], 'Cisco Tomcat Stats Servlet');
  t.ok(similarNames('Cisco', services).length <= 5);
  t.same(similarNames('Apache', services), []);
  t.end();
});

t.test('proves by a prompt and an answered command that it is reached, by either way to sign in', async (t) => {
  for (const auth of ['password', 'keyboard-interactive', 'both'] as const) {
    const { appliance, open, quiet } = await startLab(t, { auth });
    const session = await open();
    t.equal(session.authMethod, auth === 'keyboard-interactive' ? auth : 'password');
    const { run, log } = noted();
    const readiness = await vos.sshTest?.(session, run);
    t.same(readiness, { how: 'prompt', system: 'Active Master Version: 15.0.1.11900-40' });
    t.match(log, ['in show version active', 'out Active Master Version: 15.0.1.11900-40']);
    await quiet();
    t.same(appliance.commands, ['set cli pagination off', 'show version active', 'exit']);
  }
});

t.test('reaches an appliance of each generation', async (t) => {
  for (const algorithms of ['12.5', 'legacy'] as const) {
    const lab = await startLab(t, { algorithms });
    lab.target.legacyAlgorithms = algorithms === 'legacy';
    const { run } = noted();
    t.match(await vos.sshTest?.(await lab.open(), run), { how: 'prompt' }, algorithms);
  }
});

t.test('lists what the appliance runs', async (t) => {
  const { open, quiet } = await startLab(t, { faults: { escape_codes: true, pager_left_on: true } });
  const { run } = noted();
  const services = (await vos.listServices?.(await open(), run)) ?? [];
  const byName = new Map(services.map((service) => [service.name, service]));
  t.match(byName.get('Cisco Tomcat'), { state: 'STARTED', reason: null });
  t.match(byName.get('Cisco DRF Master'), { state: 'STOPPED', reason: 'Commanded Out of Service' });
  t.equal(services.length - systemServices.length, 21);
  await quiet();
});

t.test('says that no prompt came, and leaves no session', async (t) => {
  const { open, quiet } = await startLab(t, { clock: 1 });
  const hurried = await register({ ...world, cli: { ...timing, readyTimeoutMs: 30 } });
  const { run } = noted();
  const tested = (async () => hurried.sshTest?.(await open(), run))();
  await t.rejects(tested, { code: 'SSH_TIMEOUT_READY', message: /showed no prompt/ });
  await quiet();
});

t.test('restarts through the door by which it was registered', async (t) => {
  const lab = await startLab(t, { clock: 600 });
  const connection = { ...lab.target, platformSettings: { ...lab.target.platformSettings, restartTimeoutSeconds: 30 } };
  const { run } = recordingRun({ connection, service: 'Cisco Tomcat', open: lab.open });
  t.match(await vos.restartService?.(run), { state: 'STARTED', how: 'list+tls' });
  t.equal(lab.appliance.restarts.length, 1);
  const wrong = recordingRun({ connection, service: 'x\nexit', open: lab.open });
  await t.rejects(async () => void (await vos.restartService?.(wrong.run)), /no name that may reach a command line/);
});
