/** What an SFTP server answers with, as one of our codes. */
import { SshError, type SshCode } from './errors.js';
import { plainLine } from './text.js';

/** draft-ietf-secsh-filexfer-02 §7: all that version 3 can say. */
export const status = { missing: 2, refused: 3, failure: 4, unsupported: 8 } as const;

/** `code` is the answer's status; there is none where the channel ended before there was an answer. */
export interface SftpAnswer extends Error {
  code?: unknown;
}

export function says(error: unknown, code: number): boolean {
  return error instanceof Error && (error as SftpAnswer).code === code;
}

const sentences: Record<number, string> = {
  [status.missing]: 'there is no such file or directory',
  [status.refused]: 'permission denied',
};

/** As far as it can be said without looking: `what` is “write /etc/ssl/x.pem”. */
export function failureOfAnswer(error: SftpAnswer, what: string): SshError {
  const code: SshCode = error.code === status.refused ? 'SSH_SFTP_REFUSED' : 'SSH_SFTP_FAILED';
  const why = sentences[Number(error.code)] ?? (plainLine(error.message).replace(/\.$/u, '') || 'it gives no reason');
  return new SshError(code, `The host cannot ${what}: ${why}.`, { cause: error });
}

/** What statvfs@openssh.com tells (OpenSSH's PROTOCOL §4.4), as far as it explains a failure. */
export interface DiskSpace {
  f_frsize: number;
  f_bavail: number;
  f_files: number;
  f_favail: number;
  f_flag: number;
}

const READ_ONLY = 1;

/** ENOSPC and EROFS come as a plain failure, like much else: only a look at the disk tells them apart. */
export function failureOfDisk(space: DiskSpace, bytes: number, what: string, cause: unknown): SshError | null {
  if ((space.f_flag & READ_ONLY) !== 0)
    return new SshError('SSH_SFTP_REFUSED', `The host cannot ${what}: the file system is read-only.`, { cause });
  // A file system that makes its inodes as it goes counts none at all.
  const noInode = space.f_files > 0 && space.f_favail === 0;
  const noRoom = space.f_bavail * space.f_frsize < Math.max(bytes, 1);
  if (!noInode && !noRoom) return null;
  return new SshError('SSH_SFTP_DISK_FULL', `The host cannot ${what}: no space is left on the disk.`, { cause });
}
