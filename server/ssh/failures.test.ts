import t from 'tap';
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { startFullBacklog } from '../../tests/peers/full-backlog.js';
import { startOpenSsh } from '../../tests/peers/openssh.js';
import { after, before, KEX_REPLY, KEXINIT, NEWKEYS, within } from '../../tests/peers/ssh-bytes.js';
import { sshOptions } from '../../tests/peers/ssh-target.js';
import { FaultProxy, type Fault } from '../../tests/peers/tcp-faults.js';
import { startTcp } from '../../tests/peers/tcp-server.js';
import { freePort } from '../../tests/peers/ports.js';
import { tempDir } from '../../tests/peers/temp.js';
import type { ConnectionTarget, Credentials } from '../connections/contract.js';
import type { PhaseRunner, SshOptions, SshPhase } from './contract.js';
import { openSession } from './session.js';
import { connectTcp } from './tcp.js';

const run = promisify(execFile);
const sshd = await startOpenSsh();
const proxy = await FaultProxy.start(sshd.port);
t.teardown(async () => {
  await proxy.stop();
  await sshd.stop();
});

const none: Credentials = { password: null, privateKey: null, passphrase: null };
const byPassword: Credentials = { ...none, password: sshd.password };
const timeout = () => new DOMException('The time limit has passed.', 'TimeoutError');

function open(target: Partial<ConnectionTarget> = {}, parts: Partial<SshOptions> = {}) {
  return openSession(
    sshOptions({ port: sshd.port, username: sshd.user, ...target }, { credentials: byPassword, ...parts }),
  );
}

/** A time limit as the engine sets it. */
function limitedBy(ms: number): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timeout()), ms);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** Runs the phases; the named one ends with `reason` as soon as the peer has stalled. */
function stalling(stalled: SshPhase, when: Promise<void>, reason: Error): PhaseRunner {
  return (name, work) => {
    const controller = new AbortController();
    if (name === stalled) void when.then(() => controller.abort(reason));
    return work(controller.signal);
  };
}

t.test('says why it found no way to the host', async (t) => {
  await t.rejects(open({ hostname: 'nosuch.invalid' }), {
    code: 'SSH_NAME_NOT_FOUND',
    message: /nosuch\.invalid/,
    retryable: Boolean,
  });
  const port = await freePort();
  await t.rejects(open({ port }), {
    code: 'SSH_REFUSED',
    message: `127.0.0.1 refused the connection on port ${port}.`,
    hint: 'Check that an SSH server listens on this port.',
    retryable: true,
  });
  // A multicast group takes no TCP connection, whatever the network is like.
  await t.rejects(open({ hostname: '224.0.0.1' }), { code: 'SSH_UNREACHABLE', message: /no way to 224\.0\.0\.1/ });
});

t.test('ends a look-up that no name server answers when its phase’s time is up', async (t) => {
  const nameServer = createSocket('udp4').bind(53, '127.0.0.77');
  await once(nameServer, 'listening');
  const directory = await tempDir();
  t.teardown(async () => {
    nameServer.close();
    await directory.remove();
  });
  let asked = 0;
  nameServer.on('message', () => asked++);
  const conf = join(directory.path, 'resolv.conf');
  await writeFile(conf, 'nameserver 127.0.0.77\n');
  const script = fileURLToPath(new URL('../../tests/peers/late-resolver.ts', import.meta.url));
  // In a mount namespace of its own, so that nobody else's resolver changes.
  const inside = 'mount --bind "$1" /etc/resolv.conf && exec "$2" --import tsx "$3"';
  const { stdout } = await run('unshare', ['-m', 'sh', '-c', inside, 'sh', conf, process.execPath, script]);
  t.equal(stdout.trim(), 'SSH_TIMEOUT_RESOLVE');
  t.ok(asked > 0, 'the name server was asked');
});

t.test('ends a connect that nothing answers when its phase’s time is up', async (t) => {
  const dead = await startFullBacklog();
  t.teardown(() => dead.stop());
  const phase: PhaseRunner = (name, work) => {
    const limit = limitedBy(name === 'tcp' ? 300 : 20_000);
    return work(limit.signal).finally(() => limit.clear());
  };
  await t.rejects(open({ port: dead.port }, { phase }), {
    code: 'SSH_TIMEOUT_TCP',
    message: /did not take the TCP connection/,
    retryable: true,
  });
});

t.test('tries each address in turn and tells the most telling failure', async (t) => {
  const { signal } = new AbortController();
  const { address, socket } = await connectTcp(['224.0.0.1', '127.0.0.1'], sshd.port, signal);
  t.equal(address, '127.0.0.1');
  socket.destroy();
  const nowhere = connectTcp(['127.0.0.1', '224.0.0.1'], await freePort(), signal);
  await t.rejects(nowhere, { code: 'SSH_REFUSED' });
});

t.test('says in which phase the time ran out, and leaves no socket', async (t) => {
  const hole = (passes?: Fault['passes']): Fault => ({
    kind: 'black-hole',
    direction: 'down',
    ...(passes ? { passes } : {}),
  });
  const cases: [SshPhase, Fault, string][] = [
    ['resolve', hole(), 'SSH_TIMEOUT_RESOLVE'],
    ['tcp', hole(), 'SSH_TIMEOUT_TCP'],
    ['host_key', hole(), 'SSH_TIMEOUT_HOST_KEY'],
    ['host_key', hole(before(KEXINIT)), 'SSH_TIMEOUT_HOST_KEY'],
    ['host_key', hole(before(KEX_REPLY)), 'SSH_TIMEOUT_HOST_KEY'],
    ['key_exchange', hole(before(NEWKEYS)), 'SSH_TIMEOUT_KEY_EXCHANGE'],
    ['authenticate', hole(after(NEWKEYS)), 'SSH_TIMEOUT_AUTHENTICATE'],
  ];
  for (const [phase, fault, code] of cases) {
    const struck = proxy.break(fault);
    const early = phase === 'resolve' || phase === 'tcp';
    const runner = stalling(phase, early ? Promise.resolve() : struck, timeout());
    const target = { port: proxy.port, hostname: early ? 'localhost' : '127.0.0.1' };
    await t.rejects(open(target, { phase: runner }), { code }, `${phase}: ${code}`);
    await proxy.idle();
  }
  proxy.break(null);
});

t.test('ends at once with the reason of an abort, and leaves no socket', async (t) => {
  const cancelled = new Error('Cancelled by ada.');
  const cases: [SshPhase, Fault][] = [
    ['host_key', { kind: 'black-hole', direction: 'down' }],
    ['key_exchange', { kind: 'black-hole', direction: 'down', passes: before(NEWKEYS) }],
    ['authenticate', { kind: 'black-hole', direction: 'down', passes: after(NEWKEYS) }],
  ];
  for (const [phase, fault] of cases) {
    const whole = new AbortController();
    void proxy.break(fault).then(() => whole.abort(cancelled));
    await t.rejects(open({ port: proxy.port }, { signal: whole.signal }), { message: cancelled.message }, phase);
    await proxy.idle();
  }
  proxy.break(null);
  const late = AbortSignal.abort(cancelled);
  await t.rejects(open({ port: proxy.port }, { signal: late }), { message: cancelled.message });
  t.equal(proxy.clients, 0);
});

t.test('leaves no socket where the caller fails between two phases', async (t) => {
  const phase: PhaseRunner = async (name, work) => {
    const done = await work(new AbortController().signal);
    if (name === 'tcp') throw new Error('The lease is lost.');
    return done;
  };
  await t.rejects(open({ port: proxy.port }, { phase }), { message: 'The lease is lost.' });
  await proxy.idle();
  t.equal(proxy.clients, 0);
});

t.test('knows a link that is cut from a refusal, in each phase', async (t) => {
  const cut = (passes?: Fault['passes']): Fault => ({ kind: 'cut', direction: 'down', ...(passes ? { passes } : {}) });
  const cases: [Fault, string, RegExp][] = [
    [cut(), 'SSH_NOT_SSH', /closes it at once/],
    [cut(before(KEXINIT)), 'SSH_CONNECTION_LOST', /during the key exchange/],
    [cut(before(NEWKEYS)), 'SSH_CONNECTION_LOST', /during the key exchange/],
    [cut(after(NEWKEYS)), 'SSH_CONNECTION_LOST', /during the sign-in/],
  ];
  for (const [fault, code, message] of cases) {
    proxy.break(fault);
    await t.rejects(open({ port: proxy.port }), { code, message, retryable: true }, String(message));
  }
  proxy.break(null);
});

t.test('tells what is no SSH server from one that is slow', async (t) => {
  const http = createServer((_request, response) => response.end());
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const notSsh = { code: 'SSH_NOT_SSH', retryable: false };
  await t.rejects(open({ port }), { ...notSsh, message: `What answers on port ${port} does not speak SSH.` });
  http.close();
  const closing = await startTcp((socket) => socket.end());
  await t.rejects(open({ port: closing.port }), { code: 'SSH_NOT_SSH', message: /closes it at once/, retryable: true });
  await closing.stop();
  const secret = '220 mail.example ESMTP secret-banner';
  let greeted: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => (greeted = resolve));
  // Once the client listens; what is written then is read within the next turn of this same event loop.
  const afterTurn = () => setImmediate(() => setImmediate(greeted));
  const waiting = await startTcp((socket) => socket.once('data', () => socket.write(`${secret}\r\n`, afterTurn)));
  const mail = open({ port: waiting.port }, { phase: stalling('host_key', heard, timeout()) });
  const error = await mail.catch((failure: Error & { hint: string }) => failure);
  t.match(error, notSsh, 'who greets otherwise and waits is no slow SSH server');
  t.notMatch(JSON.stringify(error), 'secret', 'the greeting is not echoed');
  t.notMatch(String(error), 'secret', 'nor in the sentence');
  await waiting.stop();
  const first = await startTcp((socket) => socket.end('SSH-1.5-Cisco-1.25\r\n'));
  await t.rejects(open({ port: first.port }), notSsh, 'SSH 1 is not spoken');
  await first.stop();
});

t.test('names what each side offers where nothing is in common, and when the legacy switch would help', async (t) => {
  const cases: [Record<string, string>, RegExp, boolean][] = [
    [
      { KexAlgorithms: 'diffie-hellman-group14-sha1' },
      /key exchange algorithm: the host offers diffie-hellman-group14-sha1; Signalbox offers curve25519-sha256, /,
      true,
    ],
    [
      { KexAlgorithms: 'sntrup761x25519-sha512@openssh.com' },
      /host offers sntrup761x25519-sha512@openssh\.com; /,
      false,
    ],
    [{ Ciphers: '3des-cbc,aes128-cbc' }, /cipher algorithm: the host offers 3des-cbc, aes128-cbc; /, true],
    [
      { Ciphers: 'aes128-ctr', MACs: 'umac-64@openssh.com' },
      /MAC algorithm: the host offers umac-64@openssh\.com; /,
      false,
    ],
  ];
  for (const [config, message, legacyHelps] of cases) {
    await sshd.reconfigure({ config });
    const error = await open().catch((failure: Error & { hint: string }) => failure);
    t.match(error, { code: 'SSH_NO_COMMON_ALGORITHM', message, retryable: false });
    t.equal(/legacyAlgorithms/.test(String('hint' in error && error.hint)), legacyHelps);
    t.notMatch('message' in error && error.message, /kex-strict|ext-info/, 'markers are no algorithms');
  }
  await sshd.reconfigure({});
});

t.test('names the kinds of host key where they have none in common', async (t) => {
  const old = await startOpenSsh({ hostKeys: ['rsa'], config: { HostKeyAlgorithms: 'ssh-rsa' } });
  t.teardown(() => old.stop());
  await t.rejects(open({ port: old.port, username: old.user }), {
    code: 'SSH_NO_COMMON_ALGORITHM',
    message: /host key algorithm: the host offers ssh-rsa; /,
    hint: /legacyAlgorithms/,
  });
  const session = await openSession(
    sshOptions(
      { port: old.port, username: old.user, legacyAlgorithms: true },
      { credentials: { ...none, password: old.password } },
    ),
  );
  t.equal(session.algorithms.hostKey, 'ssh-rsa', 'and the legacy switch lets it in');
  session.close();
});

t.test('sends no credential to a host whose key has changed', async (t) => {
  const was = sshd.hostKeyFingerprint();
  await sshd.replaceHostKey();
  const shown = sshd.hostKeyFingerprint();
  sshd.clearLog();
  const hostKey = { type: 'ssh-ed25519', fingerprint: was, pinnedAt: '2026-01-01T00:00:00.000Z' };
  const offered: string[] = [];
  const pin: SshOptions['pin'] = (key) => Promise.resolve(offered.push(key.fingerprint)).then(() => hostKey);
  await t.rejects(open({ hostKey }, { pin }), {
    code: 'SSH_HOST_KEY_CHANGED',
    message: `shows the key ssh-ed25519 ${shown}, but ssh-ed25519 ${was} is pinned`,
    hint: 'POST /connections/7/host-key',
    retryable: false,
  });
  t.same(offered, [shown], 'the shown key is offered, to be accepted by a person');
  await t.rejects(open({}, { pin }), { code: 'SSH_HOST_KEY_CHANGED' }, 'another run has pinned another key meanwhile');
  await sshd.logged(/(?:Connection (?:closed|reset)|Disconnected)[^]*(?:Connection (?:closed|reset)|Disconnected)/);
  t.notMatch(sshd.log(), /Failed|Accepted|Invalid user|password|publickey/, 'no sign-in was tried');
});

t.test('pins no key that the host has not proven to hold', async (t) => {
  // The last byte of the reply is the last of the signature.
  proxy.break({ kind: 'tamper', direction: 'down', passes: within(KEX_REPLY, 1) });
  sshd.clearLog();
  const pin = () => Promise.reject(new Error('The key was pinned.'));
  await t.rejects(open({ port: proxy.port }, { pin }), { code: 'SSH_HOST_KEY_UNPROVEN' });
  t.notMatch(sshd.log(), /Failed|Accepted/);
  proxy.break(null);
});
