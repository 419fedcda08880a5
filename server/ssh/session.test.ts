import t from 'tap';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startFakeSsh } from '../../tests/peers/fake-ssh.js';
import { startOpenSsh } from '../../tests/peers/openssh.js';
import { generateKey, type KeyOptions } from '../../tests/peers/ssh-keys.js';
import { sshOptions } from '../../tests/peers/ssh-target.js';
import { FaultProxy } from '../../tests/peers/tcp-faults.js';
import { tempDir } from '../../tests/peers/temp.js';
import type { Credentials, ConnectionTarget } from '../connections/contract.js';
import type { ShownKey, SshOptions } from './contract.js';
import { openSession } from './session.js';

const forms: KeyOptions[] = [
  { type: 'ed25519' },
  { type: 'rsa' },
  { type: 'ecdsa' },
  { type: 'ed25519', passphrase: 'open sesame' },
  { type: 'rsa', passphrase: 'open sesame', format: 'PEM' },
  { type: 'ecdsa', passphrase: 'open sesame' },
  { type: 'ecdsa', format: 'PKCS8' },
];
const keys = await Promise.all(forms.map(async (form) => ({ form, ...(await generateKey(form)) })));
const authorizedKeys = keys.map(({ publicKey }) => publicKey.trim());

const dir = await tempDir();
const bannerPath = join(dir.path, 'banner');
await writeFile(bannerPath, 'Authorised use only.\n\u001b[31mred\u001b[0m \u001b]0;title\u0007\u202etxt.exe\u202c\n');

const sshd = await startOpenSsh({ hostKeys: ['ed25519', 'rsa'], authorizedKeys, config: { Banner: bannerPath } });
const proxy = await FaultProxy.start(sshd.port);
t.teardown(async () => {
  await proxy.stop();
  await sshd.stop();
  await dir.remove();
});

const none: Credentials = { password: null, privateKey: null, passphrase: null };
const byPassword: Credentials = { ...none, password: sshd.password };

function open(parts: Partial<SshOptions> = {}, target: Partial<ConnectionTarget> = {}) {
  return openSession(
    sshOptions({ port: sshd.port, username: sshd.user, ...target }, { credentials: byPassword, ...parts }),
  );
}

t.test('signs in by password and reports what it saw on the way', async (t) => {
  const pinned: ShownKey[] = [];
  const phases: string[] = [];
  const notes: string[] = [];
  const session = await open({
    pin: (key) => Promise.resolve(pinned.push(key)).then(() => key),
    phase: (name, work) => {
      phases.push(name);
      return work(new AbortController().signal);
    },
    note: (line) => notes.push(line),
  });
  t.match(session.identification, /^SSH-2\.0-OpenSSH_\S+/);
  t.equal(session.banner, 'Authorised use only.\nred txt.exe', 'the banner is plain text');
  t.same(session.algorithms, {
    kex: 'curve25519-sha256',
    hostKey: 'ssh-ed25519',
    cipher: 'aes128-gcm@openssh.com',
    mac: null,
  });
  t.same(session.hostKey, { type: 'ssh-ed25519', fingerprint: sshd.hostKeyFingerprint('ed25519') });
  t.equal(session.address, '127.0.0.1');
  t.equal(session.authMethod, 'password');
  t.same(pinned, [session.hostKey], 'the first key is pinned, once');
  t.same(phases, ['resolve', 'tcp', 'host_key', 'key_exchange', 'authenticate']);
  t.match(notes.at(-1), `Authenticated as ${sshd.user} by password`);
  session.close();
  session.close();
});

t.test('signs in by name as well as by address', async (t) => {
  const session = await open({}, { hostname: 'localhost' });
  t.equal(session.address, '127.0.0.1', 'the address that answers is found among those of the name');
  session.close();
});

t.test('signs in by key', async (t) => {
  for (const { form, privateKey } of keys) {
    const title = `${form.type} ${form.format ?? 'OpenSSH'}${form.passphrase ? ' with passphrase' : ''}`;
    const session = await open({ credentials: { ...none, privateKey, passphrase: form.passphrase ?? null } });
    t.equal(session.authMethod, 'publickey', title);
    session.close();
  }
});

t.test('sends the password where the host does not know the key', async (t) => {
  const { privateKey } = await generateKey({ type: 'ed25519' });
  const session = await open({ credentials: { ...byPassword, privateKey } });
  t.equal(session.authMethod, 'password');
  session.close();
});

t.test('asks for a key of the pinned kind first', async (t) => {
  const fingerprint = sshd.hostKeyFingerprint('rsa');
  const hostKey = { type: 'ssh-rsa', fingerprint, pinnedAt: '2026-01-01T00:00:00.000Z' };
  const pin = () => Promise.reject(new Error('The key is pinned already.'));
  const session = await open({ pin }, { hostKey });
  t.same(session.hostKey, { type: 'ssh-rsa', fingerprint });
  t.equal(session.algorithms.hostKey, 'rsa-sha2-512');
  session.close();
});

t.test('goes on where a person has accepted the changed key a moment ago', async (t) => {
  const hostKey = { type: 'ssh-ed25519', fingerprint: 'SHA256:old', pinnedAt: '2026-01-01T00:00:00.000Z' };
  const session = await open({ pin: (key) => Promise.resolve(key) }, { hostKey });
  t.equal(session.hostKey.fingerprint, sshd.hostKeyFingerprint('ed25519'));
  session.close();
});

t.test('runs commands', async (t) => {
  const session = await open();
  const { signal } = new AbortController();
  t.teardown(() => session.close());
  t.same(await session.exec('echo out; echo err >&2; exit 3', { signal }), {
    code: 3,
    signal: null,
    stdout: 'out\n',
    stderr: 'err\n',
    truncated: false,
  });
  t.match(await session.exec('cat', { signal }), { code: 0, stdout: '' }, 'the input is empty, not open');
  t.match(await session.exec('kill -TERM $$', { signal }), { code: null, signal: 'SIGTERM' });
  const long = await session.exec('head -c 700000 /dev/zero | tr "\\0" x', { signal });
  t.match({ code: long.code, kept: long.stdout.length, cut: long.truncated }, { code: 0, kept: 262144, cut: true });
  const slow = session.exec('sleep 600', { signal, timeoutMs: 50 });
  await t.rejects(slow, { code: 'SSH_TIMEOUT_COMMAND' });
  const abort = new AbortController();
  const stopped = session.exec('sleep 600', { signal: abort.signal });
  abort.abort(new Error('No longer wanted.'));
  await t.rejects(stopped, { message: 'No longer wanted.' });
  t.match(await session.exec('true', { signal }), { code: 0 }, 'the session outlives both');
});

t.test('hears a command whose whole answer comes in one piece', async (t) => {
  const fake = await startFakeSsh(
    (request) => request.accept(),
    (accept, socket) => {
      socket.cork();
      const channel = accept();
      channel.stderr.write('err');
      channel.write('out');
      channel.exit(0);
      channel.end();
      setImmediate(() => socket.uncork());
    },
  );
  const session = await open({}, { port: fake.port });
  const result = await session.exec('anything', { signal: new AbortController().signal });
  t.match(result, { code: 0, stdout: 'out', stderr: 'err' });
  session.close();
  await fake.stop();
});

t.test('takes a link that is cut for lost, never for an exit', async (t) => {
  const session = await open({}, { port: proxy.port });
  const { signal } = new AbortController();
  const running = session.exec('sleep 600', { signal });
  // Answers come in order: once this one is here, the first command runs.
  await session.exec('true', { signal });
  proxy.cut();
  await t.rejects(running, { code: 'SSH_CONNECTION_LOST', retryable: true });
  await t.rejects(session.exec('true', { signal }), { code: 'SSH_CONNECTION_LOST' });
  session.close();
});

t.test('leaves no socket when it is closed or aborted', async (t) => {
  const session = await open({}, { port: proxy.port });
  t.equal(proxy.clients, 1);
  session.close();
  await proxy.idle();
  const abort = new AbortController();
  const aborted = await open({ signal: abort.signal }, { port: proxy.port });
  const running = aborted.exec('sleep 600', { signal: new AbortController().signal });
  abort.abort(new Error('The operation was cancelled.'));
  await t.rejects(running, { message: 'The operation was cancelled.' });
  await proxy.idle();
  t.equal(proxy.clients, 0);
});

t.test('outlives new key exchanges in a long session', async (t) => {
  await sshd.reconfigure({ config: { RekeyLimit: '64K' } });
  const session = await open();
  const { code, stdout } = await session.exec('head -c 250000 /dev/zero | tr "\\0" x', {
    signal: new AbortController().signal,
  });
  t.same({ code, length: stdout.length }, { code: 0, length: 250000 });
  t.equal(session.banner, null, 'no banner is null');
  session.close();
});

t.test('gives the key and then the password where the host demands both', async (t) => {
  await sshd.reconfigure({ authorizedKeys, config: { AuthenticationMethods: 'publickey,password' } });
  const privateKey = keys[0]?.privateKey ?? '';
  const session = await open({ credentials: { ...byPassword, privateKey } });
  t.equal(session.authMethod, 'publickey,password');
  session.close();
  await t.rejects(open({ credentials: { ...none, privateKey } }), {
    code: 'SSH_AUTH_REFUSED',
    message: 'The host accepted publickey and then wants more: password.',
  });
});

t.test('answers keyboard-interactive where the host takes no password otherwise', async (t) => {
  await sshd.reconfigure({
    config: { UsePAM: 'yes', PasswordAuthentication: 'no', KbdInteractiveAuthentication: 'yes' },
  });
  const session = await open();
  t.equal(session.authMethod, 'keyboard-interactive');
  t.match(await session.exec('true', { signal: new AbortController().signal }), { code: 0 });
  session.close();
});

t.test('reaches an old appliance with its legacy algorithms turned on', async (t) => {
  await sshd.reconfigure({
    config: {
      KexAlgorithms: 'diffie-hellman-group14-sha1',
      HostKeyAlgorithms: 'ssh-rsa',
      Ciphers: 'aes128-cbc',
      MACs: 'hmac-sha1',
    },
  });
  const session = await open({}, { legacyAlgorithms: true });
  t.same(session.algorithms, {
    kex: 'diffie-hellman-group14-sha1',
    hostKey: 'ssh-rsa',
    cipher: 'aes128-cbc',
    mac: 'hmac-sha1',
  });
  session.close();
});
