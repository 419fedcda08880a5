/** Files that only root may touch: each step is one program by `sudo -n`, so that sudoers can allow exactly these. */
import { posix } from 'node:path';
import type { FileOwner, FileStat, SshFiles, SshSession } from '../../../../server/ssh/contract.js';
import type { SwapFiles } from '../../../../server/ssh/file-swap.js';
import type { ChallengeFiles } from '../../../../server/ssh/http-challenge.js';
import { InstallProblem } from '../../../../server/ssh/install-problem.js';
import { shCommand } from '../../../../server/ssh/quote.js';
import { plainLine } from '../../../../server/ssh/text.js';
import { PREPARED } from '../host-facts.js';
import { isRefused } from '../refusal.js';

const TIMEOUT_MS = 60_000;
const MISSING = /No such file or directory/u;
const SAME = /are the same file/u;
const FULL = /No space left on device|Disk quota exceeded/u;

interface Ended {
  code: number | null;
  stdout: string;
  words: string;
}

const kinds: Record<string, FileStat['kind']> = {
  'regular file': 'file',
  'regular empty file': 'file',
  directory: 'directory',
  'symbolic link': 'link',
};

export class SudoFiles implements SwapFiles, ChallengeFiles {
  readonly #session: SshSession;
  readonly #own: SshFiles;
  readonly #room: string;
  readonly #signal: AbortSignal;

  /** `room` is a directory that only the account itself can enter; see `sudoFiles`. */
  constructor(session: SshSession, own: SshFiles, room: string, signal: AbortSignal) {
    this.#session = session;
    this.#own = own;
    this.#room = room;
    this.#signal = signal;
  }

  async stat(path: string): Promise<FileStat | null> {
    const { code, stdout, words } = await this.#sudo('stat', '-c', '%F|%a|%u|%g|%s', '--', path);
    if (code !== 0 && MISSING.test(words)) return null;
    if (code !== 0) throw problem(`look at ${path}`, words);
    const [kind = '', mode = '', ...numbers] = stdout.trim().split('|');
    const [uid = 0, gid = 0, size = 0] = numbers.map(Number);
    return { kind: kinds[kind] ?? 'other', mode: parseInt(mode, 8), uid, gid, size };
  }

  async resolve(path: string): Promise<string> {
    const { code, stdout, words } = await this.#sudo('readlink', '-f', '--', path);
    const found = stdout.replace(/\n$/u, '');
    // It says nothing at all where a directory on the way is missing.
    if (code !== 0 || !found.startsWith('/')) throw problem(`follow ${path}`, words || 'its directory does not exist');
    return found;
  }

  /** The data pass through a file that only the account itself can read: no content stands in a command line. */
  async write(path: string, data: Buffer, mode: number, owner?: FileOwner): Promise<void> {
    const staged = posix.join(this.#room, 'staged');
    const whose = [...flag('-o', owner?.uid), ...flag('-g', owner?.gid)];
    await this.#own.remove(staged);
    try {
      await this.#own.write(staged, data, 0o600);
      await this.#do(`write ${path}`, 'install', '-m', mode.toString(8).padStart(4, '0'), ...whose, '--', staged, path);
    } finally {
      await this.#own.remove(staged);
    }
    await this.#flush(path);
  }

  async copy(path: string, other: string, between: string): Promise<void> {
    const { code } = await this.#sudo('ln', '--', path, other);
    if (code === 0) return;
    await this.#do(`copy ${path}`, 'cp', '-p', '--', path, between);
    await this.replace(between, other);
  }

  async replace(path: string, other: string): Promise<void> {
    const { code, words } = await this.#sudo('mv', '-f', '--', path, other);
    // Two names of one file: rename(2) does nothing and says nothing, mv complains.
    if (code !== 0 && !SAME.test(words)) throw problem(`rename ${path} to ${other}`, words);
  }

  async remove(path: string): Promise<boolean> {
    const there = (await this.stat(path)) !== null;
    if (there) await this.#do(`remove ${path}`, 'rm', '-f', '--', path);
    return there;
  }

  async makeDirectory(path: string, mode: number): Promise<boolean> {
    if (await this.stat(path)) return false;
    await this.#do(`make the directory ${path}`, 'mkdir', '-m', mode.toString(8).padStart(4, '0'), '--', path);
    return true;
  }

  async #do(what: string, ...words: string[]): Promise<void> {
    const ended = await this.#sudo(...words);
    if (ended.code !== 0) throw problem(what, ended.words);
  }

  async #sudo(...words: string[]): Promise<Ended> {
    const command = shCommand(`${PREPARED}exec sudo -n "$@"`, ...words);
    const { code, stdout, stderr } = await this.#session.exec(command, { signal: this.#signal, timeoutMs: TIMEOUT_MS });
    return { code, stdout, words: plainLine(stderr) };
  }

  /** Needs no rights; what `sync` of this host does not know it takes for everything. */
  async #flush(path: string): Promise<void> {
    const command = shCommand('sync -f -- "$1" 2>/dev/null || sync', posix.dirname(path));
    await this.#session.exec(command, { signal: this.#signal, timeoutMs: TIMEOUT_MS });
  }
}

const flag = (name: string, value: number | null | undefined) =>
  value === null || value === undefined ? [] : [name, String(value)];

function problem(what: string, words: string): InstallProblem {
  const sentence = `The host cannot ${what} by sudo: ${words.replace(/\.$/u, '') || 'it gives no reason'}.`;
  if (FULL.test(words)) return new InstallProblem('INSTALL_DISK_FULL', sentence);
  return new InstallProblem(isRefused(words) ? 'INSTALL_NOT_PERMITTED' : 'INSTALL_FAILED', sentence);
}

/** Works with root’s files; what the account itself needs for that lies in its home for as long as the work lasts. */
export async function withSudoFiles<T>(
  session: SshSession,
  own: SshFiles,
  { id, signal }: { id: string; signal: AbortSignal },
  work: (files: SudoFiles) => Promise<T>,
): Promise<T> {
  const room = posix.join(await own.home(), `.signalbox-${id}`);
  const made = await own.makeDirectory(room, 0o700);
  const found = await own.stat(room);
  if (!made && (found?.kind !== 'directory' || (found.mode & 0o077) !== 0))
    throw new InstallProblem('INSTALL_FAILED', `${room} is there already, and is no directory of this account alone.`);
  try {
    return await work(new SudoFiles(session, own, room, signal));
  } finally {
    await own.remove(posix.join(room, 'staged')).catch(() => false);
    await own.removeDirectory(room).catch(() => undefined);
  }
}
