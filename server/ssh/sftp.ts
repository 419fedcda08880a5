/** Files on a host, by SFTP version 3 and the extensions of OpenSSH where they are offered. */
import { posix } from 'node:path';
import type { Stats } from 'ssh2';
import type { FileOwner, FileStat, SshFiles } from './contract.js';
import { SshError } from './errors.js';
import type { Link } from './link.js';
import { openSftpChannel, type SftpChannel } from './sftp-channel.js';
import { failureOfAnswer, failureOfDisk, says, status, type DiskSpace } from './sftp-failure.js';

/** SSH_FXF_WRITE, _CREAT and _EXCL: a new file, never through a link that somebody left there. */
const NEW_FILE = 0x02 | 0x08 | 0x20;
const READ = 0x01;
const MOST_LINKS = 16;

function statOf(stats: Stats): FileStat {
  const { mode, uid, gid, size } = stats;
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'link' : 'other';
  return { kind, mode: mode & 0o7777, uid, gid, size };
}

class SftpFiles implements SshFiles {
  readonly #channel: SftpChannel;

  constructor(channel: SftpChannel) {
    this.#channel = channel;
  }

  async read(path: string, maxBytes: number): Promise<Buffer | null> {
    const what = `read ${path}`;
    const handle = await this.#unlessMissing(what, () =>
      this.#channel.ask<Buffer>((sftp, done) => sftp.open(path, READ, done)),
    );
    if (!handle) return null;
    try {
      return await this.#plain(what, () => this.#readAll(handle, maxBytes, path));
    } finally {
      await this.#quietly(() => this.#closeHandle(handle));
    }
  }

  async write(path: string, data: Buffer, mode: number, owner?: FileOwner): Promise<void> {
    const what = `write ${path}`;
    const handle = await this.#onDisk(what, path, 0, () =>
      this.#channel.ask<Buffer>((sftp, done) => sftp.open(path, NEW_FILE, { mode: mode & 0o600 }, done)),
    );
    try {
      await this.#onDisk(what, path, data.length, async () => {
        if (data.length > 0) await this.#channel.ask((sftp, done) => sftp.write(handle, data, 0, data.length, 0, done));
        await this.#own(handle, mode, owner);
        await this.#channel.askFor((sftp, done) => sftp.ext_openssh_fsync(handle, done));
      });
      await this.#onDisk(what, path, 0, () => this.#closeHandle(handle));
    } catch (error) {
      await this.#quietly(() => this.#closeHandle(handle));
      await this.#quietly(() => this.remove(path));
      throw error;
    }
  }

  async stat(path: string): Promise<FileStat | null> {
    const found = await this.#unlessMissing(`look at ${path}`, () =>
      this.#channel.ask<Stats>((sftp, done) => sftp.lstat(path, done)),
    );
    return found && statOf(found);
  }

  async resolve(path: string): Promise<string> {
    let at = path;
    for (let links = 0; (await this.stat(at))?.kind === 'link'; links += 1) {
      if (links === MOST_LINKS)
        throw new SshError('SSH_SFTP_FAILED', `The host cannot follow ${path}: its symbolic links have no end.`);
      const from = at;
      const to = await this.#plain(`follow ${from}`, () =>
        this.#channel.ask<string>((sftp, done) => sftp.readlink(from, done)),
      );
      at = posix.resolve(posix.dirname(from), to);
    }
    return at;
  }

  async link(path: string, second: string): Promise<boolean> {
    try {
      return await this.#channel.askFor((sftp, done) => sftp.ext_openssh_hardlink(path, second, done));
    } catch (error) {
      // A file system without links, or a kernel that allows none to another's file: whoever asks makes a copy.
      if (error instanceof SshError || !(error instanceof Error) || !('code' in error)) throw error;
      return false;
    }
  }

  async replace(path: string, other: string): Promise<void> {
    const what = `rename ${path} to ${other}`;
    await this.#onDisk(what, other, 0, async () => {
      if (await this.#channel.askFor((sftp, done) => sftp.ext_openssh_rename(path, other, done))) return;
      // Without the extension a rename fails where there is something (draft-ietf-secsh-filexfer-02 §6.5).
      await this.remove(other);
      await this.#channel.ask<void>((sftp, done) => sftp.rename(path, other, done));
    });
  }

  async remove(path: string): Promise<boolean> {
    const removed = await this.#unlessMissing(`remove ${path}`, async () => {
      await this.#channel.ask<void>((sftp, done) => sftp.unlink(path, done));
      return true;
    });
    return removed ?? false;
  }

  async makeDirectory(path: string, mode: number): Promise<boolean> {
    if (await this.stat(path)) return false;
    await this.#onDisk(`make the directory ${path}`, path, 0, async () => {
      await this.#channel.ask<void>((sftp, done) => sftp.mkdir(path, { mode }, done));
      // The account's umask takes from what is asked for above.
      await this.#channel.ask<void>((sftp, done) => sftp.chmod(path, mode, done));
    });
    return true;
  }

  async removeDirectory(path: string): Promise<void> {
    await this.#unlessMissing(`remove ${path}`, () => this.#channel.ask<void>((sftp, done) => sftp.rmdir(path, done)));
  }

  async home(): Promise<string> {
    return this.#plain('name the home directory', () =>
      this.#channel.ask<string>((sftp, done) => sftp.realpath('.', done)),
    );
  }

  close(): void {
    this.#channel.close();
  }

  async #readAll(handle: Buffer, maxBytes: number, path: string): Promise<Buffer> {
    const room = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const at = length;
      const read = await this.#channel.ask<number>((sftp, done) =>
        sftp.read(handle, room, at, room.length - at, at, done),
      );
      length += read;
      if (length > maxBytes)
        throw new SshError('SSH_SFTP_FAILED', `The file ${path} is longer than ${maxBytes} bytes.`);
      if (read === 0) return room.subarray(0, length);
    }
  }

  /** The owner first: from then on the mode may let others read. */
  async #own(handle: Buffer, mode: number, owner?: FileOwner): Promise<void> {
    if (owner) {
      const { uid, gid } = await this.#channel.ask<Stats>((sftp, done) => sftp.fstat(handle, done));
      const wanted = { uid: owner.uid ?? uid, gid: owner.gid ?? gid };
      if (wanted.uid !== uid || wanted.gid !== gid)
        await this.#channel.ask<void>((sftp, done) => sftp.fsetstat(handle, wanted, done));
    }
    await this.#channel.ask<void>((sftp, done) => sftp.fsetstat(handle, { mode }, done));
  }

  async #closeHandle(handle: Buffer): Promise<void> {
    await this.#channel.ask<void>((sftp, done) => sftp.close(handle, done));
  }

  async #plain<T>(what: string, work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      throw isAnswer(error) ? failureOfAnswer(error, what) : error;
    });
  }

  async #unlessMissing<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    return this.#plain(what, () =>
      work().catch((error: unknown) => {
        if (says(error, status.missing)) return null;
        throw error;
      }),
    );
  }

  /** For what takes room: a plain failure is looked into. */
  async #onDisk<T>(what: string, path: string, bytes: number, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isAnswer(error)) throw error;
      const full = says(error, status.failure) ? await this.#space(posix.dirname(path)) : null;
      throw (full && failureOfDisk(full, bytes, what, error)) ?? failureOfAnswer(error, what);
    }
  }

  /** Null where the host does not tell. */
  async #space(directory: string): Promise<DiskSpace | null> {
    let space: DiskSpace | null = null;
    await this.#channel
      .askFor((sftp, done) =>
        sftp.ext_openssh_statvfs(directory, (error, found: DiskSpace) => {
          if (!error) space = found;
          done(error);
        }),
      )
      .catch((error: unknown) => {
        if (!isAnswer(error)) throw error;
      });
    return space;
  }

  /** Tidying up after a failure that says more than a second one would. */
  async #quietly(work: () => Promise<unknown>): Promise<void> {
    await work().catch((error: unknown) => {
      if (!(error instanceof SshError) && !isAnswer(error)) throw error;
    });
  }
}

function isAnswer(error: unknown): error is Error & { code: number } {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'number';
}

/** Opens a way to the host's files; see `SshSession.sftp`. */
export async function openFiles(link: Link, signal: AbortSignal): Promise<SshFiles> {
  return new SftpFiles(await openSftpChannel(link, signal));
}
