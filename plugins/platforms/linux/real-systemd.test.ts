/** Restarts of real units by a real systemd, behind a real OpenSSH: what it says and does in each state of a unit. */
import { rm, symlink, writeFile } from 'node:fs/promises';
import t, { type Test } from 'tap';
import type { JsonObject } from '../../../server/operations/contract.js';
import { generateKey } from '../../../tests/peers/ssh-keys.js';
import { sshOptions } from '../../../tests/peers/ssh-target.js';
import { stagedRestart, type Outcome, type Staged } from '../../../tests/peers/staged-restart.js';
import { startSystemd } from '../../../tests/peers/systemd.js';
import { SystemdUnits } from '../../../tests/peers/systemd-units.js';
import { FaultProxy } from '../../../tests/peers/tcp-faults.js';
import { openSession } from '../../../server/ssh/session.js';
import { listServices } from './list-services.js';
import { restartWith } from './restart.js';

const key = await generateKey({ type: 'ed25519' });
const credentials = { password: null, privateKey: key.privateKey, passphrase: null };
const host = await startSystemd([key.publicKey.trim()]);
const units = new SystemdUnits(host);
const proxy = await FaultProxy.start(host.sshd.port);
t.teardown(async () => {
  await proxy.stop();
  await host.stop();
});
// Each test has units of its own.
t.jobs = 4;

const restart = restartWith({ pollMs: 50, unchangedMs: 300, downMs: 300 });
const LASTING = 'ExecStart=/bin/sleep infinity';

async function play(t: Test, service: string, parts: Partial<Staged> = {}): Promise<Outcome> {
  const outcome = await stagedRestart({
    ...{ restart, service, port: host.sshd.port, username: 'root', credentials },
    ...parts,
    settings: { settleSeconds: 0, ...parts.settings },
  });
  t.equal(outcome.error, null);
  t.equal(outcome.record.unclosed, 0, 'every session is closed');
  return outcome;
}

t.test('proves a restart by another main process', async (t) => {
  await units.define('plain', LASTING);
  await host.systemctl('start', 'plain');
  const old = await units.mainPid('plain');
  const { proof, record } = await play(t, 'plain', { settings: { settleSeconds: 1 } });
  const now = await units.mainPid('plain');
  t.not(now, old);
  t.match(proof, {
    ...{ state: 'active/running', how: 'main_pid' },
    evidence: { init: 'systemd', before: { mainPid: old }, after: { mainPid: now, result: 'success' }, exitCode: 0 },
  });
  t.ok(record.log.includes('in systemctl restart -- plain'));
  t.equal(await units.starts('plain'), 2);
});

t.test('does not call a unit started that is restarted again and again', async (t) => {
  await units.define(
    'loop',
    "ExecStart=/bin/sh -c 'sleep 0.2; exit 1'",
    'Restart=always',
    'RestartSec=200ms',
    '[Unit]',
    'StartLimitIntervalSec=0',
  );
  const { failure } = await play(t, 'loop', { settings: { settleSeconds: 1, restartTimeoutSeconds: 5 } });
  t.equal(failure?.code, 'SERVICE_NOT_STARTED');
  t.match(failure?.message, /within 5 s: it is \S+\/\S+, with/);
  t.ok(Number((failure?.detail.last as JsonObject).automaticRestarts) > 1);
});

t.test('ends at its deadline where the unit does not stop', async (t) => {
  const gate = await units.startReluctant('stuck');
  const { failure } = await play(t, 'stuck', { settings: { restartTimeoutSeconds: 5 } });
  t.equal(failure?.code, 'SERVICE_NOT_STARTED');
  t.match(failure?.message, /within 5 s: it is deactivating\/stop-sigterm, .*the command has not ended/);
  await gate.open();
});

t.test('restarts an instance of a template, and a unit by its other name', async (t) => {
  await symlink('shop@.service', units.file('units/store@.service'));
  await units.define('shop@', LASTING);
  await host.systemctl('start', 'shop@blue');
  for (const service of ['shop@blue.service', 'store@blue']) {
    const old = await units.mainPid('shop@blue');
    const { proof } = await play(t, service);
    t.match(proof, { how: 'main_pid', evidence: { before: { mainPid: old } } });
    t.not(await units.mainPid('shop@blue'), old);
  }
});

t.test('tells a daemon whose main process systemd does not know by the moment of its start', async (t) => {
  await units.define('aside', 'Type=forking', 'GuessMainPID=no', "ExecStart=/bin/sh -c 'sleep infinity &'");
  await host.systemctl('start', 'aside');
  const { proof } = await play(t, 'aside');
  t.match(proof, { how: 'main_pid', evidence: { before: { mainPid: null }, after: { mainPid: null } } });
  t.equal(await units.starts('aside'), 2);
});

t.test('waits through a slow stop and a slow start', async (t) => {
  const start = units.gate('slow-start');
  const stop = await units.startReluctant('slow', `ExecStartPre=/bin/sh -c '${start.wait}'`);
  await start.close();
  const { proof, record } = await play(t, 'slow', {
    onMessage: (text) => {
      if (text.includes('deactivating/stop-sigterm')) void stop.open();
      if (text.includes('activating/start-pre')) void start.open();
    },
  });
  t.equal(proof?.state, 'active/running');
  t.ok(record.messages.includes('slow is activating/start-pre, with no main process'));
});

t.test('waits for the word of a unit that tells when it is ready', async (t) => {
  const gate = units.gate('telling');
  await gate.close();
  const main = await units.script('telling', gate.wait, 'systemd-notify --ready', 'exec sleep infinity');
  await units.define('telling', 'Type=notify', 'NotifyAccess=all', `ExecStart=${main}`);
  const { proof, record } = await play(t, 'telling', {
    onMessage: (text) => {
      if (text.includes('activating/start,')) void gate.open();
    },
  });
  t.equal(proof?.state, 'active/running');
  t.ok(record.messages.some((text) => /^telling is activating\/start, with main process \d+$/.test(text)));
});

t.test('restarts a unit that is down, failed, or waiting for its next automatic restart', async (t) => {
  const sound = units.file('sound');
  const main = await units.script('moody', `[ -e ${sound} ] || exit 7`, 'exec sleep infinity');
  await units.define('down', LASTING);
  await units.define('fallen', `ExecStart=${main}`);
  await units.define('waiting', `ExecStart=${main}`, 'Restart=always', 'RestartSec=1h');
  await host.systemctl('start', 'fallen', 'waiting');
  await units.reaches('fallen', 'failed/failed');
  await units.reaches('waiting', 'activating/auto-restart');
  await writeFile(sound, '');
  for (const [unit, state] of [
    ['down', 'inactive/dead'],
    ['fallen', 'failed/failed'],
    ['waiting', 'activating/auto-restart'],
  ] as const) {
    const { proof } = await play(t, unit);
    t.match(proof, { state: 'active/running', evidence: { before: { state } } });
  }
});

t.test('does not take a unit that got ready by itself for a restarted one', async (t) => {
  const gate = units.gate('late');
  await gate.close();
  const failing = `[ -e ${units.file('late')} ] || { touch ${units.file('late')}; exit 1; }`;
  const main = await units.script('late.sh', failing, gate.wait, 'systemd-notify --ready', 'exec sleep infinity');
  const lines = ['Type=notify', 'NotifyAccess=all', `ExecStart=${main}`, 'Restart=on-failure', 'RestartSec=50ms'];
  await units.define('late', ...lines);
  await host.systemctl('start', '--no-block', 'late');
  await gate.reached();
  const { failure } = await play(t, 'late', {
    onSend: async () => {
      await units.define('late', ...lines, '[Unit]', 'RefuseManualStop=yes');
      await gate.open();
      await units.reaches('late', 'active/running');
    },
  });
  t.match(failure, { code: 'SERVICE_RESTART_FAILED', message: /Operation refused, unit late\.service/ });
});

t.test('proves a oneshot by the moment of its run where systemd remembers it', async (t) => {
  await units.define('stays', 'Type=oneshot', 'RemainAfterExit=yes', 'ExecStart=/bin/true');
  await host.systemctl('start', 'stays');
  const remaining = await play(t, 'stays');
  t.match(remaining.proof, { state: 'active/exited', how: 'main_pid' });
  await units.define('ends', 'Type=oneshot', 'ExecStart=/bin/true');
  await units.define('keeper', LASTING, '[Unit]', 'Wants=ends.service');
  await host.systemctl('start', 'keeper');
  const ended = await play(t, 'ends');
  t.match(ended.proof, { state: 'inactive/dead', how: 'main_pid' });
});

t.test('does not say that a oneshot has run, or has not, where systemd forgets it at once', async (t) => {
  await units.define('forgotten', 'Type=oneshot', 'ExecStart=/bin/true');
  const { failure } = await play(t, 'forgotten');
  t.equal(failure?.code, 'OP_OUTCOME_UNKNOWN');
  t.match(failure?.message, /ended with 0 and forgotten is inactive\/dead, but without a main process/);
});

t.test('ends with the unit’s own words from the real journal where it fails', async (t) => {
  // Lines of a user manager's unit carry its name only where the journal comes to look while the process still lives.
  const failing = (unit: string) => [
    'echo "[emerg] unknown directive \\"x\\" in a.conf:1" >&2',
    `until journalctl -q -o cat -u ${unit} | grep -q emerg; do sleep 0.02; done`,
    'exit 1',
  ];
  const sound = `[ -e ${units.file('broken')} ] || exit 0`;
  const check = await units.script('checked.sh', sound, ...failing('checked'));
  await units.define('checked', `ExecStartPre=${check}`, LASTING);
  await units.define('crashing', `ExecStart=${await units.script('crashing.sh', ...failing('crashing'))}`);
  await units.define('task', 'Type=oneshot', `ExecStart=${await units.script('task.sh', ...failing('task'))}`);
  await host.systemctl('start', 'checked');
  await writeFile(units.file('broken'), '');
  for (const [unit, exitCode] of [
    ['checked', 1],
    ['crashing', 0],
    ['task', 1],
  ] as const) {
    const { failure } = await play(t, unit, { settings: { settleSeconds: 1 } });
    t.equal(failure?.code, 'SERVICE_NOT_STARTED');
    t.match(failure?.message, /is failed\/failed, Result=exit-code: \[emerg\] unknown directive "x" in a\.conf:1\./);
    t.match(failure?.detail, { exitCode, journal: /\[emerg\]/, last: { result: 'exit-code' } });
  }
});

t.test('says so where systemd itself gives up', async (t) => {
  await units.define(
    'hopeless',
    "ExecStart=/bin/sh -c 'exit 1'",
    'Restart=always',
    'RestartSec=50ms',
    '[Unit]',
    'StartLimitBurst=3',
  );
  const { failure } = await play(t, 'hopeless', { settings: { settleSeconds: 2 } });
  t.match(failure, { code: 'SERVICE_NOT_STARTED', message: /is failed\/failed, Result=exit-code/ });
});

t.test('believes the state and not an exit code above 0', async (t) => {
  const check = await units.script(
    'second.sh',
    `[ -e ${units.file('tried')} ] || { touch ${units.file('tried')}; exit 1; }`,
  );
  await units.define('second', `ExecStartPre=${check}`, LASTING, 'Restart=on-failure', 'RestartSec=50ms');
  const { proof } = await play(t, 'second');
  t.match(proof, { state: 'active/running', evidence: { exitCode: 1 } });
});

t.test('tells why systemd refuses, or why nothing runs afterwards', async (t) => {
  await units.define('guarded', LASTING);
  await units.define('bound', LASTING, '[Unit]', `ConditionPathExists=!${units.file('bound.starts')}`);
  await units.define('spoilt', LASTING);
  await host.systemctl('start', 'guarded', 'bound', 'spoilt');
  await units.define('guarded', LASTING, '[Unit]', 'RefuseManualStop=yes');
  await units.define('spoilt', 'Type=nonsense');
  const refused = await play(t, 'guarded');
  t.match(refused.failure, {
    code: 'SERVICE_RESTART_FAILED',
    message: /Operation refused, unit guarded\.service may be requested by dependency only/,
  });
  const bound = await play(t, 'bound');
  t.match(bound.failure, { code: 'SERVICE_NOT_STARTED', message: /did not start: it is inactive\/dead/ });
  const spoilt = await play(t, 'spoilt');
  t.match(spoilt.failure, { code: 'SERVICE_RESTART_FAILED', message: /spoilt\.service has a bad unit file setting/ });
});

t.test('tells a unit that went away between the look and the command', async (t) => {
  await units.define('fleeting', LASTING);
  await host.systemctl('start', 'fleeting');
  const old = await units.mainPid('fleeting');
  const { failure } = await play(t, 'fleeting', {
    onSend: async () => {
      await rm(units.file('units/fleeting.service'));
      await host.systemctl('daemon-reload');
    },
  });
  t.match(failure, { code: 'SERVICE_UNKNOWN', detail: { exitCode: 5, output: /Unit fleeting\.service not found\.$/ } });
  t.equal(await units.mainPid('fleeting'), old);
});

t.test('sends nothing where there is nothing to restart', async (t) => {
  await host.define({ 'hidden.service': null });
  const cases = [
    ['nosuch', 'SERVICE_UNKNOWN', /knows no service nosuch; nothing was sent/],
    ['hidden', 'SERVICE_RESTART_FAILED', /hidden is masked/],
  ] as const;
  for (const [unit, code, message] of cases) {
    const { failure, record } = await play(t, unit);
    t.match(failure, { code, message });
    t.equal(record.sent, null);
  }
});

t.test('sends nothing while somebody else restarts it', async (t) => {
  const start = units.gate('busy-start');
  const stop = await units.startReluctant('busy', `ExecStartPre=/bin/sh -c '${start.wait}'`);
  await start.close();
  await host.systemctl('restart', '--no-block', 'busy');
  for (const [gate, state] of [
    [stop, 'deactivating/stop-sigterm'],
    [start, 'activating/start-pre'],
  ] as const) {
    await units.reaches('busy', state);
    const { failure, record } = await play(t, 'busy');
    t.match(failure, { code: 'SERVICE_IN_TRANSITION', message: new RegExp(state) });
    t.equal(record.sent, null);
    await gate.open();
  }
  await units.reaches('busy', 'active/running');
  t.equal(await units.starts('busy'), 2);
});

t.test('a session that is cut in mid-restart neither stops the restart nor repeats it', async (t) => {
  const gate = await units.startReluctant('cut');
  const cutting: Promise<void>[] = [];
  const cut = async () => {
    proxy.cut();
    await proxy.idle();
    await gate.open();
  };
  const { proof, record } = await play(t, 'cut', {
    port: proxy.port,
    onMessage: (text) => {
      if (text.includes('deactivating/stop-sigterm') && cutting.length === 0) cutting.push(cut());
    },
  });
  await Promise.all(cutting);
  t.match(proof, { how: 'main_pid', evidence: { exitCode: null } });
  t.equal(record.opened, 2);
  t.equal(await units.starts('cut'), 2);
});

t.test('a new owner sends nothing and tells what it finds', async (t) => {
  await units.define('owned', LASTING);
  await host.systemctl('start', 'owned');
  const lost = await stagedRestart({
    ...{ restart, service: 'owned', port: host.sshd.port, username: 'root', credentials },
    onSend: () => Promise.reject(new Error('the server died here')),
  });
  const { sent } = lost.record;
  t.ok(sent);
  const untouched = await play(t, 'owned', { sent });
  t.match(untouched.failure, { code: 'OP_OUTCOME_UNKNOWN', message: /shows no restart/ });
  await host.systemctl('restart', 'owned');
  const restarted = await play(t, 'owned', { sent });
  t.match(restarted.proof, { how: 'main_pid', evidence: { exitCode: null } });
  await host.systemctl('stop', 'owned');
  const stopped = await play(t, 'owned', { sent });
  t.match(stopped.failure, { code: 'SERVICE_NOT_STARTED', message: /did not start: it is inactive\/dead/ });
  t.equal(await units.starts('owned'), 2);
});

t.test('lists the units as systemctl does', async (t) => {
  await units.define('listed', LASTING, '[Unit]', 'Wants=absent.service', 'After=absent.service');
  await units.define('dead', 'ExecStart=/bin/false');
  await host.systemctl('start', 'listed', 'dead');
  await units.reaches('dead', 'failed/failed');
  const session = await openSession(sshOptions({ port: host.sshd.port, username: 'root' }, { credentials }));
  t.teardown(() => session.close());
  const log: string[] = [];
  const signal = new AbortController().signal;
  const services = await listServices(session, { signal, log: (text) => void log.push(text) });
  const find = (name: string) => services.find((service) => service.name === name);
  t.same(find('listed.service'), { name: 'listed.service', state: 'active/running', reason: null });
  t.same(find('dead.service'), { name: 'dead.service', state: 'failed/failed', reason: null });
  t.same(find('absent.service'), { name: 'absent.service', state: 'inactive/dead', reason: 'not-found' });
  t.same(log, [`systemd lists ${services.length} services`]);
});
