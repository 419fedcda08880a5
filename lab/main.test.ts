/** The program `npm run lab`: one run of it by hand, and each mistake on its command line. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { applianceOptions, faultValue, USAGE } from './command-line.js';
import { Cli } from './vos/cli.fixture.js';
import { noFaults } from './vos/faults.js';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

class Program {
  readonly child: ChildProcessWithoutNullStreams;
  text = '';

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, ['--import=tsx', MAIN, ...args]);
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (chunk) => (this.text += chunk));
    t.teardown(() => this.child.kill('SIGKILL'));
  }

  async until(wanted: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = wanted.exec(this.text);
      if (found) return found;
      await Promise.race([once(this.child.stdout, 'data'), once(this.child.stderr, 'data'), this.#gone(wanted)]);
    }
  }

  async code(): Promise<unknown> {
    return (await once(this.child, 'close'))[0];
  }

  async #gone(wanted: RegExp): Promise<void> {
    await once(this.child, 'close');
    if (!wanted.test(this.text)) throw new Error(`It ended without ${wanted}: ${this.text}`);
  }
}

t.test('says where it is, counts restarts, and does as it is told', async (t) => {
  const program = new Program('--clock', '1000', '--subscriber', '--username', 'ada', '--fault', 'dns_warning');
  const port = Number((await program.until(/SSH +127\.0\.0\.1:(\d+)/))[1]);
  const password = String((await program.until(/Password +(\S+)/))[1]);
  await program.until(/TLS +127\.0\.0\.1:\d+/);
  await program.until(/Host key +SHA256:[\w+/]{43}\n/);
  await program.until(/Here: state/);
  const cli = await Cli.ready({ sshPort: port, username: 'ada', password });
  t.match(cli.text, 'WARNING: DNS unreachable');
  await cli.run('set cli pagination off');
  t.match(await cli.run('utils service list'), 'Primary Node =false');
  program.child.stdin.write('fault subscriber_without_started on\n');
  await program.until(/faults: subscriber_without_started=on, dns_warning=on/);
  t.notMatch(await cli.run('utils service restart Cisco Tomcat'), '[STARTED]');
  await program.until(/Z restart Cisco Tomcat \(number 1\)\n/);
  await program.until(/Z Cisco Tomcat is STARTED\n/);
  program.child.stdin.write('fault gone on\nstand still\n\nfault cut_after_bytes on\n');
  await program.until(/There is no fault gone\. The faults are: /);
  await program.until(/There is no command stand\. The commands are: state, fault, reset, quit\./);
  await program.until(/The fault cut_after_bytes takes a number of bytes or off, not on\./);
  program.child.stdin.write('state\n');
  await program.until(/restarts 1, sessions 1, failed sign-ins 0/);
  program.child.stdin.write('reset\nstate\n');
  await cli.ended();
  await program.until(/restarts 0, sessions 0, failed sign-ins 0\nfaults: none/);
  program.child.stdin.write('quit\n');
  t.equal(await program.code(), 0);
});

t.test('ends at a signal with 0, and stays when its input ends', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const program = new Program();
    program.child.stdin.end();
    await program.until(/Here: state/);
    program.child.kill(signal);
    t.equal(await program.code(), 0);
  }
});

t.test('says what is wrong, and ends with 1', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const ssh = new Program('--ssh-port', String(port));
  t.equal(await ssh.code(), 1);
  t.equal(ssh.text, 'A port is taken. Choose another by --ssh-port, --tls-port or --https-port, or leave them out.\n');
  taken.close();
  const wrong = new Program('--clock', '0');
  t.equal(await wrong.code(), 1);
  t.equal(wrong.text, '--clock must be a number above 0, not 0.\nAll options: npm run lab -- --help\n');
  const help = new Program('--help');
  t.equal(await help.code(), 0);
  t.equal(help.text, `${USAGE}\n`);
});

t.test('reads its options', (t) => {
  t.same(applianceOptions([]), { primary: true, faults: {} });
  const all =
    '--clock=2.5 --password=p --auth=both --algorithms=legacy --start-up=slow --host=::1 --ssh-port=1 --tls-port=2 ' +
    '--fault=hang --fault=cut_after_bytes=7 --seed=3 --stopping-seconds=4 --starting-seconds=5 --poll-seconds=6 ' +
    '--port-delay-seconds=7 --pager-style=options --https-port=8 --hostname=a.example --csr-name=b.example ' +
    '--csr-name=c.example';
  t.same(applianceOptions(all.split(' ')), {
    clock: 2.5,
    password: 'p',
    auth: 'both',
    algorithms: 'legacy',
    startUp: 'slow',
    primary: true,
    host: '::1',
    sshPort: 1,
    tlsPort: 2,
    faults: { hang: true, cut_after_bytes: 7 },
    seed: 3,
    stoppingSeconds: 4,
    startingSeconds: 5,
    pollSeconds: 6,
    portDelaySeconds: 7,
    pagerStyle: 'options',
    httpsPort: 8,
    hostname: 'a.example',
    csrNames: ['b.example', 'c.example'],
  });
  const wrong: [string, RegExp][] = [
    ['--clok=1', /Unknown option '--clok'/],
    ['here', /Unexpected argument 'here'/],
    ['--auth=none', /^--auth must be one of password, keyboard-interactive, both, not none\.$/],
    ['--ssh-port=65536', /^--ssh-port must be a whole number from 0 to 65535, not 65536\.$/],
    ['--poll-seconds=-1', /^--poll-seconds must be a number above 0, not -1\.$/],
    ['--fault=sleep', /^There is no fault sleep\. The faults are: subscriber_without_started, /],
    ['--hostname=a,b', /^--hostname must be a DNS name, not a,b\.$/],
    ['--fault=hang=7', /^The fault hang takes on or off, not 7\.$/],
  ];
  for (const [argument, message] of wrong) t.throws(() => applianceOptions([argument]), { message });
  for (const name of Object.keys(noFaults())) t.match(USAGE, name);
  t.same(faultValue('cut_after_received', 'off'), { cut_after_received: null });
  t.end();
});
