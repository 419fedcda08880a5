/** Debian's nginx as docker-compose.yml starts it: by nginx/start.sh, in a directory and on ports of its own. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from './house.js';
import { freePort } from './ports.js';
import { tempDir } from './temp.js';

const run = promisify(execFile);
const scripts = fileURLToPath(new URL('../../nginx', import.meta.url));
// nginx is in a directory that only root has in its PATH.
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;

export interface Proxy {
  /** https://127.0.0.1:port */
  url: string;
  /** Where plain requests are sent on. */
  plainUrl: string;
  /** Its certificate. */
  ca: string;
  /** All that it logged. */
  log(): Promise<string>;
  /** Reads the configuration anew, as SIGHUP does. */
  reload(): void;
  stop(): Promise<void>;
}

/** Writes a configuration by nginx/render.sh; answers with its text. */
export async function render(directory: string, env: Record<string, string>): Promise<string> {
  await run('sh', [join(scripts, 'render.sh'), directory], { env: { PATH, ...env } });
  return readFile(join(directory, 'nginx.conf'), 'utf8');
}

/** What `nginx -t` says of a configuration that was written; rejects where it refuses it. */
export async function check(directory: string): Promise<string> {
  // nginx opens /dev/stdout by its name, which no socket allows; and Node's pipes are sockets.
  const command = 'exec nginx -p "$0" -c nginx.conf -e stderr -t >/dev/null';
  const { stderr } = await run('sh', ['-c', command, directory], { env: { PATH } });
  return stderr;
}

/** A free port for each of the two servers, and the address that people use. */
export async function proxyPlace(): Promise<Record<'url' | 'plain' | 'secure', string>> {
  const [plain, secure] = [await freePort(), await freePort()];
  return { url: `https://127.0.0.1:${secure}`, plain: `127.0.0.1:${plain}`, secure: `127.0.0.1:${secure}` };
}

/** Starts it in front of `upstreams` (host:port); resolves when it takes requests. */
export async function startProxy(
  upstreams: string[],
  place: Awaited<ReturnType<typeof proxyPlace>>,
  env: Record<string, string> = {},
): Promise<Proxy> {
  const directory = await tempDir('signalbox-proxy-');
  const path = join(directory.path, 'log');
  const log = () => readFile(path, 'utf8');
  // A file, for the same reason as above.
  const file = await open(path, 'w');
  const child = spawn('sh', [join(scripts, 'start.sh'), directory.path], {
    env: {
      PATH,
      PROXY_PUBLIC_URL: place.url,
      PROXY_UPSTREAMS: upstreams.join(' '),
      PROXY_HTTP_LISTEN: place.plain,
      PROXY_HTTPS_LISTEN: place.secure,
      ...env,
    },
    stdio: ['ignore', file.fd, file.fd],
  });
  await file.close();
  const exited = once(child, 'exit');
  const plainUrl = `http://${place.plain}`;
  const answers = () => fetch(plainUrl, { redirect: 'manual' }).catch(() => null);
  await until(answers, (answer) => answer?.status === 308 || child.exitCode !== null);
  if (child.exitCode !== null) throw new Error(`nginx ended: ${await log()}`);
  return {
    url: place.url,
    plainUrl,
    ca: await readFile(join(directory.path, 'tls/fullchain.pem'), 'utf8'),
    log,
    reload: () => void child.kill('SIGHUP'),
    async stop() {
      child.kill('SIGTERM');
      await exited;
      await directory.remove();
    },
  };
}
