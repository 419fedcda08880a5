/** The simulated appliance says the documented literals, keeps one state, and has each fault that can be switched on. */
import { connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import type { ConnectConfig } from 'ssh2';
import { Appliance, type ApplianceOptions } from './appliance.js';
import { Cli, connect } from './cli.fixture.js';
import { HandClock } from './hand-clock.js';

const RESTART = 'utils service restart Cisco Tomcat';
const LIST = 'utils service list';

interface Lab {
  appliance: Appliance;
  clock: HandClock;
  /** A CLI at its first prompt. */
  cli(): Promise<Cli>;
  /** Restarts Cisco Tomcat and turns the clock by so many seconds while the CLI watches. */
  restart(cli: Cli, seconds: number): Promise<void>;
}

/** An appliance whose time stands still until it is turned. */
async function lab(t: Test, options: ApplianceOptions = {}): Promise<Lab> {
  const clock = new HandClock();
  const appliance = await Appliance.start({ ...options, clock });
  t.teardown(() => appliance.stop());
  return {
    appliance,
    clock,
    async cli() {
      const cli = await Cli.open(appliance);
      await clock.turn(9);
      await cli.until('admin:');
      return cli;
    },
    async restart(cli, seconds) {
      const from = cli.text.length;
      cli.type(`${RESTART}\r`);
      await cli.until('Service Manager is running\r\n', from);
      await clock.turn(seconds);
    },
  };
}

const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join('');
const times = (count: number, line: string) => Array<string>(count).fill(line);

const welcome = lines(
  'Command Line Interface is starting up, please wait ...',
  '',
  '   Welcome to the Platform Command Line Interface',
  '',
  'VMware Installation:',
  '\t2 vCPU: Intel(R) Xeon(R) CPU           E5640  @ 2.67GHz',
  '\tDisk 1: 80GB, Partitions aligned',
  '\t6144 Mbytes RAM',
  '',
);
const restartHead = lines(
  RESTART,
  " Don't press Ctrl-c while the service is getting RESTARTED.If Service has not Restarted Properly, execute the same Command Again",
  'Service Manager is running',
);
const stopping = lines(...times(6, 'Cisco Tomcat[STOPPING]  '));
const starting = lines(...times(23, 'Cisco Tomcat[STARTING]  '));
const started = lines(...times(2, 'Cisco Tomcat[STARTED]  '));
const list = (tomcat: string, primary = true) => [
  'Requesting service status, please wait...',
  'System SSH [STARTED]',
  'Cluster Manager [STARTED]',
  'Name Service Cache [STOPPED] Service Not Activated',
  'Entropy Monitoring Daemon [STARTED]',
  'Cisco SCSI Watchdog [STARTED]',
  'Service Manager [STARTED]',
  'Service Manager is running',
  'Getting list of all services',
  '>> Return code = 0',
  'A Cisco DB[STARTED]',
  'A Cisco DB Replicator[STARTED]',
  'Cisco AMC Service[STARTED]',
  'Cisco Audit Event Service[STARTED]',
  'Cisco CallManager[STARTED]',
  'Cisco Certificate Change Notification[STARTED]',
  'Cisco Certificate Expiry Monitor[STARTED]',
  'Cisco DRF Local[STARTED]',
  'Cisco Database Layer Monitor[STARTED]',
  'Cisco HAProxy[STARTED]',
  'Cisco Log Partition Monitoring Tool[STARTED]',
  'Cisco RIS Data Collector[STARTED]',
  'Cisco Syslog Agent[STARTED]',
  ...(tomcat.startsWith('[STOPPED]') ? [] : [`Cisco Tomcat${tomcat}`]),
  'Cisco Tomcat Stats Servlet[STARTED]',
  'Platform Administrative Web Service[STARTED]',
  'Platform Communication Web Service[STARTED]',
  'SNMP Master Agent[STARTED]',
  ...(tomcat.startsWith('[STOPPED]') ? [`Cisco Tomcat${tomcat}`] : []),
  'Cisco DirSync[STOPPED]  Service Not Activated',
  'Cisco DRF Master[STOPPED]  Commanded Out of Service',
  'Cisco IP Voice Media Streaming App[ STOPPED ]  Service Not Activated',
  `Primary Node =${primary}`,
];
const listed = (tomcat: string, primary = true) => `${lines(LIST, ...list(tomcat, primary))}admin:`;

/** 'open' or the code of the error. */
function knock(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1', () => {
      socket.destroy();
      resolve('open');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

const REFUSED = { message: 'All configured authentication methods failed' };
const OFF = 'set cli pagination off';

t.test('says what is documented, line for line', async (t) => {
  const { appliance, clock, cli: open, restart } = await lab(t);
  const cli = await open();
  t.equal(cli.text, `${welcome}admin:`);
  t.equal(await cli.run(OFF), `${lines(OFF, 'Automatic pagination is turned off')}admin:`);
  t.equal(await cli.run(LIST), listed('[STARTED]'));
  const from = cli.text.length;
  await restart(cli, 305);
  await cli.until('admin:', from);
  t.equal(cli.text.slice(from), `${restartHead}${stopping}${starting}${started}admin:`);
  t.match(await cli.run('show version active'), /^show .*\r\nActive Master Version: 15\.0\.1\.11900-40\r\nActive Ver/);
  t.match(
    await cli.run('show status'),
    /\r\nProduct Ver {8}: 12\.5\.1\.12900-115\r\nUnified OS Version : 7\.0\.0\.0-4\r\n/,
  );
  const own = 'tomcat/tomcat.pem: Self-signed certificate generated by system';
  t.equal(await cli.run('show cert list own'), `${lines('show cert list own', own)}admin:`);
  for (const line of ['show clock', 'utils service', 'utils service restart', 'Utils service list', `${OFF} now`])
    t.equal(await cli.run(line), `${lines(line, 'No valid command entered')}admin:`);
  t.equal(clock.seconds(), 314);
  const from2 = cli.text.length;
  cli.type('exit\r');
  await cli.ended();
  t.equal(cli.text.slice(from2), 'exit\r\n');
  t.equal(appliance.ctrlC, 0);
});

t.test('follows one state with the list, the port and the counters', async (t) => {
  const { appliance, clock, cli: open, restart } = await lab(t);
  const [watching, looking] = [await open(), await open()];
  await looking.run(OFF);
  t.equal(await knock(appliance.tlsPort), 'open');
  await restart(watching, 0);
  t.equal(await looking.run(LIST), listed('[STOPPING]'));
  t.equal(await knock(appliance.tlsPort), 'ECONNREFUSED');
  await clock.turn(60);
  t.equal(await looking.run(LIST), listed('[STOPPED]  '), 'an instant between stopping and starting');
  await clock.turn(1);
  t.equal(await looking.run(LIST), listed('[STARTING]'));
  await clock.turn(229);
  t.equal(appliance.servingSince(), null);
  t.equal(await knock(appliance.tlsPort), 'ECONNREFUSED');
  const opened = once(appliance.events, 'serving');
  await clock.turn(1);
  t.same(await opened, [true]);
  t.equal(await looking.run(LIST), listed('[STARTED]'));
  t.equal(await knock(appliance.tlsPort), 'open');
  t.match(appliance.servingSince(), Number);
  t.equal(appliance.sessions, 2);
  t.equal(appliance.mostSessions, 2);
  t.match(appliance.restarts, [{ verb: 'restart', service: 'Cisco Tomcat', at: Number }]);
  t.equal(appliance.restarts.length, 1);
  t.equal(appliance.commands.filter((line) => line === RESTART).length, 1);
  t.throws(() => appliance.stateOf('Cisco'), { message: 'There is no service "Cisco" on this appliance.' });
});

t.test('does and counts what it is given, twice if it is given twice', async (t) => {
  const { appliance, clock, cli: open, restart } = await lab(t);
  const [first, second] = [await open(), await open()];
  await restart(first, 100);
  t.equal(appliance.stateOf('Cisco Tomcat'), 'STARTING');
  await restart(second, 0);
  t.equal(appliance.stateOf('Cisco Tomcat'), 'STOPPING', 'it begins again');
  await clock.turn(291);
  t.equal(appliance.stateOf('Cisco Tomcat'), 'STARTED');
  t.equal(appliance.restarts.length, 2);
});

t.test('starts and stops other services without touching the port', async (t) => {
  const { appliance, clock, cli: open } = await lab(t);
  const cli = await open();
  const order = async (line: string, seconds: number) => {
    const from = cli.text.length;
    cli.type(`${line}\r`);
    await cli.until('Service Manager is running\r\n', from);
    await clock.turn(seconds);
    await cli.until('\nadmin:', from);
    return cli.text.slice(from).split('\r\n');
  };
  const stop = await order('utils service stop Cisco DRF Local', 65);
  t.equal(stop.at(-2), 'Cisco DRF Local[STOPPED]  Commanded Out of Service');
  t.equal(appliance.stateOf('Cisco DRF Local'), 'STOPPED');
  const start = await order('utils service start Cisco DRF Local', 255);
  t.match(start[1], /^ Don't press Ctrl-c while the service is getting STARTED\./);
  t.equal(start[3], 'Cisco DRF Local[STARTING]  ');
  t.equal(start.at(-2), 'Cisco DRF Local[STARTED]  ');
  await order('utils service start Cisco Tomcat', 15);
  t.equal(appliance.stateOf('Cisco Tomcat'), 'STARTED', 'what runs is left running');
  t.equal(await knock(appliance.tlsPort), 'open');
  t.same(
    appliance.restarts.map(({ verb, service }) => `${verb} ${service}`),
    ['stop Cisco DRF Local', 'start Cisco DRF Local', 'start Cisco Tomcat'],
  );
  for (const [name, reason] of [
    ['Cisco Tom', 'Service Cisco Tom is not known to the Service Manager'],
    ['Cisco DirSync', 'Service Not Activated'],
  ]) {
    const line = `utils service restart ${name}`;
    t.equal(await cli.run(line), `${lines(line, reason!, 'Executed command unsuccessfully')}admin:`);
  }
  t.equal(appliance.restarts.length, 3);
});

t.test('takes about 9 s, a minute, or a newline until its first prompt', async (t) => {
  const seconds = async (startUp: 'normal' | 'slow') => {
    const { appliance, clock } = await lab(t, { startUp });
    const cli = await Cli.open(appliance);
    const received = once(appliance.events, 'received');
    cli.type('exit\r');
    await received;
    while (appliance.commands.length === 0) await clock.turn(0.1);
    return Math.round(clock.seconds());
  };
  t.equal(await seconds('normal'), 9);
  t.equal(await seconds('slow'), 60);

  const { appliance, clock } = await lab(t, { startUp: 'needs_newline' });
  const cli = await Cli.open(appliance);
  const received = once(appliance.events, 'received');
  cli.type('\r');
  await received;
  await clock.turn(1000);
  await cli.until('Mbytes RAM\r\n\r\n');
  cli.type('\n');
  await cli.until('admin:');
  t.equal(cli.text, `${welcome}\r\nadmin:`, 'a newline before the welcome is lost');
});

t.test('edits lines, and ends them at CR or LF', async (t) => {
  const { appliance, cli: open } = await lab(t);
  const cli = await open();
  const from = cli.text.length;
  cli.type('shoq\x7fw\t clocks\b\n');
  await cli.until('\nadmin:', from);
  t.equal(cli.text.slice(from), 'shoq\b \bw clocks\b \b\r\nNo valid command entered\r\nadmin:');
  cli.type('\x7f\r\r\n');
  await cli.until('admin:\r\nadmin:\r\nadmin:\r\nadmin:', from);
  cli.type('half a line\x03');
  await cli.until('half a line^C\r\nadmin:', from);
  t.same(appliance.commands, ['show clock', '', '', ''], 'each line end is a line');
  t.equal(appliance.received, 'shoq\x7fw\t clocks\b\n\x7f\r\r\nhalf a line\x03');
});

t.test('notices Ctrl-C, which ends the watching and not the restart', async (t) => {
  const { appliance, clock, cli: open, restart } = await lab(t);
  const cli = await open();
  await restart(cli, 10);
  cli.type('\x03');
  await cli.until('^C\r\nadmin:');
  t.equal(appliance.ctrlC, 1);
  await clock.turn(400);
  t.equal(appliance.stateOf('Cisco Tomcat'), 'STARTED');
  t.match(await cli.run('x'), /^x\r\nNo valid command entered\r\nadmin:$/, 'nothing more of the watching');
});

t.test('lets people in by the methods that it is told', async (t) => {
  for (const auth of ['password', 'keyboard-interactive', 'both'] as const) {
    const { appliance } = await lab(t, { auth, username: 'ccmadmin', password: 'the right one' });
    for (const method of ['password', 'keyboard-interactive'] as const) {
      const trying = connect(appliance, { method });
      if (auth === 'both' || auth === method) (await trying).end();
      else await t.rejects(trying, REFUSED);
    }
    t.equal(appliance.failedLogins, 0, 'a method that is not there is no wrong password');
    await t.rejects(connect(appliance, { username: 'root', method: auth === 'both' ? 'password' : auth }));
    t.equal(appliance.failedLogins, 1);
  }
});

t.test('locks the account after three wrong passwords', async (t) => {
  const { appliance, clock } = await lab(t);
  for (const method of ['password', 'keyboard-interactive', 'password'] as const)
    await t.rejects(connect(appliance, { method, password: 'wrong' }), REFUSED);
  await t.rejects(connect(appliance), REFUSED, 'even with the right one');
  t.equal(appliance.failedLogins, 4);
  t.equal(appliance.logins, 0);
  await clock.turn(299);
  await t.rejects(connect(appliance), REFUSED);
  await clock.turn(1);
  (await connect(appliance)).end();
  t.equal(appliance.logins, 1);
});

t.test('makes a password of its own where none is given', async (t) => {
  const [one, other] = [await lab(t), await lab(t)];
  t.match(one.appliance.password, /^[\w-]{16}$/);
  t.not(one.appliance.password, other.appliance.password);
  t.equal(one.appliance.username, 'administrator');
});

t.test('has room for ten sessions', async (t) => {
  const { appliance } = await lab(t);
  const clis = [];
  for (let index = 0; index < 10; index++) clis.push(await Cli.open(appliance));
  t.equal(appliance.sessions, 10);
  await t.rejects(Cli.open(appliance), { message: 'Unable to open shell' });
  const freed = once(appliance.events, 'sessions');
  await clis[0]!.leave();
  t.same(await freed, [9]);
  (await Cli.open(appliance)).client.end();
  t.equal(appliance.mostSessions, 10);
});

t.test('is a CLI and nothing else', async (t) => {
  const { appliance } = await lab(t);
  const client = await connect(appliance);
  const refused = (ask: (done: (error?: Error | undefined) => void) => void) =>
    new Promise<boolean>((resolve) => ask((error) => resolve(error !== undefined)));
  t.ok(await refused((done) => client.exec('show version active', (error) => done(error))), 'exec');
  t.ok(await refused((done) => client.sftp((error) => done(error))), 'SFTP');
  t.ok(await refused((done) => client.shell(false, (error) => done(error))), 'a shell without a terminal');
  t.ok(await refused((done) => client.forwardOut('a', 1, '127.0.0.1', 2, (error) => done(error))), 'forwarding');
  t.ok(await refused((done) => client.forwardIn('127.0.0.1', 0, (error) => done(error))), 'reverse forwarding');
  client.end();
  t.equal(appliance.sessions, 0);
});

t.test('offers the algorithms of its age', async (t) => {
  const asked = async (profile: '12.5' | 'modern' | 'legacy', algorithms: ConnectConfig['algorithms']) => {
    const { appliance } = await lab(t, { algorithms: profile });
    return connect(appliance, { algorithms }).then(
      (client) => client.end() && 'in',
      (error: { level: string }) => error.level,
    );
  };
  t.equal(await asked('modern', { kex: ['curve25519-sha256'] }), 'in');
  t.equal(await asked('12.5', { kex: ['curve25519-sha256'] }), 'handshake');
  t.equal(await asked('12.5', { kex: ['diffie-hellman-group1-sha1'], hmac: ['hmac-sha1'] }), 'in');
  t.equal(await asked('12.5', { hmac: ['hmac-sha2-256'], cipher: ['aes128-ctr'] }), 'handshake');
  t.equal(await asked('12.5', { cipher: ['aes128-cbc'] }), 'handshake');
  const old: ConnectConfig['algorithms'] = { kex: ['diffie-hellman-group1-sha1'], cipher: ['aes128-cbc'] };
  t.equal(await asked('legacy', {}), 'handshake');
  t.equal(await asked('legacy', { ...old, serverHostKey: ['ssh-rsa'] }), 'in');
});

t.test('can get another host key', async (t) => {
  const { appliance } = await lab(t);
  const first = appliance.hostKeyFingerprint;
  t.match(first, /^SHA256:[\w+/]{43}$/);
  await appliance.changeHostKey();
  t.not(appliance.hostKeyFingerprint, first);
  (await connect(appliance)).end();
});

t.test('says that it is a subscriber', async (t) => {
  const { cli: open } = await lab(t, { primary: false });
  const cli = await open();
  await cli.run(OFF);
  t.equal(await cli.run(LIST), listed('[STARTED]', false));
});

t.test('stops a long list at a full screen: press', async (t) => {
  const { cli: open } = await lab(t);
  const cli = await open();
  const PRESS = '\x1b[1mPress <enter> for 1 line, <space> for one page, or <q> to quit\x1b[0m\x1b[K';
  const all = list('[STARTED]');
  const from = cli.text.length;
  const since = () => cli.text.slice(from);
  cli.type(`${LIST}\r`);
  await cli.until(PRESS, from);
  const first = `${lines(LIST, ...all.slice(0, 23))}${PRESS}`;
  t.equal(since(), first);
  cli.type('x\r');
  await cli.until(PRESS, from + first.length);
  const second = `${first}\r\x1b[K${lines(all[23]!)}${PRESS}`;
  t.equal(since(), second, 'one line for Enter, nothing for another key');
  cli.type(' ');
  await cli.until('admin:', from);
  t.equal(since(), `${second}\r\x1b[K${lines(...all.slice(24))}admin:`);
  cli.type(`${LIST}\r`);
  await cli.until(PRESS, from + since().length);
  const before = cli.text.length;
  cli.type('q');
  await cli.until('admin:', before);
  t.equal(cli.text.slice(before), '\r\x1b[Kadmin:');
  t.match(await cli.run('set cli pagination off'), 'turned off');
  t.equal(await cli.run(LIST), listed('[STARTED]'));
  t.match(await cli.run('set cli pagination on'), 'turned on');
  cli.type(`${LIST}\r`);
  await cli.until(PRESS, cli.text.length);
});

t.test('stops a long list at a full screen: options', async (t) => {
  const { cli: open } = await lab(t, { pagerStyle: 'options' });
  const cli = await open();
  const all = list('[STARTED]');
  const OPTIONS = `\x1b[1moptions: q=quit, n=next, p=prev, b=begin, e=end (lines 1 - 20 of ${all.length}) :\x1b[0m`;
  const page = `${lines(...all.slice(0, 20))}${OPTIONS}`;
  const rest = `${lines(...all.slice(20))}admin:`;
  const end = `${lines(...all.slice(-20))}admin:`;
  const from = cli.text.length;
  cli.type(`${LIST}\r`);
  await cli.until(OPTIONS, from);
  t.equal(cli.text.slice(from), `${lines(LIST)}${page}`);
  const wipe = '\r\x1b[K';
  for (const [keys, came] of [
    ['pbn', `${wipe}${page}${wipe}${page}${wipe}${rest}`],
    [`${LIST}\re`, `${lines(LIST)}${page}${wipe}${end}`],
    [`${LIST}\rq`, `${lines(LIST)}${page}${wipe}admin:`],
  ] as const) {
    const before = cli.text.length;
    cli.type(keys);
    await cli.until('admin:', before);
    t.equal(cli.text.slice(before), came);
  }
});

t.test('fault subscriber_without_started', async (t) => {
  const { appliance, clock, cli: open, restart } = await lab(t, { faults: { subscriber_without_started: true } });
  const cli = await open();
  const from = cli.text.length;
  await restart(cli, 66);
  await cli.until('admin:', from);
  t.equal(cli.text.slice(from), `${restartHead}${stopping}${lines('Cisco Tomcat[STARTING]  ')}admin:`);
  t.equal(appliance.stateOf('Cisco Tomcat'), 'STARTING');
  await clock.turn(225);
  t.equal(appliance.stateOf('Cisco Tomcat'), 'STARTED', 'later');
});

t.test('fault unsuccessful', async (t) => {
  const { appliance, cli: open } = await lab(t, { faults: { unsuccessful: true } });
  const cli = await open();
  const answer = lines(RESTART, 'Service Manager refused the request', 'Executed command unsuccessfully');
  t.equal(await cli.run(RESTART), `${answer}admin:`);
  t.same(appliance.restarts, []);
  t.equal(appliance.stateOf('Cisco Tomcat'), 'STARTED');
  t.equal(await knock(appliance.tlsPort), 'open');
});

t.test('fault hang', async (t) => {
  const { appliance, clock, cli: open, restart } = await lab(t, { faults: { hang: true } });
  const cli = await open();
  const from = cli.text.length;
  await restart(cli, 5000);
  t.equal(appliance.stateOf('Cisco Tomcat'), 'STARTING');
  appliance.faults.hang = false;
  await clock.turn(20);
  await cli.until('admin:', from);
  const resumed = cli.text.slice(from + restartHead.length + stopping.length);
  t.equal(resumed, `${lines('Cisco Tomcat[STARTING]  ')}${started}admin:`, 'one line in 5,000 s, no prompt');
});

t.test('fault drop_in_restart', async (t) => {
  const { appliance, clock, cli: open, restart } = await lab(t, { faults: { drop_in_restart: true } });
  const cli = await open();
  const from = cli.text.length;
  await restart(cli, 66);
  await cli.ended();
  t.equal(cli.text.slice(from), `${restartHead}${stopping}${lines('Cisco Tomcat[STARTING]  ')}`);
  const again = await open();
  await again.run(OFF);
  t.equal(await again.run(LIST), listed('[STARTING]'));
  await clock.turn(216);
  t.equal(await again.run(LIST), listed('[STARTED]'), 'the restart went on');
  t.equal(appliance.restarts.length, 1);
});

t.test('fault stays_stopped', async (t) => {
  const { appliance, clock, cli: open, restart } = await lab(t, { faults: { stays_stopped: true } });
  const cli = await open();
  await cli.run(OFF);
  const from = cli.text.length;
  await restart(cli, 66);
  await cli.until('admin:', from);
  t.equal(
    cli.text.slice(from),
    `${restartHead}${stopping}${lines('Cisco Tomcat[STOPPED]  Component is not running')}admin:`,
  );
  await clock.turn(1000);
  t.equal(await cli.run(LIST), listed('[STOPPED]  Component is not running'));
  t.equal(await knock(appliance.tlsPort), 'ECONNREFUSED');
});

t.test('fault port_closed_for_a_while', async (t) => {
  const { appliance, clock, cli: open, restart } = await lab(t, { faults: { port_closed_for_a_while: true } });
  const cli = await open();
  await cli.run(OFF);
  await restart(cli, 305);
  await cli.until(`${started}admin:`);
  t.equal(await cli.run(LIST), listed('[STARTED]'));
  t.equal(await knock(appliance.tlsPort), 'ECONNREFUSED');
  const opened = once(appliance.events, 'serving');
  await clock.turn(46);
  await opened;
  t.equal(await knock(appliance.tlsPort), 'open');
});

t.test('fault harmless_error', async (t) => {
  const { cli: open, restart } = await lab(t, { faults: { harmless_error: true } });
  const cli = await open();
  await cli.run(OFF);
  const harmless = lines('log4j:ERROR No appenders could be found for logger, using the default');
  t.equal(await cli.run(LIST), `${lines(LIST)}${harmless}${lines(...list('[STARTED]'))}admin:`);
  const from = cli.text.length;
  await restart(cli, 305);
  await cli.until('admin:', from);
  t.equal(cli.text.slice(from), `${restartHead}${harmless}${stopping}${starting}${started}admin:`);
});

t.test('fault pager_left_on', async (t) => {
  const { cli: open } = await lab(t, { faults: { pager_left_on: true } });
  const cli = await open();
  t.equal(await cli.run(OFF), `${lines(OFF)}admin:`, 'no answer');
  cli.type(`${LIST}\r`);
  await cli.until('<q> to quit');
});

t.test('fault split_bytes', async (t) => {
  const { appliance, clock, cli: open, restart } = await lab(t, { faults: { split_bytes: true } });
  const cli = await open();
  await cli.run(OFF);
  t.equal(await cli.run(LIST), listed('[STARTED]'));
  const from = cli.text.length;
  await restart(cli, 305);
  await cli.until('admin:', from);
  t.equal(cli.text.slice(from), `${restartHead}${stopping}${starting}${started}admin:`);
  t.same([...new Set(cli.chunks.map(({ length }) => length))], [1]);
  cli.type('exit\r');
  await cli.ended();
  t.match(cli.text, /admin:exit\r\n$/, 'nothing is lost at the end');
  appliance.faults.drop_in_restart = true;
  const dropped = await open();
  await restart(dropped, 66);
  await dropped.ended();
  t.ok(dropped.text.endsWith('Cisco Tomcat[STARTING]  \r\n'));
  await clock.turn(300);
});

t.test('fault escape_codes', async (t) => {
  const { appliance, clock } = await lab(t, { faults: { escape_codes: true } });
  const cli = await Cli.open(appliance);
  await clock.turn(9);
  cli.type('exit\r');
  await cli.ended();
  const codes = new RegExp(`${'\x1b'}\\[[01]?[Km]`, 'gu');
  t.same([...new Set(cli.text.match(codes))].sort(), ['\x1b[0m', '\x1b[1m', '\x1b[K']);
  t.equal(cli.text.replace(codes, ''), `${welcome}admin:\r\n\radmin:exit\r\n`, 'and the prompt twice');
});

t.test('fault continue_question', async (t) => {
  const { appliance, cli: open, clock } = await lab(t, { faults: { continue_question: true } });
  const cli = await open();
  cli.type(`${RESTART}\r`);
  await cli.until('\r\nContinue (y/n)? ');
  let from = cli.text.length;
  cli.type('n\r');
  await cli.until('admin:', from);
  t.equal(cli.text.slice(from), 'n\r\nadmin:');
  t.same(appliance.restarts, []);
  cli.type(`${RESTART}\r`);
  await cli.until('Continue (y/n)? ', from);
  from = cli.text.length;
  cli.type('y\r');
  await cli.until('Service Manager is running\r\n', from);
  await clock.turn(305);
  await cli.until('admin:', from);
  t.ok(cli.text.endsWith(`${started}admin:`));
  t.same(appliance.commands, [RESTART, RESTART], 'an answer is no command');
});

t.test('fault dns_warning', async (t) => {
  const { cli: open } = await lab(t, { faults: { dns_warning: true } });
  t.equal((await open()).text, `${welcome}${lines('WARNING: DNS unreachable', '')}admin:`);
});

t.test('fault already_stopped', async (t) => {
  const { appliance, cli: open, restart } = await lab(t);
  const cli = await open();
  await cli.run(OFF);
  appliance.faults.already_stopped = true;
  t.equal(await cli.run(LIST), listed('[STOPPED]  Commanded Out of Service'));
  t.equal(await knock(appliance.tlsPort), 'ECONNREFUSED');
  const from = cli.text.length;
  await restart(cli, 245);
  await cli.until('admin:', from);
  t.equal(cli.text.slice(from), `${restartHead}${starting}${started}admin:`);
});

t.test('fault cut_after_bytes', async (t) => {
  const { appliance, clock } = await lab(t);
  const whole = `${welcome}admin:`;
  for (let count = 0; count <= whole.length; count += 17) {
    appliance.faults.cut_after_bytes = count;
    const cli = await Cli.open(appliance);
    await clock.turn(9);
    await cli.ended();
    t.equal(cli.text, whole.slice(0, count), `${count} bytes`);
    t.equal(appliance.faults.cut_after_bytes, null, 'once');
  }
});

t.test('fault cut_after_received', async (t) => {
  const { appliance, cli: open } = await lab(t);
  for (const [bytes, restarts] of [
    [RESTART.length, 0],
    [RESTART.length + 1, 1],
  ] as const) {
    const cli = await open();
    appliance.faults.cut_after_received = bytes;
    cli.type(`${RESTART}\r`);
    await cli.ended();
    t.equal(appliance.restarts.length, restarts);
    t.equal(appliance.faults.cut_after_received, null, 'once');
  }
});

t.test('varies with its seed what real nodes vary', async (t) => {
  const counts = new Set<number>();
  for (const seed of [6, 7, 8]) {
    const { cli: open, restart } = await lab(t, { seed });
    const cli = await open();
    const from = cli.text.length;
    await restart(cli, 305);
    await cli.until('admin:', from);
    counts.add(cli.text.split('[STARTED]').length - 1);
  }
  t.same([...counts].sort(), [1, 2]);
});

t.test('is as delivered after a reset', async (t) => {
  const { appliance, clock, cli: open, restart } = await lab(t, { faults: { hang: true } });
  const cli = await open();
  await t.rejects(connect(appliance, { password: 'wrong' }));
  await restart(cli, 100);
  appliance.reset();
  t.equal(appliance.sessions, 0);
  await cli.ended();
  t.equal(appliance.stateOf('Cisco Tomcat'), 'STARTED');
  t.match(appliance, { received: '', commands: [], restarts: [], failedLogins: 0, logins: 0, sessions: 0, ctrlC: 0 });
  t.equal(appliance.faults.hang, false);
  t.equal((await open()).text, `${welcome}admin:`);
  t.equal(await knock(appliance.tlsPort), 'open');
  await clock.turn(500);
  t.equal(appliance.stateOf('Cisco Tomcat'), 'STARTED', 'nothing goes on from before');
  t.throws(() => Object.assign(appliance.faults, { no_such_fault: true }), TypeError);
});

t.test('runs in real time, a thousand times as fast', async (t) => {
  const appliance = await Appliance.start({ clock: 1000, faults: { split_bytes: true } });
  t.teardown(() => appliance.stop());
  const seen: (string | boolean)[] = [];
  appliance.events.on('state', (_service, state) => seen.push(state));
  appliance.events.on('serving', (open) => seen.push(open));
  const cli = await Cli.ready(appliance);
  const serving = new Promise((resolve) => appliance.events.on('serving', (open) => open && resolve(open)));
  t.match(await cli.run(RESTART), /STOPPING[^]*STARTING[^]*STARTED\] {2}\r\nadmin:$/);
  await serving;
  t.same(seen, [false, 'STOPPING', 'STOPPED', 'STARTING', 'STARTED', true]);
  t.equal(appliance.connections, 1);
  const left = once(appliance.events, 'connections');
  await cli.leave();
  t.same(await left, [0]);
});
