/** Certificates by four paths and an admin's command, on a real nginx behind a real OpenSSH. */
import { readdir, readFile } from 'node:fs/promises';
import t from 'tap';
import { staged, stagedInstall, type StagedInstall } from '../../../../tests/peers/install-run.js';
import { makePair } from '../../../../tests/peers/key-pair.js';
import { startOpenSsh } from '../../../../tests/peers/openssh.js';
import { generateKey } from '../../../../tests/peers/ssh-keys.js';
import { targetOf } from '../../../../tests/peers/ssh-target.js';
import { startTlsNginx } from '../../../../tests/peers/tls-nginx.js';
import type { JsonObject } from '../../../../server/operations/contract.js';
import { checkInstall, installCertificate } from './install.js';
import { settings } from './settings.js';

const key = await generateKey({ type: 'ed25519' });
const authorizedKeys = [key.publicKey.trim()];
const sshd = await startOpenSsh({ authorizedKeys, config: { Subsystem: 'sftp internal-sftp' } });
const [first, next] = await Promise.all([makePair(), makePair()]);
const nginx = await startTlsNginx(first);
t.teardown(async () => {
  await nginx.stop();
  await sshd.stop();
});

const { keyPath, fullchainPath, reloadCommand } = nginx;
const login = (install: JsonObject, parts: Partial<StagedInstall> = {}): StagedInstall => ({
  port: sshd.port,
  username: 'root',
  credentials: { privateKey: key.privateKey },
  install: { keyPath, fullchainPath, ...install },
  served: () => nginx.serves(next.serialNumber, 10_000),
  ...parts,
});
const install = (parts: JsonObject, options: Partial<StagedInstall> = {}) =>
  stagedInstall(installCertificate, { ...login(parts, options), pair: next });

t.test('takes a command of one line, its places without quotes', async (t) => {
  t.equal(settings.validate({}).error, undefined);
  t.equal(settings.validate({ command: 'load {key} {fullchain} --as={name}' }).error, undefined);
  for (const command of ['load "{key}"', "load '{name}'", 'one\ntwo', 'load {chain}`'])
    t.ok(settings.validate({ command }).error, command);
});

t.test('puts the files in place and runs the command with their paths, quoted', async (t) => {
  await nginx.give(first);
  const command = `cat {key} {fullchain} >/dev/null && ${reloadCommand}`;
  const { value, failure, error, record } = await install({ command });
  t.equal(error, null);
  t.equal(failure, null);
  t.match(value?.summary, /^Installed 2 files/);
  t.ok(record.log.includes(`in cat '${keyPath}' '${fullchainPath}' >/dev/null && ${reloadCommand}`));
  t.equal(await readFile(keyPath, 'utf8'), next.keyPem);
  t.match(await nginx.serves(next.serialNumber, 10_000), { served: true });
  t.same(await readdir(nginx.certificates), ['web.key', 'web.pem']);
  t.equal(record.unclosed, 0);
});

t.test('takes the files back where the command fails or the new certificate is not served', async (t) => {
  for (const [command, code] of [
    ['echo not loaded; exit 2', 'INSTALL_RELOAD_FAILED'],
    [reloadCommand, 'INSTALL_FAILED'],
  ]) {
    await nginx.give(first);
    const served = () => nginx.serves('none', 0);
    const { failure } = await install({ command: command ?? null }, { served });
    t.equal(failure?.code, code);
    t.match(failure?.message, /The old files are back/);
    t.equal(await readFile(keyPath, 'utf8'), first.keyPem);
    t.match(await nginx.serves(first.serialNumber, 10_000), { served: true });
    t.same(await readdir(nginx.certificates), ['web.key', 'web.pem']);
  }
});

t.test('puts the name of the certificate in, and says what the command lacks', async (t) => {
  const lacking = await install({ command: 'load {chain}' });
  t.match(lacking.failure, { code: 'INSTALL_SETTINGS_MISSING', message: /asks for \{chain\}/ });
  t.equal(lacking.record.opened, 0);
  const certificate = { names: ['web.example', 'www.web.example'] } as never;
  const target = { ...targetOf({ port: sshd.port, username: 'root' }), certificate };
  const served = () => Promise.resolve({ served: true, instead: '' });
  const named = await install({ command: 'echo {name}' }, { target, served });
  t.ok(named.record.log.includes('out web.example'));
});

t.test('looks whether the files can be reached, and runs nothing', async (t) => {
  const good = await staged(login({ command: 'exit 1' }), checkInstall);
  t.match(good.value, /Reaches the files by SFTP; .*\/tls can be seen\. A command makes/);
  const missing = await staged(login({ keyPath: '/no/such/key' }), checkInstall);
  t.match(missing.failure, { code: 'INSTALL_FAILED', message: /There is no directory \/no\/such/ });
  t.equal((await staged(login({ keyPath: null }), checkInstall)).failure?.code, 'INSTALL_SETTINGS_MISSING');
  const reached = await staged(login({ command: null }, { credentials: { password: 'wrong' } }), checkInstall);
  t.match(reached.error, { code: 'SSH_AUTH_REFUSED' });
});
