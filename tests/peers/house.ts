/** A Signalbox server: in this process for speed, or in one of its own that can be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Role } from '../../server/access/contract.js';
import { compose, type ComposeOptions, type House } from '../../server/compose.js';
import { makeLogger } from '../../server/watching/log.js';
import { assertAsPublished, witness, type Witness } from '../../server/documents/testing/witness.js';
import { loadConfig } from '../../server/settings/settings.js';
import { freePort } from './ports.js';
import { tempDir } from './temp.js';
import { pluginPath, programOf } from './programs.js';
import { COMPLAINT } from './witness-plugin.js';

export const ADMIN_PASSWORD = 'a-password-of-the-tests';
/** Of all whom `addUser` makes. */
export const USER_PASSWORD = 'a-password-for-users';
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  text: string;
}

type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/** One signed-in user's way to the server. */
export interface Visitor {
  /** The server's. */
  url: string;
  token: string;
  call: Call;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export function visitor(url: string, token: string, fetchBy: Fetch = fetch): Visitor {
  return {
    url,
    token,
    async call(method, path, body, headers = {}) {
      const response = await fetchBy(`${url}${path}`, {
        method,
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = (response.headers.get('content-type') ?? '').includes('json') && text !== '';
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: json ? (JSON.parse(text) as Record<string, unknown>) : {},
      };
    },
  };
}

export async function signIn(
  url: string,
  username = 'admin',
  password = ADMIN_PASSWORD,
  fetchBy: Fetch = fetch,
): Promise<Visitor> {
  const answer = await visitor(url, '', fetchBy).call('POST', '/auth/login', { username, password });
  if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${answer.text}`);
  return visitor(url, String(answer.body['token']), fetchBy);
}

/** Has an admin make somebody, who is signed in then. Throws where the server would not. */
export async function addUser(admin: Visitor, username: string, role: Role): Promise<Visitor> {
  const made = await admin.call('POST', '/users', { username, password: USER_PASSWORD, role });
  if (made.status !== 201) throw new Error(`a user: ${made.status} ${made.text}`);
  return signIn(admin.url, username, USER_PASSWORD);
}

export interface LocalHouse {
  url: string;
  house: House;
  /** All that was logged, as JSON lines. */
  log(): string;
  /** Every answer and message so far, held to what the server publishes of itself. */
  watch: Witness;
  /** Throws where the server said something that its own documents do not. */
  stop(): Promise<void>;
}

/** A server in this process, on a free port and a database of its own; `env` holds settings as the environment would. */
export async function startHouse(
  env: Record<string, string> = {},
  options: Pick<ComposeOptions, 'webDir' | 'pluginOptions'> = {},
): Promise<LocalHouse> {
  const directory = await tempDir();
  const config = loadConfig({
    PORT: '0',
    SIGNALBOX_DATA_DIR: directory.path,
    SIGNALBOX_ADMIN_PASSWORD: ADMIN_PASSWORD,
    SIGNALBOX_START_LIMIT: '0',
    SIGNALBOX_LEASE_SECONDS: '3',
    ...env,
  });
  let log = '';
  const logger = makeLogger('trace', { write: (line: string) => void (log += line) });
  const house = await compose(config, { logger, graceMs: 500, ...options });
  await house.start();
  const watch = await witness(house.server, { hasGuests: config.plugins.length > 0 });
  return {
    url: house.server.info.uri,
    house,
    log: () => log,
    watch,
    async stop() {
      await house.stop();
      await directory.remove();
      assertAsPublished([...watch.complaints]);
    },
  };
}

export interface ServerProcess {
  url: string;
  child: ChildProcess;
  output(): string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as an operator would. */
  stop(): Promise<number | null>;
}

const WITNESS = './tests/peers/witness-plugin.ts';

/** Brings the witness into another process; in a whole run it leaves what it saw where the others do. */
function watched(env: Record<string, string>): Record<string, string> {
  const { TRAFFIC_DIRECTORY: ledger } = process.env;
  const plugins = [...(env['SIGNALBOX_PLUGINS'] ?? '').split(','), WITNESS].filter((name) => name !== '');
  return {
    ...(ledger ? { TRAFFIC_DIRECTORY: ledger } : {}),
    ...env,
    SIGNALBOX_PLUGINS: plugins.map(pluginPath).join(','),
  };
}

/** What the witness of that process complained of. */
const complaintsIn = (output: string): string[] =>
  output.split('\n').flatMap((line) => (line.startsWith(COMPLAINT) ? [line.slice(COMPLAINT.length)] : []));

/** A server in a process of its own, ready to be used, and watched as those in this one are. */
export async function startServer(dataDir: string, env: Record<string, string> = {}): Promise<ServerProcess> {
  const port = Number(env['PORT'] ?? (await freePort()));
  const child = spawn(process.execPath, programOf('server/main.ts'), {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: String(port),
      SIGNALBOX_DATA_DIR: dataDir,
      SIGNALBOX_ADMIN_PASSWORD: ADMIN_PASSWORD,
      SIGNALBOX_START_LIMIT: '0',
      ...watched(env),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  // With all that it said.
  const exited = once(child, 'close');
  const ready = new Promise<void>((resolve, reject) => {
    const read = (text: Buffer) => {
      output += String(text);
      if (output.includes('Signalbox is at')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => reject(new Error(`the server ended:\n${output.slice(-4000)}`)));
  });
  await ready;
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
    assertAsPublished(complaintsIn(output));
    return child.exitCode;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    child,
    output: () => output,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

/** Asks until the answer fits; rejects after `timeoutMs`. */
export async function until<T>(ask: () => Promise<T>, fits: (value: T) => boolean, timeoutMs = 20_000): Promise<T> {
  const { setTimeout: wait } = await import('node:timers/promises');
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await ask();
    if (fits(value)) return value;
    if (performance.now() > end)
      throw new Error(`not so within ${timeoutMs} ms: ${JSON.stringify(value).slice(0, 2000)}`);
    await wait(50);
  }
}
