/** Restarts through the whole server on a real host: OpenSSH in front of an nginx that `service` manages. */
import t from 'tap';
import type { Operation } from '../server/operations/contract.js';
import { signIn, startHouse } from './peers/house.js';
import { startNginx } from './peers/nginx.js';
import { startOpenSsh } from './peers/openssh.js';
import { generateKey } from './peers/ssh-keys.js';
import { ended, startRestart } from './peers/vos-house.js';

const key = await generateKey({ type: 'ed25519' });
const [sshd, nginx, house] = await Promise.all([
  startOpenSsh({ authorizedKeys: [key.publicKey.trim()] }),
  startNginx(),
  startHouse(),
]);
t.teardown(async () => {
  await house.stop();
  await nginx.stop();
  await sshd.stop();
});
const admin = await signIn(house.url);

const { body } = await admin.call('POST', '/connections', {
  ...{ name: 'web-12', platform: 'linux', hostname: '127.0.0.1', port: sshd.port },
  ...{ username: 'root', privateKey: key.privateKey, services: [nginx.name] },
  platformSettings: { servedPort: nginx.port, settleSeconds: 1 },
});
const connection = Number(body['id']);
const path = `/connections/${connection}/operations/service_restart`;
const run = async (): Promise<Operation> => ended(admin, await startRestart(admin, connection), 60_000);

t.test('proves a restart by another master process and the served port', async (t) => {
  const old = await nginx.master();
  const operation = await run();
  const now = await nginx.master();
  t.match(operation, { status: 'completed', params: { service: nginx.name }, progress: 100, error: null });
  t.match(operation.result, {
    how: 'main_pid+port',
    evidence: { before: { mainPid: old }, after: { mainPid: now } },
  });
  t.not(now, old);
  t.equal(await (await fetch(`http://127.0.0.1:${nginx.port}`)).text(), 'served');
});

t.test('fails in nginx’s own words where its configuration is broken', async (t) => {
  const old = await nginx.master();
  await nginx.configure(false);
  const operation = await run();
  await nginx.configure(true);
  t.match(operation, { status: 'failed', error: { code: 'SERVICE_RESTART_FAILED', hint: /mend it/ } });
  t.match(operation.error?.message, /nginx: \[emerg\] unknown directive "no_such_directive"/);
  t.equal(await nginx.master(), old, 'and the old one still serves');
});

t.test('refuses a service outside the connection’s list before any SSH', async (t) => {
  sshd.clearLog();
  for (const service of ['nginx', 'ssh', `${nginx.name}.service`, `${nginx.name}; reboot`, '-H', '../nginx', '']) {
    const answer = await admin.call('POST', path, { params: { service } });
    t.ok([400, 422].includes(answer.status), `${JSON.stringify(service)}: ${answer.status} ${answer.body['code']}`);
  }
  t.equal(sshd.log(), '', 'nobody knocked at the host');
  const planned = await admin.call('POST', `/api/data/${connection}/restart-service`, { params: { service: 'ssh' } });
  t.match(planned.body, { code: 'SERVICE_NOT_ALLOWED', hint: /Add it to the connection’s services/ });
});

t.test('answers the planned path with the planned words, and learns how long it takes', async (t) => {
  const answer = await admin.call('POST', `/api/data/${connection}/restart-service`);
  t.match(answer, { status: 202, body: { status: 'started', message: 'Service restart initiated' } });
  const estimate = Number(answer.body['estimatedDuration']);
  t.ok(estimate > 0 && estimate < 15_000, 'by then the median of the run before, and not the platform’s guess');
  await ended(admin, answer.headers.get('location') ?? '', 60_000);
});
