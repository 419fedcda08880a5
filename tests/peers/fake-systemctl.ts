/**
 * A script in the place of systemctl, for the few answers that the real one of systemd.ts cannot be brought to give: a
 * refusal for want of rights, which takes a system manager with polkit, and a restart that does nothing and says 0. The
 * words are those of systemctl(1), `Interactive authentication required.` with 1 and `Access denied` with 4. It proves how
 * our side reads and judges them; it does not prove that a given systemd behaves so.
 */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from './temp.js';

/** What `systemctl restart` answers. */
export interface Answer {
  code: number;
  output: string;
}

export interface FakeSystemctl {
  /** The folder that must come first in PATH. */
  readonly bin: string;
  /** What it answers from now on; whatever that is, the unit stays as it is. */
  stage(answer: Answer): Promise<void>;
  /** The arguments of each restart since the stage was set. */
  restarts(): Promise<string[]>;
  stop(): Promise<void>;
}

const HEALTHY = `LoadState=loaded
ActiveState=active
SubState=running
Result=success
Type=simple
RemainAfterExit=no
NRestarts=0
MainPID=4711
ExecMainStatus=0
ExecMainStartTimestampMonotonic=1000
ActiveEnterTimestamp=Sun 2026-11-22 20:15:01 UTC
ActiveEnterTimestampMonotonic=1000
`;

const systemctl = (folder: string) => `#!/bin/sh
cd ${folder} || exit 9
[ "$1" = --no-pager ] && shift
case $1 in
show) cat shown;;
restart)
  echo "$*" >>restarts
  cat output >&2
  read -r code <code
  exit "$code";;
*) echo "Unknown command verb $1." >&2; exit 1;;
esac
`;

/** Makes the script; `stage` gives it something to say. */
export async function makeFakeSystemctl(): Promise<FakeSystemctl> {
  const dir = await tempDir('signalbox-systemctl-');
  const folder = dir.path;
  await chmod(folder, 0o755);
  const write = (name: string, text: string, mode = 0o644) => writeFile(join(folder, name), text, { mode });
  await write('systemctl', systemctl(folder), 0o755);
  await write('journalctl', '#!/bin/sh\n', 0o755);
  await write('shown', HEALTHY);
  return {
    bin: folder,
    async stage({ code, output }) {
      await Promise.all([write('code', `${code}\n`), write('output', output && `${output}\n`), write('restarts', '')]);
    },
    async restarts() {
      return (await readFile(join(folder, 'restarts'), 'utf8')).split('\n').filter((line) => line !== '');
    },
    stop: () => dir.remove(),
  };
}
