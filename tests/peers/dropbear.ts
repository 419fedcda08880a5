/** A real Dropbear on the loopback, with a host key and a user of its own; needs root. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeLocalUser, type LocalUser } from './local-user.js';
import { freePort } from './ports.js';
import { tempDir, type TempDir } from './temp.js';

const run = promisify(execFile);

export interface Dropbear {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** `SHA256:…`. */
  readonly fingerprint: string;
  /** What it wrote so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Its home must be the user's alone, or Dropbear trusts no key in it. */
async function authorise(dir: TempDir, user: LocalUser, authorizedKeys: string[]): Promise<void> {
  const folder = join(dir.path, '.ssh');
  await mkdir(folder);
  await writeFile(join(folder, 'authorized_keys'), authorizedKeys.join('\n'));
  await run('chown', ['-R', user.name, dir.path]);
  await chmod(dir.path, 0o755);
}

async function hostKey(dir: TempDir): Promise<{ path: string; fingerprint: string }> {
  const path = join(dir.path, 'host_key');
  await run('dropbearkey', ['-t', 'ed25519', '-f', path]);
  const { stdout } = await run('dropbearkey', ['-y', '-f', path]);
  return { path, fingerprint: /SHA256:\S+/.exec(stdout)?.[0] ?? '' };
}

async function launch(port: number, keyPath: string): Promise<{ child: ChildProcess; log(): string }> {
  const child = spawn('dropbear', ['-F', '-E', '-r', keyPath, '-P', `${keyPath}.pid`, '-p', `127.0.0.1:${port}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8');
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (text: string) => {
      said += text;
      if (said.includes('Not backgrounding')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Dropbear did not start:\n${said}`)));
  });
  return { child, log: () => said };
}

export async function startDropbear(authorizedKeys: string[] = []): Promise<Dropbear> {
  const dir = await tempDir('signalbox-dropbear-');
  const user = await makeLocalUser(dir.path);
  const port = await freePort();
  const { path, fingerprint } = await hostKey(dir);
  await authorise(dir, user, authorizedKeys);
  const { child, log } = await launch(port, path);
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  return {
    port,
    user: user.name,
    password: user.password,
    fingerprint,
    log,
    async stop() {
      process.removeListener('exit', killAtExit);
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      await user.remove();
      await dir.remove();
    },
  };
}
