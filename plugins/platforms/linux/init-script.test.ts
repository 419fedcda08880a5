/** A real nginx, managed by Debian's own init script and `service`, behind a real OpenSSH. */
import { execFile } from 'node:child_process';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { startNginx } from '../../../tests/peers/nginx.js';
import { startOpenSsh } from '../../../tests/peers/openssh.js';
import { generateKey } from '../../../tests/peers/ssh-keys.js';
import { sshOptions } from '../../../tests/peers/ssh-target.js';
import { stagedRestart, type Outcome, type Staged } from '../../../tests/peers/staged-restart.js';
import { FaultProxy } from '../../../tests/peers/tcp-faults.js';
import { startTcp } from '../../../tests/peers/tcp-server.js';
import { freePort } from '../../../tests/peers/ports.js';
import { openSession } from '../../../server/ssh/session.js';
import { listServices } from './list-services.js';
import { restartWith } from './restart.js';

const key = await generateKey({ type: 'ed25519' });
const sshd = await startOpenSsh({ authorizedKeys: [key.publicKey.trim()] });
const nginx = await startNginx();
const proxy = await FaultProxy.start(sshd.port);
const execute = promisify(execFile);
t.teardown(async () => {
  await proxy.stop();
  await nginx.stop();
  await sshd.stop();
});

const restart = restartWith({ pollMs: 100, unchangedMs: 1_500, downMs: 1_500 });

function asRoot(parts: Partial<Staged> = {}): Promise<Outcome> {
  return stagedRestart({
    restart,
    service: nginx.name,
    port: sshd.port,
    username: 'root',
    credentials: { privateKey: key.privateKey },
    ...parts,
    settings: { settleSeconds: 0, ...parts.settings },
  });
}

const restarts = async () => (await nginx.calls()).filter((call) => call === 'restart').length;

t.test('restarts nginx and proves it by another master process and the served port', async (t) => {
  const old = await nginx.master();
  const { proof, error, failure, record } = await asRoot({ settings: { servedPort: nginx.port, settleSeconds: 2 } });
  t.equal(error, null);
  t.equal(failure, null);
  const now = await nginx.master();
  t.ok(now);
  t.not(now, old);
  t.match(proof, {
    state: 'running',
    how: 'main_pid+port',
    evidence: {
      init: 'sysv',
      before: { mainPid: old },
      after: { mainPid: now, pidFile: `/run/${nginx.name}.pid` },
      exitCode: 0,
      servedPort: nginx.port,
      servedAt: '127.0.0.1',
    },
  });
  t.same(record.phases, ['connect', 'check', 'stopping', 'starting', 'prove']);
  t.ok(record.log.includes(`in service ${nginx.name} restart`));
  t.equal(record.unclosed, 0, 'every session is closed');
  t.equal(await restarts(), 1);
  t.equal(await (await fetch(`http://127.0.0.1:${nginx.port}`)).text(), 'served');
});

t.test(
  'ends with nginx’s own message where its configuration is broken, and says that the old process runs',
  async (t) => {
    const old = await nginx.master();
    const before = await restarts();
    await nginx.configure(false);
    t.teardown(() => nginx.configure(true));
    const { failure, error } = await asRoot();
    t.equal(error, null);
    t.equal(failure?.code, 'SERVICE_RESTART_FAILED');
    t.match(failure?.message, /nginx: \[emerg\] unknown directive "no_such_directive" in/);
    t.match(failure?.message, new RegExp(`ended with exit code 1, and the old main process ${old} still runs`));
    t.match(failure?.detail, { exitCode: 1, configurationTest: /\[emerg\]/, last: { mainPid: old } });
    t.equal(await nginx.master(), old);
    t.equal(await restarts(), before + 1);
  },
);

t.test('says that nothing runs any more where nginx stopped and could not start again', async (t) => {
  const squatter = await startTcp((socket) => socket.end());
  await nginx.configure(true, squatter.port);
  t.teardown(async () => {
    await squatter.stop();
    await nginx.configure(true);
    await nginx.start();
  });
  const { failure, error } = await asRoot();
  t.equal(error, null);
  t.equal(failure?.code, 'SERVICE_RESTART_FAILED');
  t.match(failure?.message, /ended with exit code 1, and it is (?:stopped|dead), with no main process/);
  t.equal(await nginx.master(), null);
});

t.test('starts what was down, and counts the new process as the proof', async (t) => {
  await nginx.halt();
  const { proof, error, failure } = await asRoot();
  t.equal(error, null);
  t.equal(failure, null);
  t.match(proof, {
    how: 'main_pid',
    evidence: { before: { mainPid: null }, after: { mainPid: await nginx.master() } },
  });
});

t.test('does not call it done while what it serves cannot be reached', async (t) => {
  const servedPort = await freePort();
  const { failure, error } = await asRoot({ settings: { servedPort, restartTimeoutSeconds: 12 } });
  t.equal(error, null);
  t.equal(failure?.code, 'SERVICE_NOT_SERVING');
  t.match(failure?.message, new RegExp(`nothing is served: 127.0.0.1 refused the connection on port ${servedPort}`));
});

t.test('sends nothing for a service that the machine does not know', async (t) => {
  const { failure, record } = await asRoot({ service: 'sbtest-none' });
  t.equal(failure?.code, 'SERVICE_UNKNOWN');
  t.equal(record.sent, null);
  t.same(record.phases, ['connect', 'check']);
  t.equal(record.unclosed, 0);
});

t.test('sends nothing while somebody else’s restart of it is under way', async (t) => {
  const before = await restarts();
  await nginx.hold();
  const other = execute('service', [nginx.name, 'restart']);
  await nginx.restarted(before + 1);
  const { failure, record } = await asRoot();
  await nginx.release();
  await other;
  t.equal(failure?.code, 'SERVICE_IN_TRANSITION');
  t.equal(record.sent, null);
  t.equal(await restarts(), before + 1);
});

t.test('sends nothing once somebody has cancelled', async (t) => {
  const before = await restarts();
  const cancelled = new Error('cancelled');
  const { error } = await asRoot({ onSend: () => Promise.reject(cancelled) });
  t.equal(error, cancelled);
  t.equal(await restarts(), before);
});

t.test('goes through sudo for an ordinary account, and names the rule that it lacks', async (t) => {
  const asUser = () => asRoot({ username: sshd.user, credentials: { password: sshd.password } });
  const before = await restarts();
  const refused = await asUser();
  t.equal(refused.error, null);
  t.equal(refused.failure?.code, 'SERVICE_NOT_PERMITTED');
  t.match(refused.failure?.message, /sudo: a password is required/);
  const rule = `${sshd.user} ALL=(root) NOPASSWD: /usr/sbin/service ${nginx.name} restart`;
  t.equal(refused.failure?.detail.sudoers, rule);
  t.ok(refused.failure?.message.endsWith(rule));
  t.equal(await restarts(), before, 'the machine did nothing');

  const file = `/etc/sudoers.d/${nginx.name}`;
  await writeFile(file, `${rule}\n`, { mode: 0o440 });
  t.teardown(() => rm(file, { force: true }));
  const allowed = await asUser();
  t.equal(allowed.error, null);
  t.equal(allowed.failure, null);
  t.match(allowed.proof, { how: 'main_pid', evidence: { after: { mainPid: await nginx.master() } } });
  t.ok(allowed.record.log.includes(`in sudo -n service ${nginx.name} restart`));
  t.equal(await restarts(), before + 1);
});

t.test('looks again after a session that was cut in mid-restart, and never sends it twice', async (t) => {
  const old = await nginx.master();
  const before = await restarts();
  await nginx.hold();
  const cut = nginx.restarted(before + 1).then(async () => {
    proxy.cut();
    await proxy.idle();
    await nginx.release();
  });
  const { proof, failure, error, record } = await asRoot({ port: proxy.port });
  await cut;
  t.equal(error, null);
  t.equal(failure, null);
  t.match(proof, { how: 'main_pid', evidence: { before: { mainPid: old }, after: { mainPid: await nginx.master() } } });
  t.equal(proof?.evidence.exitCode, null, 'the exit code is unknown and not made up');
  t.not(await nginx.master(), old);
  t.ok(record.opened >= 2, 'a new session looked');
  t.equal(record.unclosed, 0);
  t.equal(await restarts(), before + 1);
});

t.test('a new owner only looks, and tells what it finds', async (t) => {
  const lost = await asRoot({ onSend: () => Promise.reject(new Error('the server died here')) });
  const sent = lost.record.sent;
  t.ok(sent);
  const before = await restarts();

  const nothing = await asRoot({ sent });
  t.equal(nothing.failure?.code, 'OP_OUTCOME_UNKNOWN');
  const still = `the old main process ${await nginx.master()} still runs, so the command seems not to have run`;
  t.match(nothing.failure?.message, still);

  await execute('service', [nginx.name, 'restart']);
  const done = await asRoot({ sent });
  t.match(done.proof, { how: 'main_pid', evidence: { after: { mainPid: await nginx.master() } } });
  t.same(done.record.phases, ['connect', 'starting', 'prove']);

  await nginx.halt();
  const gone = await asRoot({ sent });
  t.equal(gone.failure?.code, 'SERVICE_NOT_STARTED');
  await nginx.start();

  const strange = await asRoot({ sent: { ...sent!, before: { look: 'unlike ours' } } });
  t.equal(strange.failure?.code, 'OP_OUTCOME_UNKNOWN');
  t.equal(await restarts(), before + 1, 'none of them restarted anything');
});

t.test('a host that stays away after the command leaves the outcome open', async (t) => {
  const before = await restarts();
  await nginx.hold();
  const away = await FaultProxy.start(sshd.port);
  const gone = nginx.restarted(before + 1).then(() => away.stop());
  const { failure } = await asRoot({ port: away.port, settings: { restartTimeoutSeconds: 5 } });
  await gone;
  await nginx.release();
  await nginx.idle();
  t.equal(failure?.code, 'OP_OUTCOME_UNKNOWN');
  t.match(failure?.message, /was sent, then the host could not be looked at any more .* last seen: /);
  t.equal(await restarts(), before + 1);
});

t.test('speaks to OpenRC by rc-service, for which a script stands here', async (t) => {
  const bin = t.testdir({ 'rc-service': '#!/bin/sh\nexec "/etc/init.d/$1" "$2"\n' });
  await chmod(join(bin, 'rc-service'), 0o755);
  const authorizedKeys = [key.publicKey.trim()];
  await sshd.reconfigure({ authorizedKeys, config: { SetEnv: `PATH=${bin}:/usr/sbin:/usr/bin:/sbin:/bin` } });
  t.teardown(() => sshd.reconfigure({ authorizedKeys }));
  const { proof, failure, record } = await asRoot({ settings: { initSystem: 'openrc' } });
  t.equal(failure, null);
  t.match(proof, { how: 'main_pid', evidence: { init: 'openrc', after: { mainPid: await nginx.master() } } });
  t.ok(record.log.includes(`in rc-service ${nginx.name} restart`));
});

t.test('lists the services of the machine', async (t) => {
  const session = await openSession(
    sshOptions(
      { port: sshd.port, username: 'root' },
      { credentials: { password: null, privateKey: key.privateKey, passphrase: null } },
    ),
  );
  t.teardown(() => session.close());
  const services = await listServices(session, { signal: new AbortController().signal, log: () => undefined });
  t.match(
    services.find(({ name }) => name === nginx.name),
    { state: /running|stopped/, reason: null },
  );
});
