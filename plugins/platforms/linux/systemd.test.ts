/** The rules for each state of a unit, on a scripted systemctl behind a real OpenSSH. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { makeFakeSystemctl, type Scene, type Shown } from '../../../tests/peers/fake-systemctl.js';
import { startOpenSsh } from '../../../tests/peers/openssh.js';
import { generateKey } from '../../../tests/peers/ssh-keys.js';
import { sshOptions } from '../../../tests/peers/ssh-target.js';
import { stagedRestart, type Outcome, type Staged } from '../../../tests/peers/staged-restart.js';
import { openSession } from '../../../server/ssh/session.js';
import { restartWith } from './restart.js';
import { systemd } from './systemd.js';

const key = await generateKey({ type: 'ed25519' });
const fake = await makeFakeSystemctl();
const path = `${fake.bin}:/usr/sbin:/usr/bin:/sbin:/bin`;
const sshd = await startOpenSsh({ authorizedKeys: [key.publicKey.trim()], config: { SetEnv: `PATH=${path}` } });
t.teardown(async () => {
  await sshd.stop();
  await fake.stop();
});

const restart = restartWith({ pollMs: 20, unchangedMs: 200, downMs: 200 });
const credentials = { password: null, privateKey: key.privateKey, passphrase: null };

async function play(scene: Scene, parts: Partial<Staged> = {}): Promise<Outcome & { restarts: string[] }> {
  await fake.stage(scene);
  const outcome = await stagedRestart({
    restart,
    service: 'nginx',
    port: sshd.port,
    username: 'root',
    credentials,
    ...parts,
    settings: { initSystem: 'systemd', settleSeconds: 0, ...parts.settings },
  });
  t.equal(outcome.record.unclosed, 0, 'every session is closed');
  return { ...outcome, restarts: await fake.restarts() };
}

const up: Shown = {};
const renewed: Shown = { MainPID: 4800, ActiveEnterTimestampMonotonic: 9000 };
const stopping: Shown = { ActiveState: 'deactivating', SubState: 'stop-sigterm', Job: 81 };
const starting: Shown = { ActiveState: 'activating', SubState: 'start', MainPID: 4800, Job: 81 };
const failed: Shown = { ActiveState: 'failed', SubState: 'failed', Result: 'exit-code', MainPID: 0, ExecMainStatus: 1 };
const inactive: Shown = { ActiveState: 'inactive', SubState: 'dead', MainPID: 0, ActiveEnterTimestampMonotonic: 0 };

t.test('restarts a unit and proves it by another main process', async (t) => {
  const { proof, record, restarts } = await play({ before: up, after: [stopping, starting, renewed] });
  t.match(proof, {
    state: 'active/running',
    how: 'main_pid',
    evidence: { init: 'systemd', before: { mainPid: 4711 }, after: { mainPid: 4800, activeSinceMonotonic: 9000 } },
  });
  t.same(restarts, ['restart -- nginx']);
  t.ok(record.log.includes('in systemctl restart -- nginx'));
  t.ok(record.messages.includes('nginx is deactivating/stop-sigterm, with main process 4711'));
  t.ok(record.messages.includes('nginx is activating/start, with main process 4800'));
  t.match(record.seen, { state: 'active/running', mark: '4800@9000' });
});

t.test('takes a changed moment of the start as well as a changed process', async (t) => {
  const { proof } = await play({ before: up, after: [{ ActiveEnterTimestampMonotonic: 9000 }] });
  t.equal(proof?.how, 'main_pid');
});

t.test('takes a oneshot that stays active, and one that ran to its end', async (t) => {
  const stays: Shown = { Type: 'oneshot', SubState: 'exited', MainPID: 0 };
  const remaining = await play({ before: stays, after: [{ ...stays, ExecMainStartTimestampMonotonic: 9000 }] });
  t.equal(remaining.proof?.state, 'active/exited');
  const ends: Shown = { ...inactive, Type: 'oneshot' };
  const ended = await play({
    before: { ...ends, ExecMainStartTimestampMonotonic: 0 },
    after: [starting, { ...ends, ExecMainStartTimestampMonotonic: 9000 }],
  });
  t.equal(ended.proof?.state, 'inactive/dead');
  const failing = await play({ before: ends, after: [{ ...failed, Type: 'oneshot' }], code: 1 });
  t.equal(failing.failure?.code, 'SERVICE_NOT_STARTED');
});

t.test('does not believe an exit code of 0 where the process is the same', async (t) => {
  const { failure } = await play({ before: up });
  t.equal(failure?.code, 'SERVICE_RESTART_FAILED');
  t.match(failure?.message, /ended with 0, but the old main process 4711 still runs/);
});

t.test('believes the state and not an exit code above 0', async (t) => {
  const { proof } = await play({
    before: up,
    after: [renewed],
    code: 1,
    output: 'Warning: unit file changed on disk.',
  });
  t.equal(proof?.evidence.exitCode, 1);
});

t.test('ends with the unit’s own words from the journal where it fails', async (t) => {
  const { failure } = await play({
    before: up,
    after: [stopping, failed],
    code: 1,
    output: 'Job for nginx.service failed because the control process exited with error code.',
    journal: ['nginx: [emerg] unknown directive "x" in /etc/nginx/nginx.conf:1', 'nginx.service: Failed with result.'],
  });
  t.equal(failure?.code, 'SERVICE_NOT_STARTED');
  t.match(
    failure?.message,
    /did not start: it is failed\/failed, Result=exit-code: nginx: \[emerg\] unknown directive "x"/,
  );
  t.match(failure?.detail, {
    exitCode: 1,
    output: /^Job for nginx/,
    journal: /\[emerg\]/,
    last: { result: 'exit-code', exitStatus: 1 },
  });
});

t.test('does not call a unit started that is restarted again and again', async (t) => {
  const looping = (pid: number): Shown => ({ ...renewed, MainPID: pid, NRestarts: pid - 4800 });
  const waiting: Shown = { ActiveState: 'activating', SubState: 'auto-restart', MainPID: 0, Result: 'exit-code' };
  const { failure } = await play(
    {
      before: up,
      after: [looping(4800), waiting, looping(4801), waiting, looping(4802), { ...waiting, NRestarts: 3 }],
    },
    { settings: { settleSeconds: 1, restartTimeoutSeconds: 5 } },
  );
  t.equal(failure?.code, 'SERVICE_NOT_STARTED');
  t.match(failure?.message, /within 5 s: it is activating\/auto-restart/);
  t.match(failure?.detail, { last: { automaticRestarts: 3 } });
});

t.test('restarts a unit that is down, failed, or waiting for its next automatic restart', async (t) => {
  const waiting: Shown = { ActiveState: 'activating', SubState: 'auto-restart', MainPID: 0 };
  for (const before of [inactive, failed, waiting]) {
    const { proof, restarts } = await play({ before, after: [renewed] });
    t.equal(proof?.state, 'active/running');
    t.equal(restarts.length, 1);
  }
});

t.test('says that a unit stays down', async (t) => {
  const { failure } = await play({ before: up, after: [inactive] });
  t.equal(failure?.code, 'SERVICE_NOT_STARTED');
  t.match(failure?.message, /did not start: it is inactive\/dead/);
});

t.test('sends nothing where there is nothing to restart, or somebody else is at it', async (t) => {
  const cases: [Shown, string, RegExp][] = [
    [{ ...inactive, LoadState: 'not-found' }, 'SERVICE_UNKNOWN', /knows no service nginx; nothing was sent/],
    [{ ...inactive, LoadState: 'masked' }, 'SERVICE_RESTART_FAILED', /is masked/],
    [stopping, 'SERVICE_IN_TRANSITION', /deactivating\/stop-sigterm/],
    [starting, 'SERVICE_IN_TRANSITION', /activating\/start/],
  ];
  for (const [before, code, message] of cases) {
    const { failure, record, restarts } = await play({ before });
    t.equal(failure?.code, code);
    t.match(failure?.message, message);
    t.equal(record.sent, null);
    t.same(restarts, []);
  }
});

t.test('knows both ways in which systemd refuses an account', async (t) => {
  const cases: [string, number][] = [
    ['Failed to restart nginx.service: Interactive authentication required.', 1],
    ['Failed to restart nginx.service: Access denied', 4],
  ];
  for (const [output, code] of cases) {
    const { failure } = await play({ before: up, code, output });
    t.equal(failure?.code, 'SERVICE_NOT_PERMITTED');
    t.match(failure?.message, output);
    t.equal(failure?.detail.sudoers, `root ALL=(root) NOPASSWD: ${fake.bin}/systemctl restart -- nginx`);
  }
});

t.test('goes through the real sudo for an ordinary account, and names the rule that it lacks', async (t) => {
  const { failure, record, restarts } = await play(
    { before: up },
    { username: sshd.user, credentials: { password: sshd.password } },
  );
  t.equal(failure?.code, 'SERVICE_NOT_PERMITTED');
  t.match(failure?.message, /sudo: a password is required/);
  const rule = `${sshd.user} ALL=(root) NOPASSWD: ${fake.bin}/systemctl restart -- nginx`;
  t.equal(failure?.detail.sudoers, rule);
  t.ok(record.log.includes('in sudo -n systemctl restart -- nginx'));
  t.same(restarts, []);
});

t.test('tells a unit that went away between the look and the command', async (t) => {
  const { failure } = await play({ before: up, code: 5, output: 'Unit nginx.service not found.' });
  t.equal(failure?.code, 'SERVICE_UNKNOWN');
});

t.test('ends at its deadline where the command never does', async (t) => {
  const { failure } = await play(
    { before: up, after: [stopping], meanwhile: 'echo 1 >step; echo $$ >pid; exec sleep 60' },
    { settings: { restartTimeoutSeconds: 5 } },
  );
  process.kill(Number(await readFile(join(fake.folder, 'pid'), 'utf8')));
  t.equal(failure?.code, 'SERVICE_NOT_STARTED');
  t.match(failure?.message, /within 5 s: it is deactivating\/stop-sigterm, .*the command has not ended/);
});

t.test('a new owner sends nothing and tells what it finds', async (t) => {
  const lost = await play({ before: up }, { onSend: () => Promise.reject(new Error('the server died here')) });
  const sent = lost.record.sent;
  t.ok(sent);
  const cases: [Shown, string | null][] = [
    [renewed, null],
    [up, 'OP_OUTCOME_UNKNOWN'],
    [inactive, 'SERVICE_NOT_STARTED'],
    [failed, 'SERVICE_NOT_STARTED'],
  ];
  for (const [now, code] of cases) {
    const { proof, failure, error, restarts } = await play({ before: now }, { sent });
    t.equal(error, null);
    t.equal(failure?.code ?? null, code);
    t.equal(proof?.how ?? null, code === null ? 'main_pid' : null);
    t.same(restarts, []);
  }
});

t.test('lists the units as systemctl does', async (t) => {
  const session = await openSession(sshOptions({ port: sshd.port, username: 'root' }, { credentials }));
  t.teardown(() => session.close());
  const init = systemd(false);
  const answer = await session.exec(init.listCommand(), { signal: new AbortController().signal });
  t.same(init.readList(answer), [
    { name: 'nginx.service', state: 'active/running', reason: null },
    { name: 'cups.service', state: 'failed/failed', reason: null },
    { name: 'old.service', state: 'inactive/dead', reason: 'not-found' },
  ]);
});
