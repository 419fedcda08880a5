/** One `named`, with a directory of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from './temp.js';

const NAMED = '/usr/sbin/named';

export interface Named {
  /** What it logged so far. */
  log(): string;
  /** Resolves when the log, now or later, matches. */
  logged(pattern: RegExp): Promise<void>;
  halt(): Promise<void>;
  /** After `halt`: on the same port, with its files as they are. */
  start(): Promise<void>;
  /** Ends it and takes its files away. */
  stop(): Promise<void>;
}

class Process implements Named {
  readonly #dir: Awaited<ReturnType<typeof tempDir>>;
  readonly #watchers = new Set<() => void>();
  #child: ChildProcess | null = null;
  #log = '';

  constructor(dir: Awaited<ReturnType<typeof tempDir>>) {
    this.#dir = dir;
  }

  async start(): Promise<void> {
    const { path } = this.#dir;
    const from = this.#log.length;
    const child = spawn(join(path, 'named'), ['-g', '-n', '1', '-c', join(path, 'named.conf')], {
      cwd: path,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    process.once('exit', this.#killAtExit);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
      for (const watch of this.#watchers) watch();
    });
    const ended = once(child, 'exit').then(() => {
      throw new Error(`named did not start:\n${this.#log.slice(from)}`);
    });
    ended.catch(() => undefined);
    await Promise.race([this.#seen(() => / running\n/.test(this.#log.slice(from))), ended]);
    const broken = this.#log.slice(from).match(/.*not loaded due to errors.*|.*: bad .*/g);
    if (broken) throw new Error(`named did not load a zone:\n${broken.join('\n')}`);
  }

  log(): string {
    return this.#log;
  }

  logged(pattern: RegExp): Promise<void> {
    return this.#seen(() => pattern.test(this.#log));
  }

  async halt(): Promise<void> {
    process.removeListener('exit', this.#killAtExit);
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }

  async stop(): Promise<void> {
    await this.halt();
    await this.#dir.remove();
  }

  readonly #killAtExit = () => this.#child?.kill('SIGKILL');

  #seen(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watch = () => {
        if (!condition()) return;
        this.#watchers.delete(watch);
        resolve();
      };
      this.#watchers.add(watch);
      watch();
    });
  }
}

/** Starts it with these files in a directory of its own; one of them is `named.conf`. */
export async function startNamed(files: Record<string, string>): Promise<Named> {
  const dir = await tempDir('signalbox-bind-');
  const named = new Process(dir);
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir.path, name), text);
    // Debian's AppArmor profile is bound to the program's path, and would let it read none of these files.
    await copyFile(NAMED, join(dir.path, 'named'));
    await named.start();
    return named;
  } catch (error) {
    await named.stop();
    throw error;
  }
}
