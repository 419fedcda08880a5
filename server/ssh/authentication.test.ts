import t from 'tap';
import { generateKeyPairSync, verify } from 'node:crypto';
import ssh2, { type AuthContext } from 'ssh2';
import { startFakeSsh } from '../../tests/peers/fake-ssh.js';
import { startOpenSsh } from '../../tests/peers/openssh.js';
import { generateKey } from '../../tests/peers/ssh-keys.js';
import { sshOptions } from '../../tests/peers/ssh-target.js';
import type { Credentials } from '../connections/contract.js';
import { asksForPassword, Authentication, saysLocked } from './authentication.js';
import { closedFailure, failureOf, type Progress } from './failure.js';
import { OfferedLists } from './algorithms.js';
import { formForSsh } from './key-form.js';
import { unsealKey } from './key-unsealing.js';
import { openSession } from './session.js';

const authorised = await generateKey({ type: 'ed25519' });
const stranger = await generateKey({ type: 'ed25519' });
const sshd = await startOpenSsh({ authorizedKeys: [authorised.publicKey] });
t.teardown(() => sshd.stop());

const none: Credentials = { password: null, privateKey: null, passphrase: null };

function open(credentials: Partial<Credentials>, port = sshd.port) {
  return openSession(sshOptions({ port, username: sshd.user }, { credentials: { ...none, ...credentials } }));
}

const count = (text: string, pattern: RegExp) => text.match(new RegExp(pattern, 'g'))?.length ?? 0;

t.test('sends a wrong password once and never again', async (t) => {
  sshd.clearLog();
  await t.rejects(open({ password: 'wrong horse' }), {
    code: 'SSH_AUTH_REFUSED',
    message: `The host refused the password of ${sshd.user}. The host takes: publickey, password.`,
    retryable: false,
  });
  await sshd.logged(/Connection (?:closed|reset)|Disconnected/);
  t.equal(count(sshd.log(), /Failed password/), 1);
  t.equal(count(sshd.log(), /Failed \w+/), 1, 'the first look at what the host takes is not counted');
});

t.test('sends a wrong password by one method where the host offers both', async (t) => {
  await sshd.reconfigure({ config: { UsePAM: 'yes', KbdInteractiveAuthentication: 'yes' } });
  sshd.clearLog();
  await t.rejects(open({ password: 'wrong horse' }), { code: 'SSH_AUTH_REFUSED', message: /keyboard-interactive/ });
  await sshd.logged(/Connection (?:closed|reset)|Disconnected/);
  t.equal(count(sshd.log(), /Failed password/), 1);
  t.equal(count(sshd.log(), /keyboard-interactive/), 0, 'the other method is not even begun');
  await sshd.reconfigure({ authorizedKeys: [authorised.publicKey] });
});

t.test('names what was refused and what the host takes', async (t) => {
  const { privateKey } = stranger;
  const refused = (what: string) => `The host refused ${what} of ${sshd.user}.`;
  await t.rejects(open({ privateKey }), { code: 'SSH_AUTH_REFUSED', message: refused('the private key') });
  const both = open({ privateKey, password: 'wrong horse' });
  await t.rejects(both, { code: 'SSH_AUTH_REFUSED', message: refused('the private key and the password') });
  await sshd.reconfigure({ config: { PasswordAuthentication: 'no' } });
  sshd.clearLog();
  await t.rejects(open({ password: sshd.password }), {
    code: 'SSH_AUTH_REFUSED',
    message: 'The host takes no credential that the connection holds (a password). The host takes: publickey.',
  });
  await sshd.logged(/Connection (?:closed|reset)|Disconnected/);
  t.notMatch(sshd.log(), /Failed/, 'a password that the host does not take is not sent');
});

t.test('knows that the host counts too many failures', async (t) => {
  await sshd.reconfigure({ config: { MaxAuthTries: '1' } });
  const tried = open({ privateKey: stranger.privateKey, password: sshd.password });
  await t.rejects(tried, { code: 'SSH_TOO_MANY_FAILURES', retryable: false });
  await sshd.reconfigure({});
});

t.test('says why a private key cannot be read, and sends nothing', async (t) => {
  const sealed = await generateKey({ type: 'ed25519', passphrase: 'open sesame' });
  const pem = await generateKey({ type: 'rsa', passphrase: 'open sesame', format: 'PEM' });
  const pkcs8 = await generateKey({ type: 'ecdsa', passphrase: 'open sesame', format: 'PKCS8' });
  const cases: [Partial<Credentials>, RegExp][] = [
    [{ privateKey: sealed.privateKey }, /encrypted and no passphrase is stored/],
    [{ privateKey: pem.privateKey }, /encrypted and no passphrase is stored/],
    [{ privateKey: pkcs8.privateKey, passphrase: 'open sesame' }, /encrypted in a way that is not supported/],
    [{ privateKey: sealed.privateKey, passphrase: 'wrong' }, /passphrase does not open/],
    [{ privateKey: pem.privateKey, passphrase: 'wrong' }, /passphrase does not open/],
    [{ privateKey: sealed.publicKey }, /is a public key/],
    [{ privateKey: 'garbage' }, /form or type that is not supported/],
    [{ privateKey: sealed.privateKey.replace(/\n.{20}/, '\nAAAA') }, /private key/],
  ];
  sshd.clearLog();
  for (const [credentials, message] of cases)
    await t.rejects(open(credentials), { code: 'SSH_KEY_UNREADABLE', message, retryable: false }, String(message));
  await t.rejects(open({}), { code: 'SSH_NO_CREDENTIALS' });
  t.notMatch(sshd.log(), /Failed|Accepted|Invalid user/, 'no sign-in was tried');
});

t.test('ends the opening of a key whose maker asks for hours of computing', async (t) => {
  const { privateKey } = await generateKey({ type: 'ed25519', passphrase: 'open sesame' });
  const blob = Buffer.from(privateKey.replace(/-----.*-----|\n/g, ''), 'base64');
  // After the salt, as PROTOCOL.key has it: magic, cipher, kdf, and the options with a salt of 16 bytes.
  blob.writeUInt32BE(0xffffffff, blob.indexOf('bcrypt') + 'bcrypt'.length + 4 + 4 + 16);
  const costly = ['-----BEGIN OPENSSH PRIVATE KEY-----', blob.toString('base64'), '-----END OPENSSH PRIVATE KEY-----'];
  const phase = new AbortController();
  const opened = unsealKey(costly.join('\n'), 'open sesame', phase.signal);
  setImmediate(() => phase.abort(new DOMException('The time limit has passed.', 'TimeoutError')));
  await t.rejects(opened, { code: 'SSH_TIMEOUT_AUTHENTICATE' });
});

t.test('reads an ed25519 key from PKCS #8', (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const parsed = ssh2.utils.parseKey(formForSsh(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()));
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  t.ok(!(parsed instanceof Error) && parsed.isPrivateKey() && parsed.getPublicSSH().subarray(-32).equals(point));
  const signature = parsed instanceof Error ? Buffer.alloc(0) : parsed.sign('text');
  t.ok(verify(null, Buffer.from('text'), publicKey, signature));
  t.end();
});

/** A host that takes keyboard-interactive only and asks what the case says. */
function asking(prompts: { prompt: string; echo: boolean }[], instructions = '') {
  const answers: string[][] = [];
  const authenticate = (request: AuthContext) => {
    if (request.method !== 'keyboard-interactive') return request.reject(['keyboard-interactive']);
    request.prompt(prompts, 'Sign-in', instructions, (given) => {
      answers.push(given);
      request.reject(['keyboard-interactive']);
    });
  };
  return { answers, authenticate };
}

t.test('answers one hidden question for the password and no other', async (t) => {
  const hidden = { prompt: 'Password: ', echo: false };
  const cases: [Parameters<typeof asking>, { code: string; message?: RegExp }, string[][]][] = [
    [[[hidden]], { code: 'SSH_AUTH_REFUSED', message: /refused the password/ }, [['canary']]],
    [[[hidden, { prompt: 'Token: ', echo: false }]], { code: 'SSH_AUTH_REFUSED', message: /something else/ }, []],
    [[[{ prompt: 'One-time password: ', echo: false }]], { code: 'SSH_AUTH_REFUSED', message: /something else/ }, []],
    [[[{ prompt: 'Password: ', echo: true }]], { code: 'SSH_AUTH_REFUSED', message: /something else/ }, []],
    [[[hidden], 'The account is locked due to 3 failed logins.'], { code: 'SSH_ACCOUNT_LOCKED' }, []],
  ];
  for (const [script, failure, answers] of cases) {
    const host = asking(...script);
    const fake = await startFakeSsh(host.authenticate);
    await t.rejects(open({ password: 'canary' }, fake.port), failure);
    t.same(host.answers, answers);
    await fake.stop();
  }
});

t.test('does not answer a second time within one sign-in', async (t) => {
  const answers: string[][] = [];
  const prompt = { prompt: 'Password: ', echo: false };
  const fake = await startFakeSsh((request) => {
    if (request.method !== 'keyboard-interactive') return request.reject(['keyboard-interactive']);
    const ask = () =>
      request.prompt([prompt], (given) => {
        answers.push(given);
        ask();
      });
    ask();
  });
  await t.rejects(open({ password: 'canary' }, fake.port), { code: 'SSH_AUTH_REFUSED' });
  t.same(answers, [['canary']]);
  await fake.stop();
});

t.test('says that the password has expired', async (t) => {
  const fake = await startFakeSsh((request) => {
    if (request.method !== 'password') return request.reject(['password']);
    request.requestChange('Change your password now.', () => request.reject());
  });
  await t.rejects(open({ password: 'canary' }, fake.port), { code: 'SSH_PASSWORD_EXPIRED', retryable: false });
  await fake.stop();
});

t.test('enters where the host asks for nothing', async (t) => {
  const fake = await startFakeSsh((request) => request.accept());
  const session = await open({ password: 'canary' }, fake.port);
  t.equal(session.authMethod, 'none');
  t.equal(session.hostKey.fingerprint, fake.hostKey.fingerprint);
  session.close();
  await fake.stop();
});

t.test('reads a goodbye of the host', (t) => {
  const authentication = new Authentication({ username: 'ada', key: null, password: 'canary' }, () => undefined);
  const progress: Progress = {
    target: sshOptions({}).target,
    heard: true,
    identified: true,
    exchanged: true,
    ready: false,
    lists: new OfferedLists(),
    authentication,
  };
  const goodbye = (text: string, code: number) => failureOf(Object.assign(new Error(text), { code }), progress);
  t.match(goodbye('Too many authentication failures', 2), { code: 'SSH_TOO_MANY_FAILURES' });
  t.match(goodbye('Account locked', 14), { code: 'SSH_ACCOUNT_LOCKED' });
  t.match(goodbye('Too many sessions', 12), { code: 'SSH_CONNECTION_LOST', message: /no more connections/ });
  t.match(goodbye('by administrator', 11), { code: 'SSH_CONNECTION_LOST', retryable: true });
  t.match(failureOf(Object.assign(new Error('Keepalive timeout'), { level: 'client-timeout' }), progress), {
    message: 'The host stopped answering.',
  });
  authentication.next(null, null);
  authentication.next(['password'], false);
  t.match(closedFailure(progress), { code: 'SSH_CONNECTION_LOST', retryable: false }, 'the password is out');
  authentication.hear('Account locked. Contact your administrator.');
  t.match(closedFailure(progress), { code: 'SSH_ACCOUNT_LOCKED' });
  t.end();
});

t.test('tells a locked account from a warning', (t) => {
  const locked = ['Account locked', 'Your account is locked.', 'account temporary locked (600 seconds left)'];
  const warnings = ['Accounts are locked after 3 failures.', 'Your account will be locked.', 'Unlocked', 'locked'];
  for (const text of [...locked, 'The account has been temporarily locked', 'You are locked out'])
    t.ok(saysLocked(text), text);
  for (const text of warnings) t.notOk(saysLocked(text), text);
  for (const prompt of ['Password: ', "ada@host's password:", 'Passwort:', 'Mot de passe :', 'パスワード:'])
    t.ok(asksForPassword([{ prompt, echo: false }]), prompt);
  for (const prompt of ['New password:', 'Password or token:', 'Verification code:', 'OTP', ''])
    t.notOk(asksForPassword([{ prompt, echo: false }]), prompt);
  t.notOk(asksForPassword([]));
  t.end();
});
