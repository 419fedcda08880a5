/** A user of this machine, for the one peer that signs real people in. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
// useradd and userdel fail at once while another one holds the account files, so ours queue up.
const LOCK = join(tmpdir(), 'signalbox-test-accounts.lock');

export interface LocalUser {
  name: string;
  password: string;
  remove(): Promise<void>;
}

async function setPassword(name: string, password: string): Promise<void> {
  const child = spawn('flock', [LOCK, 'chpasswd'], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(`${name}:${password}\n`);
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`chpasswd ended with ${code}.`);
}

/** Makes a user with a random password; needs root. */
export async function makeLocalUser(home: string): Promise<LocalUser> {
  if (process.getuid?.() !== 0)
    throw new Error('These tests sign in to a real SSH server with a user of their own: run them as root.');
  const name = `sbtest-${process.pid}-${randomBytes(2).toString('hex')}`;
  const password = randomBytes(12).toString('base64url');
  await run('flock', [LOCK, 'useradd', '-M', '-d', home, '-s', '/bin/sh', name]);
  // A test that times out or throws ends the process without its teardown; no account stays behind all the same.
  const removeAtExit = () => {
    spawnSync('pkill', ['-KILL', '-u', name]);
    spawnSync('flock', [LOCK, 'userdel', '-f', name]);
  };
  process.once('exit', removeAtExit);
  await setPassword(name, password);
  return {
    name,
    password,
    async remove() {
      process.removeListener('exit', removeAtExit);
      // A command outlives its session; 1 says that there was none.
      await run('pkill', ['-KILL', '-u', name]).catch((error: { code?: number }) => {
        if (error.code !== 1) throw error;
      });
      await run('flock', [LOCK, 'userdel', '-f', name]);
    },
  };
}
