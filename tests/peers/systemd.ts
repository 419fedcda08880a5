/**
 * A real systemd with its real journal, behind a real OpenSSH; needs root with CAP_SYS_ADMIN. The system manager cannot
 * be had without booting, so it is the same program's user manager, and the `systemctl` that a session finds first is a
 * wrapper that adds `--user`: units, jobs, states and words are systemd's own. It lives in a mount namespace with a /run
 * of its own, knows no unit but those that it is given, and sees no control group but its own, in which everything that
 * it ever started ends with it: when `stop` is called, and also when the test's process dies.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startOpenSsh, type OpenSsh } from './openssh.js';
import { tempDir, type TempDir } from './temp.js';

const run = promisify(execFile);
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

// $1 is the folder, $2 the control group. Whoever started this keeps its standard input open: end of file means that he
// has gone, however he went. /run/systemd/system is what sd_booted(3) looks for; systemd --user insists on it too.
const SUPERVISOR = `set -e
trap '' INT TERM HUP
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/systemd/journald.conf.d /run/sshd /run/groups /run/user/0
chmod 700 /run/user/0
printf '[Journal]\\nStorage=volatile\\nReadKMsg=no\\nAudit=\\nForwardToWall=no\\n' >/run/systemd/journald.conf.d/own.conf
mount -t cgroup2 cgroup2 /run/groups
group=/run/groups/$2
mkdir "$group"
mkfifo /run/state
exec 3<>/run/state
(sh -ec 'echo 0 >"$1/cgroup.procs"; exec unshare --cgroup sh "$2/manager"' sh "$group" "$1" </dev/null 3>&- || :
echo ended >&3) &
read -r state <&3
echo "$state"
cat >/dev/null
echo 1 >"$group/cgroup.kill"
while grep -q 'populated 1' "$group/cgroup.events"; do sleep 0.02; done
find "$group" -depth -type d -exec rmdir {} +
`;

// Without this mount systemd would see, and use, the control groups of the whole machine.
const manager = (folder: string) => `set -e
mount -t cgroup2 cgroup2 /sys/fs/cgroup
/usr/lib/systemd/systemd-journald &
export HOME=${folder} XDG_RUNTIME_DIR=/run/user/0 SYSTEMD_UNIT_PATH=${folder}/units
export SYSTEMD_GENERATOR_PATH=${folder}/none SYSTEMD_ENVIRONMENT_GENERATOR_PATH=${folder}/none
exec /usr/lib/systemd/systemd --user
`;

const WRAPPER = `#!/bin/sh
export XDG_RUNTIME_DIR=/run/user/0
exec /usr/bin/systemctl --user "$@"
`;

/** What every unit leans on, and one that tells when all of it is up. */
const OWN_UNITS: Units = {
  ...Object.fromEntries(['basic', 'shutdown'].map((name) => [`${name}.target`, '[Unit]\nDefaultDependencies=no\n'])),
  'default.target': '[Unit]\nDefaultDependencies=no\nWants=told.service\n',
  'told.service': '[Service]\nType=oneshot\nExecStart=/bin/sh -c "echo ready >/run/state"\n',
};

/** Unit files by their names; null masks one. */
export type Units = Record<string, string | null>;

export interface Systemd {
  readonly sshd: OpenSsh;
  /** Open to everybody; holds whatever the units leave there. */
  readonly folder: string;
  /** Writes unit files and has them read. */
  define(units: Units): Promise<void>;
  /** What it writes; rejects where it ends above 0. */
  systemctl(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

async function writeUnits(folder: string, units: Units): Promise<void> {
  for (const [name, text] of Object.entries(units)) {
    const path = join(folder, 'units', name);
    await rm(path, { force: true });
    await (text === null ? symlink('/dev/null', path) : writeFile(path, text));
  }
}

async function furnish({ path }: TempDir): Promise<void> {
  await chmod(path, 0o755);
  await Promise.all(['units', 'none', 'bin'].map((name) => mkdir(join(path, name))));
  await writeUnits(path, OWN_UNITS);
  await writeFile(join(path, 'manager'), manager(path));
  await writeFile(join(path, 'bin', 'systemctl'), WRAPPER, { mode: 0o755 });
}

async function end(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.stdin?.end();
  await closed;
}

/** Resolves when every unit that belongs to the start is up. */
async function launch(folder: string, group: string): Promise<ChildProcess> {
  const words = ['--mount', '--propagation', 'private', 'sh', '-c', SUPERVISOR, 'sh', folder, group];
  // Nothing of the environment of whoever runs the tests: systemd would obey and pass on a good part of it.
  const child = spawn('unshare', words, { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH } });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdout.setEncoding('utf8');
  const closed = once(child, 'close').then(() => ['closed']);
  const [state] = (await Promise.race([once(child.stdout, 'data'), closed])) as [string];
  if (state.trim() === 'ready') return child;
  if (state !== 'closed') await end(child);
  throw new Error(`systemd did not start:\n${said}`);
}

/** The words before a command that run it where systemd lives, so that it ends with it at the latest. */
const insideOf = ({ pid }: ChildProcess, group: string) => [
  ...['nsenter', `--mount=/proc/${pid}/ns/mnt`],
  ...['sh', '-c', 'echo 0 >"/run/groups/$0/cgroup.procs"; exec "$@"', group],
];

function handle(folder: string, sshd: OpenSsh, inside: string[], stop: () => Promise<void>): Systemd {
  const systemctl = async (...args: string[]) => {
    const [program = '', ...words] = [...inside, join(folder, 'bin', 'systemctl'), ...args];
    return (await run(program, words)).stdout;
  };
  return {
    sshd,
    folder,
    async define(units) {
      await writeUnits(folder, units);
      await systemctl('daemon-reload');
    },
    systemctl,
    stop,
  };
}

export async function startSystemd(authorizedKeys: string[]): Promise<Systemd> {
  const dir = await tempDir('signalbox-systemd-');
  const folder = dir.path;
  const group = `signalbox-test-${process.pid}-${randomBytes(2).toString('hex')}`;
  let child: ChildProcess | null = null;
  let sshd: OpenSsh | null = null;
  const stop = async () => {
    await sshd?.stop();
    if (child) await end(child);
    await dir.remove();
  };
  try {
    await furnish(dir);
    child = await launch(folder, group);
    const inside = insideOf(child, group);
    const config = { SetEnv: `PATH=${folder}/bin:${PATH} HOME=${folder}` };
    sshd = await startOpenSsh({ authorizedKeys, inside, config });
    return handle(folder, sshd, inside, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}
