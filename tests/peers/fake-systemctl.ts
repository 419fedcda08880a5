/**
 * A script in the place of systemctl, because a test cannot have an init system of its own. What it writes are the
 * documented forms: `show` lines of key=value with exit code 0 even for an unknown unit, `Unit X not found.` with 5,
 * `Interactive authentication required.` and `Access denied` with 1 or 4 (org.freedesktop.systemd1(5), systemctl(1)).
 * It proves how our side reads and judges them; it does not prove that a given systemd behaves so.
 */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from './temp.js';

/** Properties over those of a healthy unit. */
export type Shown = Record<string, string | number>;

export interface Scene {
  before: Shown;
  /** One for each `show` after the restart; the last one stays. Without it a restart changes nothing. */
  after?: Shown[];
  code?: number;
  output?: string;
  journal?: string[];
  /** Shell lines that run before `restart` answers. */
  meanwhile?: string;
}

export interface FakeSystemctl {
  /** The folder that must come first in PATH. */
  readonly bin: string;
  readonly folder: string;
  stage(scene: Scene): Promise<void>;
  /** The arguments of each restart since the stage was set. */
  restarts(): Promise<string[]>;
  stop(): Promise<void>;
}

const healthy: Shown = {
  LoadState: 'loaded',
  ActiveState: 'active',
  SubState: 'running',
  Result: 'success',
  Type: 'simple',
  MainPID: 4711,
  ExecMainStatus: 0,
  NRestarts: 0,
  ActiveEnterTimestamp: 'Sun 2026-11-22 20:15:01 UTC',
  ActiveEnterTimestampMonotonic: 1000,
  ExecMainStartTimestampMonotonic: 1000,
};

const shown = (parts: Shown) =>
  Object.entries({ ...healthy, ...parts })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');

const LIST = [
  'nginx.service loaded active running A web server',
  'cups.service loaded failed failed Printing',
  'old.service not-found inactive dead old.service',
].join('\n');

const systemctl = (folder: string) => `#!/bin/sh
cd ${folder} || exit 9
[ "$1" = --no-pager ] && shift
case $1 in
show)
  read -r step <step
  cat "show.$step"
  if [ "$step" -gt 0 ] && [ -e "show.$((step + 1))" ]; then echo $((step + 1)) >step; fi;;
restart)
  echo "$*" >>restarts
  . ./meanwhile
  [ -e show.1 ] && echo 1 >step
  cat output >&2
  read -r code <code
  exit "$code";;
--plain) cat list;;
*) echo "Unknown command verb $1." >&2; exit 1;;
esac
`;

/** Makes the scripts; `stage` gives them something to say. */
export async function makeFakeSystemctl(): Promise<FakeSystemctl> {
  const dir = await tempDir('signalbox-systemctl-');
  const folder = dir.path;
  await chmod(folder, 0o755);
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const script = async (name: string, text: string) => {
    await write(name, text);
    await chmod(join(folder, name), 0o755);
  };
  await script('systemctl', systemctl(folder));
  await script('journalctl', `#!/bin/sh\nexec cat ${join(folder, 'journal')}\n`);
  await write('list', `${LIST}\n`);
  return {
    bin: folder,
    folder,
    async stage({ before, after = [], code = 0, output = '', journal = [], meanwhile = '' }) {
      const scenes = [before, ...after];
      const absent = Array.from({ length: 20 }, (_, step) => step).slice(scenes.length);
      await Promise.all(absent.map((step) => rm(join(folder, `show.${step}`), { force: true })));
      await Promise.all(scenes.map((scene, step) => write(`show.${step}`, shown(scene))));
      await Promise.all([
        write('step', '0\n'),
        write('restarts', ''),
        write('code', `${code}\n`),
        write('output', output && `${output}\n`),
        write('journal', journal.map((line) => `${line}\n`).join('')),
        write('meanwhile', `${meanwhile}\n`),
      ]);
    },
    async restarts() {
      return (await readFile(join(folder, 'restarts'), 'utf8')).split('\n').filter((line) => line !== '');
    },
    stop: () => dir.remove(),
  };
}
