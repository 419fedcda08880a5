/** A second real SSH server: what holds on OpenSSH holds on Dropbear. */
import { rm, writeFile } from 'node:fs/promises';
import t from 'tap';
import { startDropbear } from '../../../tests/peers/dropbear.js';
import { startNginx } from '../../../tests/peers/nginx.js';
import { generateKey } from '../../../tests/peers/ssh-keys.js';
import { sshOptions } from '../../../tests/peers/ssh-target.js';
import { stagedRestart } from '../../../tests/peers/staged-restart.js';
import { FaultProxy } from '../../../tests/peers/tcp-faults.js';
import { execTest } from '../../../server/ssh/exec-test.js';
import { openSession } from '../../../server/ssh/session.js';
import { restartWith } from './restart.js';

const key = await generateKey({ type: 'ed25519' });
const dropbear = await startDropbear([key.publicKey.trim()]);
const nginx = await startNginx();
const proxy = await FaultProxy.start(dropbear.port);
const rule = `/etc/sudoers.d/${nginx.name}`;
await writeFile(rule, `${dropbear.user} ALL=(root) NOPASSWD: /usr/sbin/service ${nginx.name} restart\n`, {
  mode: 0o440,
});
t.teardown(async () => {
  await rm(rule, { force: true });
  await proxy.stop();
  await nginx.stop();
  await dropbear.stop();
});

const none = { password: null, privateKey: null, passphrase: null };
const restart = restartWith({ pollMs: 100, unchangedMs: 1_500, downMs: 1_500 });

t.test('signs in by password and by key, and runs a command', async (t) => {
  for (const credentials of [
    { ...none, password: dropbear.password },
    { ...none, privateKey: key.privateKey },
  ]) {
    const options = sshOptions({ port: dropbear.port, username: dropbear.user }, { credentials });
    const session = await openSession(options);
    const log: string[] = [];
    const readiness = await execTest(session, { signal: options.signal, log: (text) => log.push(text) });
    session.close();
    t.match(session.identification, /^SSH-2\.0-dropbear/);
    t.equal(session.authMethod, credentials.password ? 'password' : 'publickey');
    t.same(session.hostKey, { type: 'ssh-ed25519', fingerprint: dropbear.fingerprint });
    t.match(readiness, { how: 'exec', system: /^Linux / });
    t.equal(log[0], 'uname -srm');
  }
});

t.test('restarts nginx and proves it', async (t) => {
  const old = await nginx.master();
  const { proof, failure, error } = await stagedRestart({
    ...{ restart, service: nginx.name, port: dropbear.port, username: dropbear.user },
    credentials: { privateKey: key.privateKey },
    settings: { servedPort: nginx.port, settleSeconds: 0 },
  });
  t.equal(error, null);
  t.equal(failure, null);
  t.match(proof, { how: 'main_pid+port', evidence: { before: { mainPid: old }, exitCode: 0 } });
  t.not(await nginx.master(), old);
});

t.test('a session that is cut in mid-restart neither stops the restart nor repeats it', async (t) => {
  const old = await nginx.master();
  await nginx.hold();
  const cut = nginx.restarted(2).then(async () => {
    proxy.cut();
    await proxy.idle();
    await nginx.release();
  });
  const { proof, failure, error } = await stagedRestart({
    ...{ restart, service: nginx.name, port: proxy.port, username: dropbear.user },
    credentials: { privateKey: key.privateKey },
    settings: { settleSeconds: 0 },
  });
  await cut;
  t.equal(error, null);
  t.equal(failure, null);
  t.match(proof, { how: 'main_pid', evidence: { before: { mainPid: old }, exitCode: null } });
  t.not(await nginx.master(), old);
  t.equal((await nginx.calls()).filter((call) => call === 'restart').length, 2);
});
