/** A real Pebble (Debian's package), the small CA of Let's Encrypt, on the loopback: with a TLS of its own and what it knows. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fetchTrusting } from './https.js';
import { freePort } from './ports.js';
import { tempDir } from './temp.js';

const run = promisify(execFile);

export interface PebbleOptions {
  /** Key id and base64url HMAC key of each account that may be bound; none but these can register then. */
  eab?: Record<string, string>;
  validitySeconds?: number;
  /** How many roots there are beside the first. */
  alternateRoots?: number;
  /** Per cent of the good nonces that it rejects; 0 where nothing is said. */
  nonceReject?: number;
  /** Per cent of the names whose valid authorisation it takes again; 0 where nothing is said. */
  authzReuse?: number;
  /** `127.0.0.1:5353` */
  dnsServer?: string;
  /** Where http-01 is looked at. */
  httpPort?: number;
  tlsPort?: number;
  /** Takes every challenge as answered, without a look. */
  alwaysValid?: boolean;
  strict?: boolean;
  /** Names that it refuses, with all below them. */
  blockedNames?: string[];
}

export interface Pebble {
  readonly directoryUrl: string;
  readonly port: number;
  /** What its own TLS is verified by. */
  readonly rootPem: string;
  /** Key and certificate of its TLS, for whoever stands before it. */
  readonly tls: { key: string; cert: string };
  /** What its chains end in, the alternate ones too. */
  issuedRoots(): Promise<string[]>;
  /** How many certificates it really issued. */
  issuedCount(): number;
  orderCount(): number;
  /** `Valid`, `Revoked`, or null where it never issued it; the serial number in hexadecimal. */
  revokedStatus(serialNumber: string): Promise<string | null>;
  /** What it wrote; stays, as the counts do, after `stop`. */
  log(): string;
  stop(): Promise<void>;
}

const EXTENSIONS = `[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
subjectKeyIdentifier=hash
[leaf]
basicConstraints=critical,CA:FALSE
subjectAltName=DNS:localhost,IP:127.0.0.1
`;
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A root of its own and a certificate for the loopback below it, as files in `folder`. */
async function makeTls(folder: string) {
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  await writeFile(at('extensions'), EXTENSIONS);
  const subject = `/CN=Loopback ${randomBytes(3).toString('hex')}`;
  await openssl('req', ...NEW_KEY, '-keyout', 'ca.key', '-out', 'ca.csr', '-subj', subject);
  const sign = ['-req', '-days', '2', '-extfile', 'extensions'];
  await openssl('x509', ...sign, '-in', 'ca.csr', '-signkey', 'ca.key', '-extensions', 'ca', '-out', 'ca.pem');
  await openssl('req', ...NEW_KEY, '-keyout', 'tls.key', '-out', 'tls.csr', '-subj', '/CN=localhost');
  const issuer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
  await openssl('x509', ...sign, ...issuer, '-in', 'tls.csr', '-extensions', 'leaf', '-out', 'tls.pem');
  const [rootPem, key, cert] = await Promise.all(['ca.pem', 'tls.key', 'tls.pem'].map((n) => readFile(at(n), 'utf8')));
  return { rootPem: rootPem ?? '', key: key ?? '', cert: cert ?? '' };
}

interface Ports {
  acme: number;
  management: number;
}

function configOf(options: PebbleOptions, ports: Ports): object {
  return {
    pebble: {
      listenAddress: `127.0.0.1:${ports.acme}`,
      managementListenAddress: `127.0.0.1:${ports.management}`,
      certificate: 'tls.pem',
      privateKey: 'tls.key',
      httpPort: options.httpPort ?? 80,
      tlsPort: options.tlsPort ?? 443,
      ocspResponderURL: '',
      externalAccountBindingRequired: options.eab !== undefined,
      externalAccountMACKeys: options.eab ?? {},
      domainBlocklist: options.blockedNames ?? [],
      certificateValidityPeriod: options.validitySeconds ?? 7_776_000,
    },
  };
}

const environment = (options: PebbleOptions): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  PEBBLE_VA_NOSLEEP: '1',
  PEBBLE_VA_ALWAYS_VALID: options.alwaysValid ? '1' : '0',
  PEBBLE_AUTHZREUSE: String(options.authzReuse ?? 0),
  PEBBLE_WFE_NONCEREJECT: String(options.nonceReject ?? 0),
  PEBBLE_ALTERNATE_ROOTS: String(options.alternateRoots ?? 0),
});

interface Launched {
  child: ChildProcess;
  ports: Ports;
  log(): string;
}

async function connects(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const taken = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return taken;
}

/** Starts the process; resolves when it takes connections, which it announces a moment before. */
async function launch(folder: string, options: PebbleOptions, ports: Ports): Promise<Launched> {
  const dns = options.dnsServer ? ['-dnsserver', options.dnsServer] : [];
  const strict = options.strict ? ['-strict'] : [];
  const path = join(folder, 'log');
  // A file, not a pipe: what Pebble wrote before it answered can be counted when the answer is there.
  const file = openSync(path, 'w');
  const args = ['-config', 'config.json', ...dns, ...strict];
  const child = spawn('pebble', args, { cwd: folder, env: environment(options), stdio: ['ignore', file, file] });
  closeSync(file);
  await once(child, 'spawn');
  const log = () => readFileSync(path, 'utf8');
  const ready = async () =>
    log().includes('ACME directory available') && (await connects(ports.acme)) && (await connects(ports.management));
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error(`Pebble did not start:\n${log()}`);
    await sleep(10);
  }
  return { child, ports, log };
}

/** Starts it on ports that were free a moment ago; on others where somebody was faster. */
async function launchSomewhere(folder: string, options: PebbleOptions, tries = 3): Promise<Launched> {
  const ports = { acme: await freePort(), management: await freePort() };
  await writeFile(join(folder, 'config.json'), JSON.stringify(configOf(options, ports)));
  try {
    return await launch(folder, options, ports);
  } catch (error) {
    if (tries === 1) throw error;
    return launchSomewhere(folder, options, tries - 1);
  }
}

/** Each new one has new roots and forgets everything at its end. */
export async function startPebble(options: PebbleOptions = {}): Promise<Pebble> {
  const dir = await tempDir('signalbox-pebble-');
  const tls = await makeTls(dir.path);
  const { child, ports, ...launched } = await launchSomewhere(dir.path, options);
  let last: string | null = null;
  const log = () => last ?? launched.log();
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const ask = fetchTrusting({ ca: tls.rootPem });
  const managed = (path: string) => ask(`https://127.0.0.1:${ports.management}/${path}`, {});
  const count = (pattern: RegExp) => log().match(pattern)?.length ?? 0;
  return {
    directoryUrl: `https://127.0.0.1:${ports.acme}/dir`,
    port: ports.acme,
    rootPem: tls.rootPem,
    tls,
    issuedRoots: () => {
      const numbers = Array.from({ length: 1 + (options.alternateRoots ?? 0) }, (_, number) => number);
      return Promise.all(numbers.map(async (number) => (await managed(`roots/${number}`)).text()));
    },
    issuedCount: () => count(/Issued certificate serial/gu),
    orderCount: () => count(/Added order/gu),
    async revokedStatus(serialNumber) {
      const answer = await managed(`cert-status-by-serial/${serialNumber.toLowerCase()}`);
      return answer.status === 404 ? null : ((await answer.json()) as { Status: string }).Status;
    },
    log,
    async stop() {
      process.removeListener('exit', killAtExit);
      const exited = once(child, 'exit');
      if (child.exitCode === null && child.kill('SIGTERM')) await exited;
      last = launched.log();
      await dir.remove();
    },
  };
}
