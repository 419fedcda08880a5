/** `npm run lab`: one simulated VOS appliance, until it is told to end. */
import { createInterface } from 'node:readline';
import { applianceOptions, faultValue, UsageError, USAGE } from './command-line.js';
import { Appliance } from './vos/appliance.js';
import { featureServices, TOMCAT } from './vos/catalogue.js';
import type { ApplianceOptions } from './vos/options.js';

const tell = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

function introduce(appliance: Appliance, host: string): void {
  const { sshPort, tlsPort, httpsPort, hostname, username, password, hostKeyFingerprint } = appliance;
  tell('A simulated VOS appliance: a fake for trying out and for tests. Nothing real is restarted.');
  tell(`SSH       ${host}:${sshPort}`);
  tell(`TLS       ${host}:${tlsPort} (for 8443) and ${host}:${httpsPort} (for 443), with the certificate REST below`);
  tell('          /platformcom/api/v1/certmgr/config');
  tell(`Shows     ${appliance.storedFingerprint} (SHA-256) for ${hostname}`);
  tell(`Username  ${username}`);
  tell(`Password  ${password}`);
  tell(`Host key  ${hostKeyFingerprint}`);
  tell(`By hand   ssh -p ${sshPort} ${username}@${host}`);
  tell('In the console: add a connection of the platform vos with these, then press "Restart Service".');
  tell('Here: state | fault <name> on|off | reset | quit');
}

function follow(appliance: Appliance): void {
  appliance.events.on('accepted', ({ verb, service }) =>
    tell(`${new Date().toISOString()} ${verb} ${service} (number ${appliance.restarts.length})`),
  );
  appliance.events.on('state', (service, state) => tell(`${new Date().toISOString()} ${service} is ${state}`));
}

function showState(appliance: Appliance): void {
  const since = appliance.servingSince();
  const faults = Object.entries(appliance.faults).filter(([, value]) => value !== false && value !== null);
  const unusual = featureServices.filter(({ name, state }) => appliance.stateOf(name) !== state);
  tell(`${TOMCAT} is ${appliance.stateOf(TOMCAT)}; the TLS ports are ${since === null ? 'closed' : 'open'}`);
  for (const { name } of unusual) if (name !== TOMCAT) tell(`${name} is ${appliance.stateOf(name)}`);
  tell(
    `requests ${appliance.csrs}, installs ${appliance.installs} of ${appliance.uploads}, stored ${appliance.storedFingerprint}`,
  );
  tell(
    `restarts ${appliance.restarts.length}, sessions ${appliance.sessions}, failed sign-ins ${appliance.failedLogins}`,
  );
  tell(`faults: ${faults.map(([name, value]) => `${name}=${value === true ? 'on' : value}`).join(', ') || 'none'}`);
}

function obey(appliance: Appliance, line: string, quit: () => void): void {
  const [word = '', ...rest] = line.trim().split(/\s+/u);
  if (word === '') return;
  if (word === 'state') return showState(appliance);
  if (word === 'quit') return quit();
  if (word === 'fault') {
    Object.assign(appliance.faults, faultValue(rest[0] ?? '', rest[1] ?? ''));
    return showState(appliance);
  }
  if (word !== 'reset')
    throw new UsageError(`There is no command ${word}. The commands are: state, fault, reset, quit.`);
  appliance.reset();
  tell('As it was delivered; everybody was disconnected.');
}

async function run(options: ApplianceOptions): Promise<void> {
  const appliance = await Appliance.start(options);
  introduce(appliance, options.host ?? '127.0.0.1');
  follow(appliance);
  const lines = createInterface({ input: process.stdin });
  const quit = () => {
    lines.close();
    // A pipe that somebody still holds would keep the program alive.
    process.stdin.destroy();
    void appliance.stop();
  };
  lines.on('line', (line) => {
    try {
      obey(appliance, line, quit);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      complain(error.message);
    }
  });
  process.once('SIGINT', quit).once('SIGTERM', quit);
}

/** The sentence for what can go wrong at the start; anything else is a mistake of ours and is thrown. */
function sentence(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nAll options: npm run lab -- --help`;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE')
    return 'A port is taken. Choose another by --ssh-port, --tls-port or --https-port, or leave them out.';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'This machine has no such address. Check --host.';
  if (code === 'EACCES')
    return 'This port needs more rights. Choose one above 1023 by --ssh-port, --tls-port or --https-port.';
  throw error;
}

try {
  const options = applianceOptions(process.argv.slice(2));
  if (options) await run(options);
  else tell(USAGE);
} catch (error) {
  complain(sentence(error));
  process.exitCode = 1;
}
