/** The file of an http-01 challenge in a web root of the host (RFC 8555 §8.3). */
import { posix } from 'node:path';
import type { SshFiles } from './contract.js';
import { InstallProblem } from './install-problem.js';

export type ChallengeFiles = Pick<SshFiles, 'write' | 'stat' | 'resolve' | 'remove' | 'makeDirectory'>;

/** base64url, and nothing that leads out of the directory. */
const TOKEN = /^[A-Za-z0-9_-]{1,256}$/u;

function fileOf(directory: string, token: string): { directories: string[]; path: string } {
  if (!TOKEN.test(token)) throw new InstallProblem('INSTALL_FAILED', 'The CA’s token is not in the form of a token.');
  const wellKnown = posix.join(directory, '.well-known');
  const challenges = posix.join(wellKnown, 'acme-challenge');
  return { directories: [wellKnown, challenges], path: posix.join(challenges, token) };
}

/** Makes the directories beneath the web root, not the web root itself. */
export async function placeFile(files: ChallengeFiles, directory: string, token: string, content: string) {
  const { directories, path } = fileOf(directory, token);
  if ((await files.stat(await files.resolve(directory)))?.kind !== 'directory')
    throw new InstallProblem('INSTALL_FAILED', `There is no directory ${directory} on the host for the challenge.`);
  for (const each of directories) await files.makeDirectory(each, 0o755);
  await files.remove(path);
  await files.write(path, Buffer.from(content), 0o644);
}

/** The directories stay: another challenge may be beside it. */
export async function removeFile(files: ChallengeFiles, directory: string, token: string): Promise<void> {
  await files.remove(fileOf(directory, token).path);
}
