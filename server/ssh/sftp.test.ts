/** Files over SFTP of a real OpenSSH; and the swap of files, lost at each of its steps. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { startOpenSsh } from '../../tests/peers/openssh.js';
import { generateKey } from '../../tests/peers/ssh-keys.js';
import { sshOptions } from '../../tests/peers/ssh-target.js';
import { FaultProxy } from '../../tests/peers/tcp-faults.js';
import { tempDir } from '../../tests/peers/temp.js';
import type { SshFiles, SshSession } from './contract.js';
import { SshError, type SshCode } from './errors.js';
import { FileSwap, swapFiles, type FileWish, type SwapFiles } from './file-swap.js';
import { openSession } from './session.js';

const execute = promisify(execFile);
const key = await generateKey({ type: 'ed25519' });
const authorizedKeys = [key.publicKey.trim()];
const PROGRAM = '/usr/lib/openssh/sftp-server';
const subsystem = (line: string) => ({ authorizedKeys, config: { Subsystem: `sftp ${line}` } });
const sshd = await startOpenSsh(subsystem('internal-sftp'));
const proxy = await FaultProxy.start(sshd.port);
const dir = await tempDir();
await chmod(dir.path, 0o755);
t.teardown(async () => {
  await proxy.stop();
  await sshd.stop();
  await dir.remove();
});

const { signal } = new AbortController();

async function openFiles(
  t: Test,
  username = 'root',
  port = sshd.port,
): Promise<{ session: SshSession; files: SshFiles }> {
  const credentials = { password: null, privateKey: key.privateKey, passphrase: null };
  const session = await openSession(sshOptions({ port, username }, { credentials }));
  t.teardown(() => session.close());
  return { session, files: await session.sftp({ signal }) };
}

const isCode = (code: SshCode, message?: RegExp) => ({ name: 'SshError', code, ...(message && { message }) });

async function room(name: string): Promise<string> {
  const path = join(dir.path, name);
  await mkdir(path);
  return path;
}

t.test('writes, reads, looks at, renames and removes files', async (t) => {
  const { files, session } = await openFiles(t);
  const at = await room('files');
  const path = join(at, 'a.key');
  const data = Buffer.alloc(600_000, 'key');
  await files.write(path, data, 0o600);
  t.same(await files.stat(path), { kind: 'file', mode: 0o600, uid: 0, gid: 0, size: 600_000 });
  t.ok((await files.read(path, 600_000))?.equals(data), 'what is longer than a packet comes and goes whole');
  await t.rejects(files.read(path, 599_999), isCode('SSH_SFTP_FAILED', /longer than 599999 bytes/));
  await t.rejects(files.write(path, data, 0o600), isCode('SSH_SFTP_FAILED'), 'writes over nothing');
  t.ok((await readFile(path)).equals(data));
  await files.write(join(at, 'b.pem'), Buffer.from('new'), 0o644, { uid: 7, gid: null });
  t.match(await files.stat(join(at, 'b.pem')), { mode: 0o644, uid: 7, gid: 0 }, 'whatever the umask');
  await files.replace(join(at, 'b.pem'), path);
  t.equal(await readFile(path, 'utf8'), 'new', 'renames over what is there');
  t.equal(await files.remove(path), true);
  t.equal(await files.remove(path), false);
  t.equal(await files.stat(path), null);
  t.equal(await files.read(path, 10), null);
  t.equal(await files.home(), '/root');
  files.close();
  files.close();
  await t.rejects(files.stat(path), isCode('SSH_CONNECTION_LOST'));
  t.match(await session.exec('echo still here', { signal }), { stdout: 'still here\n' });
});

t.test('makes directories once, and takes empty ones away', async (t) => {
  const { files } = await openFiles(t);
  const path = join(await room('directories'), 'inner');
  t.equal(await files.makeDirectory(path, 0o755), true);
  t.equal(await files.makeDirectory(path, 0o700), false);
  t.match(await files.stat(path), { kind: 'directory', mode: 0o755 });
  await files.write(join(path, 'x'), Buffer.from(''), 0o600);
  await t.rejects(files.removeDirectory(path), isCode('SSH_SFTP_FAILED'));
  await files.remove(join(path, 'x'));
  await files.removeDirectory(path);
  await files.removeDirectory(path);
  t.equal(await files.stat(path), null);
});

t.test('follows symbolic links to their end, and writes through none', async (t) => {
  const { files } = await openFiles(t);
  const at = await room('links');
  await mkdir(join(at, 'archive'));
  await symlink('archive/web1.pem', join(at, 'live'));
  await symlink('live', join(at, 'web.pem'));
  t.equal(await files.resolve(join(at, 'web.pem')), join(at, 'archive/web1.pem'), 'there need be nothing');
  await t.rejects(files.write(join(at, 'web.pem'), Buffer.from('x'), 0o644), isCode('SSH_SFTP_FAILED'));
  await symlink('round', join(at, 'round'));
  await t.rejects(files.resolve(join(at, 'round')), isCode('SSH_SFTP_FAILED', /have no end/));
  t.equal((await files.stat(join(at, 'live')))?.kind, 'link');
});

t.test('says what an ordinary account may not do, and leaves nothing half', async (t) => {
  const { files } = await openFiles(t, sshd.user);
  const at = await room('refused');
  await t.rejects(files.write(join(at, 'x'), Buffer.from('x'), 0o600), isCode('SSH_SFTP_REFUSED', /permission denied/));
  await chmod(at, 0o777);
  await t.rejects(
    files.write(join(at, 'x'), Buffer.from('x'), 0o600, { uid: 0, gid: 0 }),
    isCode('SSH_SFTP_REFUSED'),
    'a file cannot be given away',
  );
  t.same(await readdir(at), []);
  await t.rejects(files.write(join(at, 'no/x'), Buffer.from('x'), 0o600), isCode('SSH_SFTP_FAILED', /no such file/));
});

t.test('tells a full disk from other failures', async (t) => {
  const { files } = await openFiles(t);
  const at = await room('full');
  await execute('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', at]);
  t.teardown(() => execute('umount', [at]));
  const full = isCode('SSH_SFTP_DISK_FULL', /no space is left/);
  await t.rejects(files.write(join(at, 'x'), Buffer.alloc(100_000), 0o600), full);
  t.same(await readdir(at), [], 'the part that was written is gone');
  await t.rejects(files.makeDirectory(join(at, 'x', 'y'), 0o755), isCode('SSH_SFTP_FAILED'));
  await execute('mount', ['-o', 'remount,ro', at]);
  await t.rejects(files.write(join(at, 'x'), Buffer.from(''), 0o600), isCode('SSH_SFTP_REFUSED', /read-only/));
});

t.test('does without the extensions of OpenSSH where they are not offered', async (t) => {
  const less = ['posix-rename', 'hardlink', 'fsync', 'statvfs', 'limits'].join(',');
  await sshd.reconfigure(subsystem(`${PROGRAM} -P ${less}`));
  t.teardown(() => sshd.reconfigure(subsystem('internal-sftp')));
  const { files } = await openFiles(t);
  const at = await room('plain');
  const [path, other] = [join(at, 'a'), join(at, 'b')];
  await files.write(path, Buffer.from('new'), 0o600);
  await writeFile(other, 'old');
  t.equal(await files.link(path, join(at, 'c')), false);
  await files.replace(path, other);
  t.equal(await readFile(other, 'utf8'), 'new');
  t.equal(await files.stat(path), null);
  await swapFiles(files).copy(other, path, join(at, 'between'));
  t.equal(await readFile(path, 'utf8'), 'new');
  t.same(await readdir(at), ['a', 'b']);
});

t.test('says that there is no SFTP where there is none', async (t) => {
  const session = await openSession(
    sshOptions(
      { port: sshd.port, username: 'root' },
      { credentials: { password: null, privateKey: key.privateKey, passphrase: null } },
    ),
  );
  session.close();
  await t.rejects(session.sftp({ signal }), /closed/);
  t.teardown(() => sshd.reconfigure(subsystem('internal-sftp')));
  for (const line of ['/no/such/program', '/bin/false', 'echo talks']) {
    await sshd.reconfigure(subsystem(line));
    await t.rejects(openFiles(t), isCode('SSH_SFTP_UNAVAILABLE'), line);
  }
  await sshd.reconfigure({ authorizedKeys });
  await t.rejects(openFiles(t), isCode('SSH_SFTP_UNAVAILABLE'), 'no subsystem at all');
});

t.test('ends what is asked when the link is cut, the program dies or the signal aborts', async (t) => {
  const cut = await openFiles(t, 'root', proxy.port);
  proxy.cut();
  await t.rejects(cut.files.stat('/etc'), isCode('SSH_CONNECTION_LOST'));
  await t.rejects(cut.files.write('/tmp/never', Buffer.from('x'), 0o600), isCode('SSH_CONNECTION_LOST'));

  await sshd.reconfigure(subsystem(PROGRAM));
  t.teardown(() => sshd.reconfigure(subsystem('internal-sftp')));
  const dying = await openFiles(t);
  await dying.session.exec('kill -KILL $(pgrep -P $PPID sftp-server)', { signal });
  await t.rejects(dying.files.stat('/etc'), isCode('SSH_CONNECTION_LOST', /ended the file transfer/));

  const { session } = await openFiles(t);
  const controller = new AbortController();
  const files = await session.sftp({ signal: controller.signal });
  controller.abort(new Error('not wanted any more'));
  await t.rejects(files.stat('/etc'), /not wanted any more/);
  await t.rejects(session.sftp({ signal: controller.signal }), /not wanted any more/);
});

class Lost extends Error {}

/** A disk as POSIX has it: names of files, and renaming one name of a file over another one does nothing. */
type Disk = Map<string, { text: string }>;

/** A disk that is lost just before one call. */
function losing(disk: Disk, loseAt: number): { files: SwapFiles; calls: () => number } {
  let calls = 0;
  const step = <T>(work: () => T): Promise<T> => {
    calls += 1;
    return calls < loseAt ? Promise.resolve(work()) : Promise.reject(new Lost());
  };
  const there = (path: string) => disk.get(path) ?? assert.fail(`There is no ${path}.`);
  const free = (path: string) => assert.ok(!disk.has(path), `There is ${path}.`);
  const files: SwapFiles = {
    write: (path, data) =>
      step(() => {
        free(path);
        disk.set(path, { text: data.toString() });
      }),
    stat: (path) => step(() => (disk.has(path) ? { kind: 'file', mode: 0o600, uid: 0, gid: 0, size: 0 } : null)),
    resolve: (path) => step(() => path),
    replace: (path, other) =>
      step(() => {
        const file = there(path);
        if (disk.get(other) === file) return;
        disk.set(other, file);
        disk.delete(path);
      }),
    remove: (path) => step(() => disk.delete(path)),
    copy: (path, other) =>
      step(() => {
        free(other);
        disk.set(other, there(path));
      }),
  };
  return { files, calls: () => calls };
}

type End = 'finish' | 'restore';
const ENDS: End[] = ['finish', 'restore'];

const keepOwner = { uid: null, gid: null };
const wishes = ['/key', '/certificate', '/chain'].map((path): FileWish => ({
  path,
  data: Buffer.from('new'),
  mode: 0o600,
  keepMode: false,
  owner: keepOwner,
}));

/** Answers with the calls that it took. */
async function attempt(disk: Disk, end: End, loseAt = Infinity): Promise<number> {
  const { files, calls } = losing(disk, loseAt);
  try {
    const swap = await FileSwap.open(files, 'x1', wishes);
    await swap.swap();
    await swap[end]();
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
  }
  return calls();
}

/** Two old files, and none in the place of the third. */
const oldDisk = (): Disk =>
  new Map([
    ['/key', { text: 'old' }],
    ['/certificate', { text: 'old' }],
  ]);

const shown = (disk: Disk) =>
  [...disk]
    .map(([path, { text }]) => `${path} ${text}`)
    .sort()
    .join(', ');

const ALL_OLD = '/certificate old, /key old';
const ALL_NEW = '/certificate new, /chain new, /key new';

interface Loss {
  end: End;
  at: number;
}

/** Every call of a try at which it can be lost. */
async function losses(): Promise<Loss[]> {
  const all: Loss[] = [];
  for (const end of ENDS) {
    const calls = await attempt(oldDisk(), end);
    for (let at = 1; at <= calls; at += 1) all.push({ end, at });
  }
  return all;
}

t.test('swaps all files or none, wherever it is lost on the way, and lost again', async (t) => {
  const wrong: string[] = [];
  const all = await losses();
  t.ok(all.length > 80, `${all.length} losses`);
  for (const first of all)
    for (const second of [null, ...all.filter((_loss, index) => (index + first.at) % 3 === 0)])
      for (const last of ENDS) {
        const disk = oldDisk();
        await attempt(disk, first.end, first.at);
        if (second) await attempt(disk, second.end, second.at);
        await attempt(disk, last);
        // Once a try began to finish, the new files are good, and what a later one keeps and puts back.
        const finished = first.end === 'finish' || second?.end === 'finish';
        const right = last === 'finish' ? [ALL_NEW] : finished ? [ALL_OLD, ALL_NEW] : [ALL_OLD];
        if (!right.includes(shown(disk))) wrong.push(`${JSON.stringify([first, second, last])}: ${shown(disk)}`);
      }
  t.same(wrong, []);
});

t.test('keeps the true old files, all of them, until the new ones are known to be good', async (t) => {
  for (const { end, at } of await losses()) {
    const disk = oldDisk();
    await attempt(disk, end, at);
    if (end === 'finish' && disk.has('/key.done-x1')) continue;
    const kept = (path: string) => disk.get(`${path}.old-x1`) ?? disk.get(path);
    const old = [kept('/key')?.text, kept('/certificate')?.text];
    const cleared = end === 'finish' && shown(disk) === ALL_NEW;
    t.same(old, cleared ? ['new', 'new'] : ['old', 'old'], `${end} lost at call ${at}`);
  }
});

t.test('swaps through links, keeps owner and mode, and takes no path twice', async (t) => {
  const { files } = await openFiles(t);
  const at = await room('through');
  await mkdir(join(at, 'archive'));
  const real = join(at, 'archive/web1.pem');
  await writeFile(real, 'old', { mode: 0o640 });
  await chown(real, 3, 4);
  await symlink('archive/web1.pem', join(at, 'web.pem'));
  const wish = {
    path: join(at, 'web.pem'),
    data: Buffer.from('new'),
    mode: 0o644,
    keepMode: true,
    owner: keepOwner,
  };
  const swap = await FileSwap.open(swapFiles(files), 'x2', [wish]);
  await swap.swap();
  t.equal(await readFile(`${real}.old-x2`, 'utf8'), 'old');
  await swap.finish();
  t.equal(await realpath(join(at, 'web.pem')), real);
  t.equal(await readFile(real, 'utf8'), 'new');
  t.match(await files.stat(real), { mode: 0o640, uid: 3, gid: 4 });
  t.same(await readdir(join(at, 'archive')), ['web1.pem']);
  const twice = [wish, { ...wish, path: real }];
  await t.rejects(FileSwap.open(swapFiles(files), 'x2', twice), isCode('SSH_SFTP_FAILED', /the same file/));
  await t.rejects(FileSwap.open(swapFiles(files), '../x', [wish]), /no file name/);
  const directory = await FileSwap.open(swapFiles(files), 'x2', [{ ...wish, path: at }]);
  await t.rejects(directory.swap(), isCode('SSH_SFTP_FAILED', /is no file/));
  t.ok(new SshError('SSH_SFTP_FAILED').hint);
});
