/** What no systemd of a test can be brought to say, on a scripted systemctl behind a real OpenSSH. */
import t from 'tap';
import { makeFakeSystemctl, type Answer } from '../../../tests/peers/fake-systemctl.js';
import { startOpenSsh } from '../../../tests/peers/openssh.js';
import { generateKey } from '../../../tests/peers/ssh-keys.js';
import { stagedRestart, type Outcome, type Staged } from '../../../tests/peers/staged-restart.js';
import { restartWith } from './restart.js';

const key = await generateKey({ type: 'ed25519' });
const fake = await makeFakeSystemctl();
const environment = `PATH=${fake.bin}:/usr/sbin:/usr/bin:/sbin:/bin HOME=${fake.bin}`;
const sshd = await startOpenSsh({ authorizedKeys: [key.publicKey.trim()], config: { SetEnv: environment } });
t.teardown(async () => {
  await sshd.stop();
  await fake.stop();
});

const restart = restartWith({ pollMs: 20, unchangedMs: 200, downMs: 200 });

async function play(answer: Answer, parts: Partial<Staged> = {}): Promise<Outcome & { restarts: string[] }> {
  await fake.stage(answer);
  const outcome = await stagedRestart({
    ...{ restart, service: 'nginx', port: sshd.port, username: 'root', credentials: { privateKey: key.privateKey } },
    settings: { initSystem: 'systemd', settleSeconds: 0 },
    ...parts,
  });
  t.equal(outcome.record.unclosed, 0, 'every session is closed');
  return { ...outcome, restarts: await fake.restarts() };
}

t.test('does not believe an exit code of 0 where the process is the same', async (t) => {
  const { failure, restarts } = await play({ code: 0, output: '' });
  t.equal(failure?.code, 'SERVICE_RESTART_FAILED');
  t.match(failure?.message, /ended with 0, but the old main process 4711 still runs/);
  t.same(restarts, ['restart -- nginx']);
});

t.test('knows both ways in which systemd refuses an account', async (t) => {
  const cases: [string, number][] = [
    ['Failed to restart nginx.service: Interactive authentication required.', 1],
    ['Failed to restart nginx.service: Access denied', 4],
  ];
  for (const [output, code] of cases) {
    const { failure } = await play({ code, output });
    t.equal(failure?.code, 'SERVICE_NOT_PERMITTED');
    t.match(failure?.message, output);
    t.equal(failure?.detail.sudoers, `root ALL=(root) NOPASSWD: ${fake.bin}/systemctl restart -- nginx`);
  }
});

t.test('goes through the real sudo for an ordinary account, and names the rule that it lacks', async (t) => {
  const { failure, record, restarts } = await play(
    { code: 0, output: '' },
    { username: sshd.user, credentials: { password: sshd.password } },
  );
  t.equal(failure?.code, 'SERVICE_NOT_PERMITTED');
  t.match(failure?.message, /sudo: a password is required/);
  const rule = `${sshd.user} ALL=(root) NOPASSWD: ${fake.bin}/systemctl restart -- nginx`;
  t.equal(failure?.detail.sudoers, rule);
  t.ok(record.log.includes('in sudo -n systemctl restart -- nginx'));
  t.same(restarts, []);
});
