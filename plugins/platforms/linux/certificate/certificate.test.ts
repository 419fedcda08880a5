/** Certificates on a real nginx behind a real OpenSSH: installed, refused, taken back, and lost on the way. */
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { staged, stagedInstall, type InstallOutcome, type StagedInstall } from '../../../../tests/peers/install-run.js';
import { makePair, type Pair } from '../../../../tests/peers/key-pair.js';
import { startOpenSsh } from '../../../../tests/peers/openssh.js';
import { generateKey } from '../../../../tests/peers/ssh-keys.js';
import { FaultProxy } from '../../../../tests/peers/tcp-faults.js';
import { tempDir } from '../../../../tests/peers/temp.js';
import { startTlsNginx } from '../../../../tests/peers/tls-nginx.js';
import type { JsonObject } from '../../../../server/operations/contract.js';
import type { InstallReport } from '../../../../server/platforms/contract.js';
import type { SshSession } from '../../../../server/ssh/contract.js';
import { placeChallenge, removeChallenge } from './challenge.js';
import { checkInstall } from './check.js';
import { installCertificate } from './install.js';
import { settings } from './settings.js';

const execute = promisify(execFile);
const key = await generateKey({ type: 'ed25519' });
const authorizedKeys = [key.publicKey.trim()];
const sshd = await startOpenSsh({ authorizedKeys, config: { Subsystem: 'sftp internal-sftp' } });
const [first, next] = await Promise.all([makePair(), makePair()]);
const nginx = await startTlsNginx(first);
const proxy = await FaultProxy.start(sshd.port);
const dir = await tempDir();
await chmod(dir.path, 0o755);
const rule = `/etc/sudoers.d/${sshd.user}`;
t.teardown(async () => {
  await rm(rule, { force: true });
  await proxy.stop();
  await nginx.stop();
  await sshd.stop();
  await dir.remove();
});

const { keyPath, fullchainPath, testCommand, reloadCommand } = nginx;
const whole = { keyPath, fullchainPath, testCommand, reloadCommand };
type Served = NonNullable<StagedInstall['served']>;
const served: Served = () => nginx.serves(next.serialNumber, 10_000);
const unserved: Served = () => nginx.serves('none', 0);

const login = (install: JsonObject, parts: Partial<StagedInstall> = {}): StagedInstall => ({
  port: sshd.port,
  username: 'root',
  credentials: { privateKey: key.privateKey },
  install,
  ...parts,
});

function install(parts: JsonObject = {}, options: Partial<StagedInstall> = {}): Promise<InstallOutcome<InstallReport>> {
  return stagedInstall(installCertificate, { served, ...login({ ...whole, ...parts }, options), pair: next });
}

const fullchain = ({ leafPem, chainPems }: Pair) => [leafPem, ...chainPems].join('');

/** No session, no key in what was said, no file beside those that belong there. */
async function leavesNothing(t: Test, { record, failure, value }: InstallOutcome<unknown>): Promise<void> {
  t.equal(record.unclosed, 0);
  const said = JSON.stringify([record, failure?.message, failure?.detail, value]);
  t.notMatch(said, /PRIVATE KEY/);
  t.notOk(said.includes(next.keyPem.split('\n')[1] ?? 'no key'), 'the key is in nothing that was said');
  t.same(await readdir(nginx.certificates), ['web.key', 'web.pem']);
}

async function hasOld(t: Test): Promise<void> {
  t.equal(await readFile(keyPath, 'utf8'), first.keyPem);
  t.equal(await readFile(fullchainPath, 'utf8'), fullchain(first));
  t.equal(await nginx.serial(), first.serialNumber, 'the old certificate is served');
}

async function hasNew(t: Test): Promise<void> {
  t.equal(await readFile(keyPath, 'utf8'), next.keyPem);
  t.equal(await readFile(fullchainPath, 'utf8'), fullchain(next));
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

t.test('has an ordinary settings form, in which nothing runs or is written by default', async (t) => {
  const { value, error } = settings.validate({});
  t.equal(error, undefined);
  t.match(value, { keyPath: null, testCommand: null, useSudo: false, keyMode: '0600' });
  const refused: JsonObject[] = [
    { keyPath: 'web.key' },
    { keyPath: '/etc/../key' },
    { fullchainPath: '/etc/ssl/' },
    { owner: 'www-data; id' },
    { reloadCommand: 'one\ntwo' },
  ];
  for (const wrong of refused) t.ok(settings.validate(wrong).error, JSON.stringify(wrong));
});

t.test('installs a pair that nginx then serves', async (t) => {
  await nginx.give(first);
  await chmod(keyPath, 0o644);
  await chmod(fullchainPath, 0o640);
  const outcome = await install();
  t.equal(outcome.error, null);
  t.equal(outcome.failure, null);
  t.match(outcome.value, {
    summary: /^Installed 2 files, had them loaded and saw the new certificate served\.$/,
    detail: {
      files: [
        { path: keyPath, replaced: true },
        { path: fullchainPath, replaced: true },
      ],
    },
  });
  t.match(await nginx.serves(next.serialNumber, 10_000), { served: true });
  await hasNew(t);
  t.equal(await modeOf(keyPath), '600', 'a key that others could read is the account’s alone');
  t.equal(await modeOf(fullchainPath), '640', 'a certificate keeps the mode of the old one');
  t.ok(outcome.record.log.includes(`note ${keyPath} had the mode 0644 and has 0600 now`));
  t.ok(outcome.record.log.includes(`in ${testCommand}`));
  await leavesNothing(t, outcome);
  const again = await install();
  t.equal(again.failure, null, 'the same one again does no harm');
  await leavesNothing(t, again);
});

t.test('writes the four files, through links, for the wanted owner', async (t) => {
  const at = join(dir.path, 'four');
  await mkdir(join(at, 'archive'), { recursive: true });
  await symlink('archive/key1.pem', join(at, 'key.pem'));
  await writeFile(join(at, 'archive/key1.pem'), 'old', { mode: 0o600 });
  const paths = {
    keyPath: join(at, 'key.pem'),
    certificatePath: join(at, 'cert.pem'),
    chainPath: join(at, 'chain.pem'),
    fullchainPath: join(at, 'fullchain.pem'),
  };
  const owner = { owner: 'www-data:nogroup', keyMode: '0640' };
  const { failure, error } = await install({ ...paths, ...owner, testCommand: null, reloadCommand: null });
  t.equal(error, null);
  t.equal(failure, null);
  const files = { 'archive/key1.pem': next.keyPem, 'cert.pem': next.leafPem, 'fullchain.pem': fullchain(next) };
  for (const [name, text] of Object.entries(files)) t.equal(await readFile(join(at, name), 'utf8'), text);
  t.equal(await readFile(join(at, 'chain.pem'), 'utf8'), next.chainPems[0]);
  t.equal(await modeOf(join(at, 'key.pem')), '640');
  t.equal(await modeOf(join(at, 'chain.pem')), '644');
  t.match(await stat(join(at, 'key.pem')), { uid: 33, gid: 65534 });
  t.same(await readdir(at), ['archive', 'cert.pem', 'chain.pem', 'fullchain.pem', 'key.pem']);
  t.same(await readdir(join(at, 'archive')), ['key1.pem']);
  await chown(join(at, 'cert.pem'), 5, 6);
  await install({ ...paths, testCommand: null, reloadCommand: null });
  t.match(await stat(join(at, 'cert.pem')), { uid: 5, gid: 6 }, 'without a wish the owner stays');
  const unknown = await install({ ...paths, owner: 'nobody-of-that-name' });
  t.equal(unknown.failure?.code, 'INSTALL_FAILED');
  t.match(unknown.failure?.message, /knows no user nobody-of-that-name/);
});

t.test('takes the new files back where the test, the reload or the look refuses them', async (t) => {
  await nginx.give(first);
  await nginx.configure(false);
  const broken = await install();
  t.equal(broken.failure?.code, 'INSTALL_TEST_FAILED');
  t.match(
    broken.failure?.message,
    /exit code 1: .*unknown directive "no_such_directive".* The old files are back, but/,
  );
  t.match(broken.failure?.detail, { exitCode: 1, output: /emerg/, restored: { test: 1 } });
  await nginx.configure(true);
  await hasOld(t);
  await leavesNothing(t, broken);

  const refused = await install({ reloadCommand: 'echo no reload today >&2; exit 3' });
  t.equal(refused.failure?.code, 'INSTALL_RELOAD_FAILED');
  t.match(refused.failure?.message, /ended with exit code 3: no reload today\. The old files are back, but with them/);
  t.match(refused.failure?.detail, { exitCode: 3, restored: { reload: 3, test: 0 } });
  await hasOld(t);
  await leavesNothing(t, refused);

  const elsewhere = await install({}, { served: unserved });
  t.equal(elsewhere.failure?.code, 'INSTALL_FAILED');
  t.match(
    elsewhere.failure?.message,
    /is not served; instead: the certificate with the serial \S+\. The old files are back\./,
  );
  t.match(elsewhere.failure?.detail, { restored: { reload: 0, test: 0 } });
  t.match(await nginx.serves(first.serialNumber, 10_000), { served: true }, 'and were reloaded');
  await hasOld(t);
  await leavesNothing(t, elsewhere);

  await rm(keyPath);
  await rm(fullchainPath);
  const none = await install({}, { served: unserved });
  t.equal(none.failure?.code, 'INSTALL_FAILED');
  t.same(await readdir(nginx.certificates), [], 'where there were none, none are left');
});

t.test('ends a command that does not end, and goes back', async (t) => {
  await nginx.give(first);
  const options: Partial<StagedInstall> = {
    wrap: (session) => ({ ...session, exec: (line, { signal }) => session.exec(line, { signal, timeoutMs: 1_000 }) }),
  };
  const slow = await install({ testCommand: 'sleep 30' }, options);
  t.equal(slow.failure?.code, 'INSTALL_TEST_FAILED');
  t.match(slow.failure?.message, /The test command did not end within 60 s\./);
  await hasOld(t);
});

/** Cuts the link just before its n-th call, as a killed server would leave the host; counts the calls. */
function cutting(at: number): { wrap(session: SshSession): SshSession; calls: () => number } {
  let calls = 0;
  const step = () => {
    calls += 1;
    if (calls === at) proxy.cut();
  };
  const counted = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== 'function' || name === 'close')
          return typeof value === 'function' ? value.bind(object) : value;
        return (...args: unknown[]) => {
          step();
          return (value as (...args: unknown[]) => unknown).apply(object, args);
        };
      },
    });
  const wrap = (session: SshSession): SshSession => ({
    ...session,
    exec(line, options) {
      step();
      return session.exec(line, options);
    },
    sftp: async (options) => counted(await session.sftp(options)),
  });
  return { wrap, calls: () => calls };
}

t.test('goes on where it was lost at any step, with the same pair and nothing left over', async (t) => {
  const plain = { testCommand: null, reloadCommand: 'true' };
  const counting = cutting(Infinity);
  const ready: Served = () => Promise.resolve({ served: true, instead: '' });
  await nginx.give(first);
  await install(plain, { served: ready, wrap: counting.wrap });
  t.ok(counting.calls() > 25, `${counting.calls()} steps`);
  for (let at = 1; at <= counting.calls(); at += 2) {
    await nginx.write(first);
    const lost = await install(plain, { port: proxy.port, served: ready, wrap: cutting(at).wrap });
    const code = lost.failure?.code ?? (lost.error as { code?: string } | null)?.code;
    if (code !== 'INSTALL_UNREACHABLE') t.fail(`lost at step ${at}: ${code}`);
    const goesOn = at % 3 > 0;
    const again = await install(goesOn ? plain : { ...plain, reloadCommand: 'false' }, { served: ready });
    const left = (await readdir(nginx.certificates)).join();
    const pair = [await readFile(keyPath, 'utf8'), await readFile(fullchainPath, 'utf8')];
    const isNew = pair[0] === next.keyPem && pair[1] === fullchain(next);
    const isOld = pair[0] === first.keyPem && pair[1] === fullchain(first);
    // From the last steps on the new pair is known to be good: then it is what is kept.
    const right = goesOn ? isNew && !again.failure : isOld || (isNew && at > counting.calls() - 8);
    if (!right || left !== 'web.key,web.pem') t.fail(`lost at step ${at}: ${left}, ${isNew ? 'new' : 'not new'}`);
  }
  t.equal((await install()).failure, null);
  t.match(await nginx.serves(next.serialNumber, 10_000), { served: true });
});

t.test('stops at once where nobody wants it any more, and touches nothing after that', async (t) => {
  await nginx.give(first);
  const controller = new AbortController();
  const outcome = await install(
    {},
    {
      signal: controller.signal,
      served: () => {
        controller.abort(new Error('another server has it'));
        return Promise.reject(controller.signal.reason as Error);
      },
    },
  );
  t.match(outcome.error, /another server has it/);
  t.equal(outcome.record.unclosed, 0);
  await hasNew(t);
  t.ok((await readdir(nginx.certificates)).includes('web.key.old-cert-1'), 'what the next try needs is there');
  const next = await install({}, { served: unserved });
  t.equal(next.failure?.code, 'INSTALL_FAILED');
  t.match(await nginx.serves(first.serialNumber, 10_000), { served: true }, 'the next try can still go back');
  await hasOld(t);
  await leavesNothing(t, next);
});

t.test('says what is missing before anything is opened', async (t) => {
  for (const missing of [{ keyPath: null }, { fullchainPath: null }, { certificatePath: keyPath }]) {
    const { failure, record } = await install(missing);
    t.equal(failure?.code, 'INSTALL_SETTINGS_MISSING', JSON.stringify(missing));
    t.equal(record.opened, 0);
  }
});

t.test('passes on what the way there fails with, and what hinders it there', async (t) => {
  await nginx.give(first);
  const refused = await install({}, { credentials: { password: 'wrong' } });
  t.match(refused.error, { code: 'SSH_AUTH_REFUSED' });
  const ordinary = await install({}, { username: sshd.user });
  t.equal(ordinary.failure?.code, 'INSTALL_NOT_PERMITTED');
  t.match(ordinary.failure?.message, /permission denied\. Nothing was changed\./);
  const nowhere = await install({ keyPath: join(dir.path, 'no/web.key') });
  t.equal(nowhere.failure?.code, 'INSTALL_FAILED');
  t.match(nowhere.failure?.message, /no such file or directory/);
  await hasOld(t);
  await leavesNothing(t, nowhere);
  await sshd.reconfigure({ authorizedKeys });
  t.teardown(() => sshd.reconfigure({ authorizedKeys, config: { Subsystem: 'sftp internal-sftp' } }));
  t.match((await install()).error, { code: 'SSH_SFTP_UNAVAILABLE' });
});

t.test('says that the disk is full, and leaves the old pair and nothing half', async (t) => {
  const at = join(dir.path, 'full');
  await mkdir(at);
  await execute('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', at]);
  t.teardown(() => execute('umount', [at]));
  const paths = { keyPath: join(at, 'web.key'), fullchainPath: join(at, 'web.pem'), testCommand: null };
  await writeFile(paths.keyPath, 'old key', { mode: 0o600 });
  await writeFile(paths.fullchainPath, 'old certificate');
  await writeFile(join(at, 'filler'), Buffer.alloc(65_536)).catch((error: { code?: string }) => {
    if (error.code !== 'ENOSPC') throw error as Error;
  });
  for (const sudo of [{}, { useSudo: true }]) {
    const { failure } = await install({ ...paths, ...sudo });
    t.equal(failure?.code, 'INSTALL_DISK_FULL', failure?.message ?? 'no failure');
    t.same(await readdir(at), ['filler', 'web.key', 'web.pem']);
    t.equal(await readFile(paths.keyPath, 'utf8'), 'old key');
  }
});

t.test('installs as an ordinary account by sudo, and says where sudo refuses', async (t) => {
  await nginx.give(first);
  const account = { username: sshd.user };
  const home = await execute('sh', ['-c', `eval echo ~${sshd.user}`]).then(({ stdout }) => stdout.trim());
  await chown(home, Number((await execute('id', ['-u', sshd.user])).stdout), 0);
  const refused = await install({ useSudo: true }, account);
  t.equal(refused.failure?.code, 'INSTALL_NOT_PERMITTED');
  t.match(refused.failure?.message, /password is required/);
  const programs = ['stat', 'readlink', 'install', 'ln', 'mv', 'rm', 'mkdir'].map((name) => `/usr/bin/${name} *`);
  const commands = [...programs, ...programs.map((line) => line.replace('/usr', '')), '/usr/sbin/nginx *'];
  await writeFile(rule, `${sshd.user} ALL=(root) NOPASSWD: ${commands.join(', ')}\n`, { mode: 0o440 });
  const outcome = await install({ useSudo: true }, account);
  t.equal(outcome.error, null);
  t.equal(outcome.failure, null, outcome.failure?.message ?? '');
  t.match(await nginx.serves(next.serialNumber, 10_000), { served: true });
  t.match(await stat(keyPath), { uid: 0, gid: 0 });
  t.equal(await modeOf(keyPath), '600');
  await leavesNothing(t, outcome);
  t.notOk(
    (await readdir(home)).some((name) => name.startsWith('.signalbox')),
    'nor is anything left in the home',
  );

  await nginx.give(first);
  const back = await install({ useSudo: true }, { ...account, served: unserved });
  t.equal(back.failure?.code, 'INSTALL_FAILED');
  t.match(await nginx.serves(first.serialNumber, 10_000), { served: true });
  await hasOld(t);
  await leavesNothing(t, back);
  t.match(
    (await staged(login({ ...whole, useSudo: true }, account), checkInstall)).value,
    /by sudo, and sudo -n .* passes/,
  );

  const web = join(dir.path, 'sudo-root');
  await mkdir(web);
  const root = login({ useSudo: true, challengeDirectory: web }, account);
  await staged(root, (run) => placeChallenge(run, 'token', 'answer'));
  t.equal(await readFile(join(web, '.well-known/acme-challenge/token'), 'utf8'), 'answer');
  await staged(root, (run) => removeChallenge(run, 'token'));
  t.same(await readdir(join(web, '.well-known/acme-challenge')), []);
});

t.test('looks whether an install could work, and changes nothing', async (t) => {
  await nginx.give(first);
  const check = (parts: JsonObject = {}, options: Partial<StagedInstall> = {}) =>
    staged(login({ ...whole, ...parts }, options), checkInstall);
  const good = await check();
  t.equal(good.failure, null);
  t.match(good.value, new RegExp(`^Can write to ${nginx.certificates}, and .* -t passes\\.$`));
  t.equal((await check({ keyPath: null })).failure?.code, 'INSTALL_SETTINGS_MISSING');
  t.match((await check({}, { username: sshd.user })).failure, {
    code: 'INSTALL_NOT_PERMITTED',
    message: /may not write to/,
  });
  t.match((await check({ keyPath: join(dir.path, 'no/key') })).failure, {
    code: 'INSTALL_FAILED',
    message: /There is no directory/,
  });
  t.match((await check({ challengeDirectory: join(dir.path, 'no') })).failure, { code: 'INSTALL_FAILED' });
  await nginx.configure(false);
  const broken = await check();
  t.match(broken.failure, {
    code: 'INSTALL_TEST_FAILED',
    message: /^As things are, the test command ended with exit code 1/,
  });
  await nginx.configure(true);
  await hasOld(t);
  await leavesNothing(t, broken);
});

t.test('places and removes the files of challenges', async (t) => {
  const web = join(dir.path, 'web');
  await mkdir(web);
  const place = (token: string, root: string | null = web, content = 'token.thumbprint') =>
    staged(login({ challengeDirectory: root }), (run) => placeChallenge(run, token, content));
  const remove = (token: string, root: string | null = web) =>
    staged(login({ challengeDirectory: root }), (run) => removeChallenge(run, token));
  const path = join(web, '.well-known/acme-challenge');
  t.equal((await place('a_B-1')).failure, null);
  t.equal((await place('a_B-1', web, 'another')).failure, null, 'the same token again');
  t.equal(await readFile(join(path, 'a_B-1'), 'utf8'), 'another');
  t.equal(await modeOf(join(path, 'a_B-1')), '644');
  t.equal(await modeOf(path), '755');
  t.match((await place('../../index')).failure, { code: 'INSTALL_FAILED', message: /not in the form of a token/ });
  t.match((await place('a', join(dir.path, 'nowhere'))).failure, {
    code: 'INSTALL_FAILED',
    message: /There is no directory/,
  });
  t.equal((await place('a', null)).failure?.code, 'INSTALL_SETTINGS_MISSING');
  for (let times = 0; times < 2; times += 1) t.equal((await remove('a_B-1')).failure, null);
  t.equal((await remove('a_B-1', null)).failure, null);
  t.same(await readdir(path), []);
});
