/** The scripts of the compose profile "lab", run as the containers run them. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { signIn, startHouse, until } from '../../tests/peers/house.js';
import { fetchTrusting } from '../../tests/peers/https.js';
import { freePort } from '../../tests/peers/ports.js';
import { tempDir } from '../../tests/peers/temp.js';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));

/** Starts one; answers with what it said when it is ready, and stops it at the end. */
async function startScript(
  t: Test,
  name: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  ready: string,
): Promise<string> {
  const child = spawn('sh', [`${here}${name}`, folder], { env: { PATH: process.env['PATH'], ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.kill();
    await ended;
  });
  return until(
    async () => {
      if (child.exitCode !== null) throw new Error(`${name} has ended:\n${said}`);
      return said;
    },
    (text) => text.includes(ready),
  );
}

t.test('the lab’s authority issues, at the address that it says', async (t) => {
  const room = await tempDir();
  t.teardown(() => room.remove());
  const [port, management] = [await freePort(), await freePort()];
  const ports = { PEBBLE_PORT: String(port), PEBBLE_MANAGEMENT: String(management) };
  const env = { ...ports, PEBBLE_NAME: 'localhost' };
  const said = await startScript(t, 'pebble.sh', room.path, env, 'ACME directory available');
  t.match(said, `Directory https://localhost:${port}/dir`);
  const [ca = ''] = /-----BEGIN[\s\S]*?-----END CERTIFICATE-----/.exec(said) ?? [];
  const answer = await fetchTrusting({ ca })(`https://localhost:${port}/dir`, {});
  t.match(await answer.json(), { newOrder: String });
});

t.test('the lab’s host lets in whom it says, and shows the host key that it says', async (t) => {
  const room = await tempDir();
  t.teardown(() => room.remove());
  const port = await freePort();
  const account = `sbtest-${randomBytes(4).toString('hex')}`;
  t.teardown(() => run('userdel', ['--remove', account]).catch(() => undefined));
  const env = { SSHD_PORT: String(port), SSHD_ACCOUNT: account };
  const said = await startScript(t, 'sshd.sh', room.path, env, 'Server listening on 0.0.0.0');
  const [, username, password, fingerprint] =
    /Username {2}(\S+)\nPassword {2}(\S+)\nHost key {2}(\S+)/.exec(said) ?? [];
  const house = await startHouse();
  t.teardown(() => house.stop());
  const admin = await signIn(house.url);
  const connection = { name: 'lab', platform: 'linux', hostname: '127.0.0.1', port, username, password };
  const { body } = await admin.call('POST', '/connections', connection);
  const started = await admin.call('POST', `/connections/${String(body['id'])}/operations/ssh_test`);
  const ended = await until(
    () => admin.call('GET', started.headers.get('location') ?? ''),
    (answer) => answer.body['completedAt'] !== null,
  );
  t.equal(ended.body['status'], 'completed');
  const { body: pinned } = await admin.call('GET', `/connections/${String(body['id'])}`);
  t.match(pinned, { hostKey: { fingerprint } });
});
