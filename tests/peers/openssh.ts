/** A real OpenSSH server on the loopback, with keys, a configuration and a user of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeLocalUser, type LocalUser } from './local-user.js';
import { generateKeyFile, type KeyType } from './ssh-keys.js';
import { freePort } from './ports.js';
import { tempDir } from './temp.js';

const SSHD = '/usr/sbin/sshd';
/** Compiled in: sshd does not start without its empty directory. */
const PRIVILEGE_SEPARATION_DIR = '/run/sshd';

export interface OpenSshOptions {
  /** Default: ed25519 only. */
  hostKeys?: KeyType[];
  /** Keywords of sshd_config over those below. */
  config?: Record<string, string>;
  /** Lines after the keywords: Match blocks. */
  extra?: string[];
  authorizedKeys?: string[];
  /** The program, with its first arguments, that runs sshd in another place: `nsenter`. */
  inside?: string[];
}

export interface OpenSsh {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Of the first of the `hostKeys`, or of the one asked for. */
  hostKeyFingerprint(type?: KeyType): string;
  /** Other settings on the same port, with the same user and keys. */
  reconfigure(options: Omit<OpenSshOptions, 'hostKeys' | 'inside'>): Promise<void>;
  /** Comes back with new host keys on the same port. */
  replaceHostKey(): Promise<void>;
  /** What sshd wrote so far, at LogLevel VERBOSE. */
  log(): string;
  clearLog(): void;
  /** Resolves when the log, now or later, matches. */
  logged(pattern: RegExp): Promise<void>;
  stop(): Promise<void>;
}

class Sshd implements OpenSsh {
  readonly port: number;
  readonly #dir: string;
  readonly #account: LocalUser;
  readonly #removeDir: () => Promise<void>;
  readonly #fingerprints = new Map<KeyType, string>();
  #options: OpenSshOptions;
  #child: ChildProcess | null = null;
  #log = '';
  #watchers: (() => void)[] = [];

  constructor(
    port: number,
    dir: { path: string; remove(): Promise<void> },
    account: LocalUser,
    options: OpenSshOptions,
  ) {
    this.port = port;
    this.#dir = dir.path;
    this.#removeDir = () => dir.remove();
    this.#account = account;
    this.#options = options;
  }

  get user(): string {
    return this.#account.name;
  }

  get password(): string {
    return this.#account.password;
  }

  get #types(): KeyType[] {
    return this.#options.hostKeys ?? ['ed25519'];
  }

  hostKeyFingerprint(type = this.#types[0]): string {
    return (type && this.#fingerprints.get(type)) ?? '';
  }

  async makeHostKeys(): Promise<void> {
    for (const type of this.#types) {
      const path = join(this.#dir, `host_${type}`);
      await Promise.all([rm(path, { force: true }), rm(`${path}.pub`, { force: true })]);
      this.#fingerprints.set(type, (await generateKeyFile(path, { type })).fingerprint);
    }
  }

  async start(): Promise<void> {
    const keys = join(this.#dir, 'authorized_keys');
    await writeFile(keys, (this.#options.authorizedKeys ?? []).join('\n'));
    await writeFile(join(this.#dir, 'sshd_config'), this.#config(keys));
    const from = this.#log.length;
    const own = ['-D', '-e', '-f', join(this.#dir, 'sshd_config')];
    const [program = SSHD, ...words] = [...(this.#options.inside ?? []), SSHD, ...own];
    const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    process.once('exit', this.#killAtExit);
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    const ended = once(child, 'exit').then(() => {
      throw new Error(`sshd did not start:\n${this.#log.slice(from)}`);
    });
    ended.catch(() => undefined);
    await Promise.race([this.#seen(() => this.#log.slice(from).includes('Server listening on')), ended]);
  }

  readonly #killAtExit = () => this.#child?.kill('SIGKILL');

  async halt(): Promise<void> {
    process.removeListener('exit', this.#killAtExit);
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }

  async reconfigure(options: Omit<OpenSshOptions, 'hostKeys' | 'inside'>): Promise<void> {
    await this.halt();
    const { hostKeys, inside } = this.#options;
    this.#options = { ...(hostKeys && { hostKeys }), ...(inside && { inside }), ...options };
    await this.start();
  }

  async replaceHostKey(): Promise<void> {
    await this.halt();
    await this.makeHostKeys();
    await this.start();
  }

  log(): string {
    return this.#log;
  }

  clearLog(): void {
    this.#log = '';
  }

  logged(pattern: RegExp): Promise<void> {
    return this.#seen(() => pattern.test(this.#log));
  }

  async stop(): Promise<void> {
    await this.halt();
    await this.#account.remove();
    await this.#removeDir();
  }

  #hear(text: string): void {
    this.#log += text;
    for (const watch of this.#watchers) watch();
  }

  #seen(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watch = () => {
        if (!condition()) return;
        this.#watchers = this.#watchers.filter((other) => other !== watch);
        resolve();
      };
      this.#watchers.push(watch);
      watch();
    });
  }

  #config(authorizedKeys: string): string {
    const settings = {
      ListenAddress: '127.0.0.1',
      Port: String(this.port),
      PidFile: 'none',
      AuthorizedKeysFile: authorizedKeys,
      StrictModes: 'no',
      // PAM makes a wrong password take seconds; only keyboard-interactive needs it.
      UsePAM: 'no',
      PasswordAuthentication: 'yes',
      KbdInteractiveAuthentication: 'no',
      MaxStartups: '100:30:200',
      PrintMotd: 'no',
      PrintLastLog: 'no',
      LogLevel: 'VERBOSE',
      ...this.#options.config,
    };
    return [
      ...this.#types.map((type) => `HostKey ${join(this.#dir, `host_${type}`)}`),
      ...Object.entries(settings).map(([key, value]) => `${key} ${value}`),
      ...(this.#options.extra ?? []),
      '',
    ].join('\n');
  }
}

/** Starts sshd with one user of its own; needs root. */
export async function startOpenSsh(options: OpenSshOptions = {}): Promise<OpenSsh> {
  const dir = await tempDir();
  await chmod(dir.path, 0o755);
  await mkdir(PRIVILEGE_SEPARATION_DIR, { recursive: true });
  const account = await makeLocalUser(dir.path);
  const server = new Sshd(await freePort(), dir, account, options);
  try {
    await server.makeHostKeys();
    await server.start();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
