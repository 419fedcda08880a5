/** An admin's own commands for a real nginx behind a real OpenSSH; and the settings that hold them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import t from 'tap';
import { startNginx } from '../../../tests/peers/nginx.js';
import { startOpenSsh } from '../../../tests/peers/openssh.js';
import { generateKey } from '../../../tests/peers/ssh-keys.js';
import { targetOf } from '../../../tests/peers/ssh-target.js';
import { stagedRestart, type Outcome, type Staged } from '../../../tests/peers/staged-restart.js';
import { FaultProxy } from '../../../tests/peers/tcp-faults.js';
import { freePort } from '../../../tests/peers/ports.js';
import { restartWith } from './restart.js';
import { settings, settingsOf } from './settings.js';
import { filled } from './template.js';

const execute = promisify(execFile);
const key = await generateKey({ type: 'ed25519' });
const sshd = await startOpenSsh({ authorizedKeys: [key.publicKey.trim()] });
const nginx = await startNginx();
const proxy = await FaultProxy.start(sshd.port);
t.teardown(async () => {
  await proxy.stop();
  await nginx.stop();
  await sshd.stop();
});

const restart = restartWith({ pollMs: 50, unseenMs: 1_500 });
const restartCommand = 'service {service} restart';
const checkCommand = 'service {service} status';

function play(parts: Partial<Staged> = {}): Promise<Outcome> {
  return stagedRestart({
    restart,
    service: nginx.name,
    port: sshd.port,
    username: 'root',
    credentials: { privateKey: key.privateKey },
    ...parts,
    settings: { restartCommand, settleSeconds: 0, ...parts.settings },
  });
}

const restarts = async () => (await nginx.calls()).filter((call) => call === 'restart').length;

t.test('restarts by the command and proves it by the exit code, the check and the port', async (t) => {
  const old = await nginx.master();
  const { proof, failure, error, record } = await play({ settings: { checkCommand, servedPort: nginx.port } });
  t.equal(error, null);
  t.equal(failure, null);
  t.match(proof, {
    state: 'running',
    how: 'exit_code+check+port',
    evidence: {
      exitCode: 0,
      before: { check: true, port: true },
      after: { check: true, port: true },
      seenDown: { port: true },
    },
  });
  t.not(await nginx.master(), old);
  t.same(record.phases, ['connect', 'check', 'stopping', 'starting', 'prove']);
  t.ok(record.log.includes(`in service '${nginx.name}' restart`));
  t.equal(record.unclosed, 0);
});

t.test('names in the proof only what was looked at', async (t) => {
  t.equal((await play({ settings: { checkCommand } })).proof?.how, 'exit_code+check');
  t.equal((await play({ settings: { servedPort: nginx.port } })).proof?.how, 'exit_code+port');
});

t.test('fails on an exit code that is not among those of a success, with the command’s last words', async (t) => {
  const command = 'echo working; echo no luck >&2; exit 3';
  const failing = await play({ settings: { restartCommand: command, servedPort: nginx.port } });
  t.equal(failing.failure?.code, 'SERVICE_RESTART_FAILED');
  t.match(failing.failure?.message, /ended with exit code 3: no luck/);
  t.same(failing.failure?.detail, { exitCode: 3, output: 'working\nno luck' });
  const allowed = await play({
    settings: { restartCommand: command, successExitCodes: [0, 3], servedPort: nginx.port },
  });
  t.equal(allowed.proof?.evidence.exitCode, 3);
});

t.test('does not call it done while the check fails, the port is closed or the command runs', async (t) => {
  const limit = { restartTimeoutSeconds: 5, restartCommand: 'exit 0' };
  const [check, port, command] = await Promise.all([
    play({ settings: { ...limit, checkCommand: 'exit 1', servedPort: nginx.port } }),
    play({ settings: { ...limit, servedPort: await freePort() } }),
    play({ settings: { ...limit, restartCommand: 'exec sleep 20', servedPort: nginx.port } }),
  ]);
  t.equal(check.failure?.code, 'SERVICE_NOT_STARTED');
  t.match(check.failure?.message, /The check of \S+ did not pass within 5 s/);
  t.equal(port.failure?.code, 'SERVICE_NOT_SERVING');
  t.equal(command.failure?.code, 'SERVICE_NOT_STARTED');
  t.match(command.failure?.message, /has not ended within 5 s/);
});

t.test('sends nothing without a restart command, nor once somebody has cancelled', async (t) => {
  const before = await restarts();
  const missing = await play({ settings: { restartCommand: '' } });
  t.equal(missing.failure?.code, 'SERVICE_SETTINGS_MISSING');
  t.equal(missing.record.opened, 0);
  const cancelled = new Error('cancelled');
  const { error } = await play({ settings: { checkCommand }, onSend: () => Promise.reject(cancelled) });
  t.equal(error, cancelled);
  t.equal(await restarts(), before);
});

async function cutRestart(commands: { restartCommand: string }, meanwhile: () => Promise<void>): Promise<Outcome> {
  const before = await restarts();
  await nginx.hold();
  const cut = nginx.restarted(before + 1).then(async () => {
    proxy.cut();
    await proxy.idle();
    await meanwhile();
    await nginx.release();
  });
  const outcome = await play({ port: proxy.port, settings: { ...commands, servedPort: nginx.port } });
  await cut;
  return outcome;
}

// Without this the script would end with its session; that it goes on is up to whoever writes the command.
const lasting = { restartCommand: 'nohup service {service} restart >/dev/null 2>&1' };

t.test(
  'after a cut session the port that was closed and served again proves it, and nothing is sent twice',
  async (t) => {
    const old = await nginx.master();
    const before = await restarts();
    const { proof, failure, error } = await cutRestart(lasting, () => Promise.resolve());
    t.equal(error, null);
    t.equal(failure, null);
    t.match(proof, { how: 'port', evidence: { exitCode: null, seenDown: { port: true }, downAndUpAgain: 'port' } });
    t.not(await nginx.master(), old);
    t.equal(await restarts(), before + 1);
  },
);

t.test('after a cut session a service that was never seen down leaves the outcome open', async (t) => {
  const { failure } = await play({
    port: proxy.port,
    settings: { restartCommand: 'exec sleep 5', servedPort: nginx.port },
    onMessage: (text) => void (text.startsWith('Port') && proxy.cut()),
  });
  t.equal(failure?.code, 'OP_OUTCOME_UNKNOWN');
  t.match(failure?.message, /never seen down/);
});

t.test('a new owner only looks, and tells what it finds', async (t) => {
  const looks = { checkCommand, servedPort: nginx.port };
  const lost = await play({ settings: looks, onSend: () => Promise.reject(new Error('the server died here')) });
  const sent = lost.record.sent;
  t.same(sent?.before, { check: true, port: true });
  const before = await restarts();
  const nothing = await play({ settings: looks, sent });
  t.equal(nothing.failure?.code, 'OP_OUTCOME_UNKNOWN');
  const known = await play({ settings: looks, sent: { ...sent!, seen: { portDown: true } } });
  t.match(known.proof, { how: 'check+port', evidence: { downAndUpAgain: 'port' } });
  let stopped: Promise<unknown> = Promise.resolve();
  const onMessage = (text: string) => {
    if (text.endsWith('is served')) stopped = execute('service', [nginx.name, 'restart']);
  };
  const seen = await play({ settings: { servedPort: nginx.port }, sent, onMessage });
  await stopped;
  t.match(seen.proof, { how: 'port', evidence: { downAndUpAgain: 'port' } });
  t.ok((await restarts()) <= before + 2, 'only the outside restarted it');
});

t.test('demands something that proves a restart, and no quotes around the name', (t) => {
  const refused: [object, RegExp][] = [
    [{ restartCommand: 'x' }, /needs a checkCommand or a servedPort/],
    [{ restartCommand: "x '{service}'", servedPort: 80 }, /one line, without quotes around/],
    [{ restartCommand: 'x\nrm -rf y', servedPort: 80 }, /one line/],
    [{ restartCommand: 'x'.repeat(1001), servedPort: 80 }, /1000/],
    [{ successExitCodes: [] }, /at least 1/],
    [{ successExitCodes: [256] }, /255/],
  ];
  for (const [given, message] of refused) t.match(settings.validate(given).error?.message, message);
  t.same(settingsOf(targetOf({})), {
    restartCommand: '',
    successExitCodes: [0],
    checkCommand: '',
    servedPort: null,
    restartTimeoutSeconds: 300,
    settleSeconds: 3,
  });
  t.equal(filled('a {service} b {service}', "x'; y $& z"), String.raw`a 'x'\''; y $& z' b 'x'\''; y $& z'`);
  t.end();
});
