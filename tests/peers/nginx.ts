/** A real nginx that `service` manages by Debian's own init script, under a name and on a port of its own; needs root. */
import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { on } from 'node:events';
import { rmSync, watch } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';

import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports.js';
import { tempDir, type TempDir } from './temp.js';

const run = promisify(execFile);
const SCRIPT = '/etc/init.d/nginx';

export interface Nginx {
  /** What `service` calls it. */
  readonly name: string;
  readonly port: number;
  /** The pid of its master process; null while it does not run. */
  master(): Promise<number | null>;
  /** What its init script was called with so far: start, restart, status, … */
  calls(): Promise<string[]>;
  /** Resolves when no restart of it runs: one whose session was cut goes on by itself. */
  idle(): Promise<void>;
  start(): Promise<void>;
  halt(): Promise<void>;
  /** Writes a configuration that nginx refuses, or one that it takes, with another port where one is given. */
  configure(sound: boolean, port?: number): Promise<void>;
  /** Keeps its init script waiting before it restarts anything, until `release`. */
  hold(): Promise<void>;
  release(): Promise<void>;
  /** Resolves when its init script has been called to restart so many times. */
  restarted(times: number): Promise<void>;
  /** Takes it away without a trace. */
  stop(): Promise<void>;
}

class ManagedNginx implements Nginx {
  readonly name = `sbtest-nginx-${process.pid}-${randomBytes(2).toString('hex')}`;
  readonly port: number;
  readonly #dir: TempDir;

  constructor(port: number, dir: TempDir) {
    this.port = port;
    this.#dir = dir;
  }

  get #files() {
    return {
      script: `/etc/init.d/${this.name}`,
      options: `/etc/default/${this.name}`,
      pid: `/run/${this.name}.pid`,
      hold: join(this.#dir.path, 'hold'),
      calls: join(this.#dir.path, 'calls'),
      config: join(this.#dir.path, 'nginx.conf'),
    };
  }

  /** Debian's script as it stands, but for the two files that it reads; and it notes what it is called with. */
  async install(): Promise<void> {
    const { script, options, calls, hold, config } = this.#files;
    const wait = `[ "$1" = restart ] && while [ -e ${hold} ]; do sleep 0.05; done`;
    const debian = await readFile(SCRIPT, 'utf8');
    const own = debian
      .replaceAll('/etc/default/nginx', options)
      .replaceAll('/etc/nginx/nginx.conf', config)
      .replace('\n', `\necho "$1" >>${calls}; trap 'echo "ended $1" >>${calls}' EXIT\n${wait}\n`);
    process.once('exit', this.#removeAtExit);
    // Whoever asks for its status calls the script too, an ordinary account included.
    await chmod(this.#dir.path, 0o755);
    await writeFile(calls, '');
    await chmod(calls, 0o666);
    await writeFile(options, `DAEMON_OPTS="-c ${config} -e ${join(this.#dir.path, 'error.log')}"\n`);
    await writeFile(script, own, { mode: 0o755 });
    await this.configure(true);
  }

  async configure(sound: boolean, port = this.port): Promise<void> {
    const { pid, config } = this.#files;
    const lines = [
      `pid ${pid};`,
      'worker_processes 1;',
      'events { worker_connections 16; }',
      `http { access_log off; server { listen 127.0.0.1:${port}; return 200 "served"; } }`,
    ];
    await writeFile(config, [...lines, ...(sound ? [] : ['no_such_directive on;']), ''].join('\n'));
  }

  async master(): Promise<number | null> {
    const pid = Number(await readFile(this.#files.pid, 'utf8').catch(() => ''));
    return pid > 0 ? pid : null;
  }

  async calls(): Promise<string[]> {
    return (await this.#notes()).filter((line) => !line.startsWith('ended '));
  }

  async #notes(): Promise<string[]> {
    return (await readFile(this.#files.calls, 'utf8')).split('\n').filter((line) => line !== '');
  }

  async hold(): Promise<void> {
    await writeFile(this.#files.hold, '');
  }

  async release(): Promise<void> {
    await rm(this.#files.hold, { force: true });
  }

  async restarted(times: number): Promise<void> {
    await this.#noted((lines) => lines.filter((line) => line === 'restart').length >= times);
  }

  async idle(): Promise<void> {
    const count = (lines: string[], wanted: string) => lines.filter((line) => line === wanted).length;
    await this.#noted((lines) => count(lines, 'ended restart') === count(lines, 'restart'));
  }

  async #noted(condition: (lines: string[]) => boolean): Promise<void> {
    const changes = watch(this.#files.calls);
    // What changes while the file is read must not be missed.
    const heard = on(changes, 'change');
    try {
      while (!condition(await this.#notes())) await heard.next();
    } finally {
      changes.close();
    }
  }

  async start(): Promise<void> {
    await run('service', [this.name, 'start']);
  }

  async halt(): Promise<void> {
    await run('service', [this.name, 'stop']);
  }

  async stop(): Promise<void> {
    process.removeListener('exit', this.#removeAtExit);
    await this.release();
    await this.idle();
    await this.halt();
    const { script, options, pid } = this.#files;
    await Promise.all([script, options, pid].map((path) => rm(path, { force: true })));
    await this.#dir.remove();
  }

  readonly #removeAtExit = () => {
    const { script, options, pid } = this.#files;
    rmSync(this.#files.hold, { force: true });
    spawnSync('service', [this.name, 'stop']);
    for (const path of [script, options, pid]) rmSync(path, { force: true });
    rmSync(this.#dir.path, { recursive: true, force: true });
  };
}

/** Starts it; it serves `served` on its port. */
export async function startNginx(): Promise<Nginx> {
  const nginx = new ManagedNginx(await freePort(), await tempDir('signalbox-nginx-'));
  try {
    await nginx.install();
    await nginx.start();
    return nginx;
  } catch (error) {
    await nginx.stop();
    throw error;
  }
}
