/** A real nginx that serves a key and a certificate from files of a directory of its own; needs root. */
import { execFile, spawnSync } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import type { Pair } from './key-pair.js';
import { freePort } from './ports.js';
import { tempDir, type TempDir } from './temp.js';

const run = promisify(execFile);
const PROGRAM = '/usr/sbin/nginx';
/** nginx tells its old workers to go 100 ms after the new ones came. */
const APART_MS = 70;
const IN_A_ROW = 3;

export interface TlsNginx {
  readonly port: number;
  /** Where its files lie; the directory of the certificates holds nothing else. */
  readonly directory: string;
  readonly certificates: string;
  readonly keyPath: string;
  readonly fullchainPath: string;
  readonly testCommand: string;
  readonly reloadCommand: string;
  /** A configuration that it refuses, or one that it takes. */
  configure(sound: boolean): Promise<void>;
  /** Puts these files in place by hand. */
  write(pair: Pair): Promise<void>;
  /** The same, and has it take them. */
  give(pair: Pair): Promise<void>;
  /** The serial number that it serves now: the same in several looks, as the workers before a reload answer for a moment. */
  serial(): Promise<string>;
  /** Looks until it serves this one, for so long at most. */
  serves(serialNumber: string, forMs: number): Promise<{ served: boolean; instead: string }>;
  stop(): Promise<void>;
}

class Nginx implements TlsNginx {
  readonly port: number;
  readonly directory: string;
  readonly #dir: TempDir;

  constructor(port: number, dir: TempDir) {
    this.port = port;
    this.directory = dir.path;
    this.#dir = dir;
  }

  get certificates(): string {
    return join(this.directory, 'tls');
  }

  get keyPath(): string {
    return join(this.certificates, 'web.key');
  }

  get fullchainPath(): string {
    return join(this.certificates, 'web.pem');
  }

  get #words(): string[] {
    return [PROGRAM, '-p', this.directory, '-c', 'nginx.conf', '-e', 'error.log'];
  }

  get testCommand(): string {
    return [...this.#words, '-t'].join(' ');
  }

  get reloadCommand(): string {
    return [...this.#words, '-s', 'reload'].join(' ');
  }

  async configure(sound: boolean): Promise<void> {
    const files = `ssl_certificate ${this.fullchainPath}; ssl_certificate_key ${this.keyPath};`;
    const lines = [
      'pid nginx.pid;',
      'worker_processes 1;',
      'events { worker_connections 32; }',
      `http { access_log off; server { listen 127.0.0.1:${this.port} ssl; ${files} return 200 "served"; } }`,
      ...(sound ? [] : ['no_such_directive on;']),
    ];
    await writeFile(join(this.directory, 'nginx.conf'), `${lines.join('\n')}\n`);
  }

  async write({ keyPem, leafPem, chainPems }: Pair): Promise<void> {
    await writeFile(this.keyPath, keyPem, { mode: 0o600 });
    await writeFile(this.fullchainPath, [leafPem, ...chainPems].join(''), { mode: 0o644 });
  }

  async start(): Promise<void> {
    await run('sh', ['-c', this.#words.join(' ')]);
    process.once('exit', this.#kill);
  }

  async give(pair: Pair): Promise<void> {
    await this.write(pair);
    await run('sh', ['-c', this.reloadCommand]);
    const { served, instead } = await this.serves(pair.serialNumber, 10_000);
    if (!served) throw new Error(`nginx does not serve what it was given but ${instead}.`);
  }

  async serial(): Promise<string> {
    let [serial, same] = [await this.#shown(), 1];
    while (same < IN_A_ROW) {
      await sleep(APART_MS);
      const now = await this.#shown();
      [serial, same] = [now, now === serial ? same + 1 : 1];
    }
    return serial;
  }

  /** One handshake, with whichever worker takes it. */
  #shown(): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: this.port, rejectUnauthorized: false, timeout: 5_000 });
      socket.once('secureConnect', () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
      socket.once('error', reject);
      socket.once('timeout', () => socket.destroy(new Error('nginx does not answer.')));
    });
  }

  async serves(serialNumber: string, forMs: number): Promise<{ served: boolean; instead: string }> {
    const until = performance.now() + forMs;
    for (;;) {
      const seen = await this.serial();
      if (seen === serialNumber) return { served: true, instead: '' };
      if (performance.now() > until) return { served: false, instead: `the certificate with the serial ${seen}` };
    }
  }

  async stop(): Promise<void> {
    process.removeListener('exit', this.#kill);
    const pid = Number(await readFile(join(this.directory, 'nginx.pid'), 'utf8').catch(() => ''));
    await this.configure(true);
    if (pid > 0) await run('sh', ['-c', [...this.#words, '-s', 'stop'].join(' ')]);
    await this.#dir.remove();
  }

  readonly #kill = () => void spawnSync('sh', ['-c', [...this.#words, '-s', 'stop'].join(' ')]);
}

export async function startTlsNginx(pair: Pair): Promise<TlsNginx> {
  const dir = await tempDir('signalbox-nginx-');
  await chmod(dir.path, 0o755);
  const nginx = new Nginx(await freePort(), dir);
  await run('mkdir', ['-m', '755', nginx.certificates]);
  await nginx.write(pair);
  await nginx.configure(true);
  await nginx.start();
  return nginx;
}
