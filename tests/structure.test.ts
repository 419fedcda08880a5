/** What makes it fast, seen without a clock: how often a message is made, and what is loaded at the start. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import t from 'tap';
import WebSocket from 'ws';
import { compose } from '../server/compose.js';
import { loadConfig } from '../server/settings/settings.js';
import { makeLogger } from '../server/watching/log.js';
import { ADMIN_PASSWORD, signIn } from './peers/house.js';
import { startTcp } from './peers/tcp-server.js';
import { tempDir } from './peers/temp.js';

const run = promisify(execFile);

/** As the process composes it, without the witness of the other tests, who reads every message himself. */
async function startUnwitnessed() {
  const directory = await tempDir();
  const env = { PORT: '0', SIGNALBOX_DATA_DIR: directory.path, SIGNALBOX_ADMIN_PASSWORD: ADMIN_PASSWORD };
  const house = await compose(loadConfig(env), { logger: makeLogger('silent'), graceMs: 500 });
  await house.start();
  const stop = async () => {
    await house.stop();
    await directory.remove();
  };
  return { url: house.server.info.uri, stop };
}

/** A socket that is subscribed to the paths; `until` resolves when a message fits. */
async function subscriber(url: string, token: string, subs: string[]) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/realtime`);
  const heard: { type: string; message?: { event: string } }[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    heard.push(JSON.parse(String(data)) as (typeof heard)[number]);
    for (const look of waiting) look();
  });
  const until = (fits: (message: (typeof heard)[number]) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!heard.some(fits)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  await once(socket, 'open');
  const auth = { headers: { authorization: `Bearer ${token}` } };
  socket.send(JSON.stringify({ type: 'hello', id: 1, version: '2', auth, subs }));
  await until(({ type }) => type === 'hello');
  return { until, close: () => socket.terminate() };
}

t.test('makes the text of a message once, however many listen on however many paths', async (t) => {
  const silent = await startTcp(() => undefined);
  const house = await startUnwitnessed();
  t.teardown(async () => {
    await house.stop();
    await silent.stop();
  });
  const admin = await signIn(house.url);
  const where = { name: 'silent', platform: 'linux', hostname: '127.0.0.1', port: silent.port, username: 'nobody' };
  const { body } = await admin.call('POST', '/connections', { ...where, password: 'does-not-matter' });
  const path = `/connections/${String(body['id'])}/operations`;
  const paths = ['/operations', path, `${path}/ssh_test`];
  const listeners = await Promise.all(Array.from({ length: 9 }, () => subscriber(house.url, admin.token, paths)));
  t.teardown(() => listeners.forEach(({ close }) => close()));

  const stringify = JSON.stringify;
  const made: string[] = [];
  JSON.stringify = ((value: unknown, ...rest: []) => {
    const { event, operation } = (value ?? {}) as { event?: string; operation?: { revision: number } };
    if (event?.startsWith('operation:')) made.push(`${event} ${operation?.revision}`);
    return stringify(value, ...rest);
  }) as typeof JSON.stringify;
  t.teardown(() => (JSON.stringify = stringify));
  const started = await admin.call('POST', `${path}/ssh_test`);
  t.equal(started.status, 202, started.text);
  await Promise.all(listeners.map(({ until }) => until(({ message }) => message?.event === 'operation:update')));
  JSON.stringify = stringify;
  t.ok(made.includes('operation:start 1'), 'the start was made');
  t.same(made, [...new Set(made)], 'and each revision once');
});

t.test('listens before it has loaded what only an operation needs', async (t) => {
  const script = new URL('./peers/modules-at-start.ts', import.meta.url).pathname;
  const { stdout } = await run(process.execPath, ['--import', 'tsx', script]);
  const loaded = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]') as string[];
  t.ok(loaded.includes('@hapi/nes'), 'sees what is loaded');
  t.same(
    ['ssh2', 'cpu-features', 'acme-client', '@peculiar/x509', 'dns-packet'].filter((name) => loaded.includes(name)),
    [],
  );
});
