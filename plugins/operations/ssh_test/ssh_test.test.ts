import t from 'tap';
import Hapi from '@hapi/hapi';
import { startOpenSsh } from '../../../tests/peers/openssh.js';
import { targetOf } from '../../../tests/peers/ssh-target.js';
import { FaultProxy } from '../../../tests/peers/tcp-faults.js';
import type { ConnectionTarget, Credentials, HostKey } from '../../../server/connections/contract.js';
import type { JsonObject, OperationContext, OperationDefinition } from '../../../server/operations/contract.js';
import type { Platform } from '../../../server/platforms/contract.js';
import { plugin as linux } from '../../platforms/linux/index.js';
import { plugin } from './index.js';

const sshd = await startOpenSsh({ config: { Banner: 'none' } });
const proxy = await FaultProxy.start(sshd.port);
t.teardown(async () => {
  await proxy.stop();
  await sshd.stop();
});

/** What the plugins hand to a server, without an engine behind its doors. */
async function register() {
  const server = Hapi.server();
  const operations: OperationDefinition[] = [];
  const platforms: Platform[] = [];
  server.decorate('server', 'operation', (definition) => void operations.push(definition as never));
  server.decorate('server', 'platform', (definition: Platform) => void platforms.push(definition));
  await server.register([plugin, linux]);
  const [definition] = operations;
  const [platform] = platforms;
  if (!definition || !platform) throw new Error('The plugins registered nothing.');
  return { definition, platform };
}

const { definition, platform } = await register();

interface Case {
  target?: Partial<ConnectionTarget>;
  credentials?: Partial<Credentials>;
  platform?: Platform;
  /** Ends the step's signal with a TimeoutError when it resolves. */
  timeout?: { step: string; when: () => Promise<void> };
  signal?: AbortSignal;
}

/** Runs the type on a context that only records; steps are bounded as the engine bounds them. */
async function run(options: Case = {}) {
  const record = { steps: [] as string[], messages: [] as string[], log: [] as string[], pinned: [] as string[] };
  const signal = options.signal ?? new AbortController().signal;
  const context: OperationContext = {
    id: '0198c0de-0000-7000-8000-000000000001',
    connection: targetOf({ port: proxy.port, username: sshd.user, ...options.target }),
    platform: options.platform ?? platform,
    params: {},
    attempt: 1,
    createdBy: 'user',
    requestedBy: 'ada',
    state: null,
    signal,
    step(key, work) {
      record.steps.push(key);
      const step = new AbortController();
      if (options.timeout?.step === key)
        void options.timeout.when().then(() => step.abort(new DOMException('Too long.', 'TimeoutError')));
      return work({ signal: AbortSignal.any([step.signal, signal]), progress: () => undefined });
    },
    message: (text) => void record.messages.push(text),
    log: (text, stream = 'out') => void record.log.push(`${stream} ${text}`),
    result: () => undefined,
    checkpoint: () => Promise.resolve(),
    wait: (work) => work,
    children: () => Promise.resolve([]),
    begin: (type) => Promise.reject(new Error(`expected no child, got ${type}`)),
    ended: (id) => Promise.reject(new Error(`expected no wait, got one for ${id}`)),
    credentials: () =>
      Promise.resolve({ password: sshd.password, privateKey: null, passphrase: null, ...options.credentials }),
    pinHostKey({ type, fingerprint }) {
      record.pinned.push(fingerprint);
      const pinned: HostKey = { type, fingerprint, pinnedAt: '2026-01-01T00:00:00.000Z' };
      return Promise.resolve(options.target?.hostKey ?? pinned);
    },
    fail: (code, message) => {
      throw new Error(`${code}: ${message}`);
    },
  };
  const outcome = await definition.run(context).then(
    (result) => ({ result: result as JsonObject, error: null }),
    (error: Error) => ({ result: null, error }),
  );
  return { ...record, ...outcome };
}

t.test('is published as a type of six steps', (t) => {
  t.match(definition, {
    type: 'ssh_test',
    title: 'SSH test',
    labels: { idle: 'Test SSH', busy: 'Testing…', done: 'SSH works' },
    display: 'steps',
    cancellable: true,
    resumable: false,
    alias: { path: 'test-connection', message: 'SSH test initiated' },
  });
  const keys = definition.steps.map(({ key }) => key);
  t.same(keys, ['resolve', 'tcp', 'host_key', 'key_exchange', 'authenticate', 'ready']);
  t.ok(definition.steps.every(({ timeoutMs }) => timeoutMs && timeoutMs < definition.timeoutMs));
  t.ok(definition.params.validate({}).error === undefined && definition.params.validate({ x: 1 }).error);
  t.match(platform, { name: 'linux', title: 'Linux host', defaultPort: 22, defaultService: null });
  t.end();
});

t.test('refuses a wrong option when it is registered', async (t) => {
  const server = Hapi.server();
  const wrong = { plugin, options: { openSession: 'no function' } };
  await t.rejects(server.register(wrong as never), { message: /^Invalid ssh_test configuration: .*openSession/ });
});

t.test('signs in and reports the way there', async (t) => {
  const { result, error, steps, messages, log, pinned } = await run();
  t.equal(error, null);
  t.same(steps, ['resolve', 'tcp', 'host_key', 'key_exchange', 'authenticate', 'ready']);
  const fingerprint = sshd.hostKeyFingerprint();
  t.match(result, {
    address: '127.0.0.1',
    identification: /^SSH-2\.0-OpenSSH_/,
    software: /^OpenSSH_\d/,
    banner: null,
    algorithms: { kex: 'curve25519-sha256', hostKey: 'ssh-ed25519', cipher: 'aes128-gcm@openssh.com', mac: null },
    hostKey: { type: 'ssh-ed25519', fingerprint },
    authMethod: 'password',
    how: 'exec',
    system: /^Linux \S+ \S+$/,
  });
  t.same(JSON.parse(JSON.stringify(result)), result, 'the result is plain JSON');
  t.same(pinned, [fingerprint]);
  t.ok(messages.includes(`Authenticating as ${sshd.user}`));
  t.ok(log.includes('note Key exchange curve25519-sha256, cipher aes128-gcm@openssh.com, MAC implicit'));
  t.ok(log.includes('in uname -srm') && log.includes(`out ${String(result?.['system'])}`));
  t.notMatch(JSON.stringify({ result, messages, log }), sshd.password, 'the password shows up nowhere');
  await proxy.idle();
});

t.test('stops at the step that fails', async (t) => {
  const refused = await run({ credentials: { password: 'wrong horse' } });
  t.match(refused.error, { code: 'SSH_AUTH_REFUSED' });
  t.equal(refused.steps.at(-1), 'authenticate');
  const fingerprint = sshd.hostKeyFingerprint();
  const hostKey = { type: 'ssh-ed25519', fingerprint: 'SHA256:old', pinnedAt: '2026-01-01T00:00:00.000Z' };
  const changed = await run({ target: { hostKey } });
  t.match(changed.error, { code: 'SSH_HOST_KEY_CHANGED' });
  t.equal(changed.steps.at(-1), 'host_key');
  t.same(changed.pinned, [fingerprint], 'the engine hears of the shown key, so that it can be accepted');
  const unknown = await run({ target: { hostname: 'nosuch.invalid' } });
  t.match(unknown, { error: { code: 'SSH_NAME_NOT_FOUND' }, steps: ['resolve'] });
  t.notMatch(JSON.stringify([refused, changed, unknown]), sshd.password);
  await proxy.idle();
});

t.test('refuses a platform that has no test, before anything is opened', async (t) => {
  const bare: Platform = { name: 'bare', title: 'Bare', defaultPort: 22, defaultService: null };
  t.match(await run({ platform: bare }), { error: { code: 'SSH_TEST_UNSUPPORTED' }, steps: [] });
  t.equal(proxy.clients, 0);
});

t.test('is ready where the command is unknown, and names no system then', async (t) => {
  await sshd.reconfigure({ config: { ForceCommand: '"echo no such command; exit 127"' } });
  t.match(await run(), { error: null, result: { how: 'exec', system: null } });
});

t.test('tells a shell that never comes up from one that is refused', async (t) => {
  await sshd.reconfigure({ config: { ForceCommand: 'sleep 600' } });
  sshd.clearLog();
  const when = () => sshd.logged(/Starting session/);
  t.match(await run({ timeout: { step: 'ready', when } }), { error: { code: 'SSH_TIMEOUT_READY' } });
  await proxy.idle();
  await sshd.reconfigure({ config: { MaxSessions: '0' } });
  t.match(await run(), { error: { code: 'SSH_SHELL_NOT_READY' } });
  await proxy.idle();
  t.equal(proxy.clients, 0);
});

t.test('ends at once when it is cancelled, and leaves no session', async (t) => {
  await sshd.reconfigure({ config: { ForceCommand: 'sleep 600' } });
  sshd.clearLog();
  const cancel = new AbortController();
  void sshd.logged(/Starting session/).then(() => cancel.abort(new Error('Cancelled by ada.')));
  t.match(await run({ signal: cancel.signal }), { error: { message: 'Cancelled by ada.' } });
  await proxy.idle();
  t.equal(proxy.clients, 0);
});
