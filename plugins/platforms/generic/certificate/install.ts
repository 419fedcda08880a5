/** The new pair on a host that takes files by SFTP and an admin's command. */
import { posix } from 'node:path';
import type { CertificateRun, InstallReport, InstallRun } from '../../../../server/platforms/contract.js';
import type { SshFiles, SshSession } from '../../../../server/ssh/contract.js';
import { chosen, requirePaths, wishesOf } from '../../../../server/ssh/certificate-files.js';
import { installFiles } from '../../../../server/ssh/certificate-install.js';
import { swapFiles } from '../../../../server/ssh/file-swap.js';
import { InstallProblem, telling } from '../../../../server/ssh/install-problem.js';
import { installCommand } from './command.js';
import { settingsOf, type GenericInstall } from './settings.js';

const KEY_MODE = 0o600;
const KEEP_OWNER = { uid: null, gid: null };

/** Nothing is opened for an install that cannot be. */
function checked(run: CertificateRun) {
  return telling(run, async () => {
    const settings = settingsOf(run);
    requirePaths(settings);
    return { settings, command: installCommand(settings, run) };
  });
}

async function withFiles<T>(run: CertificateRun, work: (session: SshSession, files: SshFiles) => Promise<T>) {
  const session = await run.open(run.signal);
  try {
    return await telling(run, async () => work(session, await session.sftp({ signal: run.signal })));
  } finally {
    session.close();
  }
}

/** See `Platform.installCertificate`. */
export async function installCertificate(run: InstallRun): Promise<InstallReport> {
  const { settings, command } = await checked(run);
  return withFiles(run, (session, files) =>
    installFiles(run, session, {
      files: swapFiles(files),
      wishes: wishesOf(settings, run.certificate, { keyMode: KEY_MODE, owner: KEEP_OWNER }),
      test: null,
      reload: command,
    }),
  );
}

async function directoriesOf(files: SshFiles, settings: GenericInstall): Promise<string[]> {
  const paths: string[] = [];
  for (const path of chosen(settings)) paths.push(posix.dirname(await files.resolve(path)));
  const directories = [...new Set(paths)];
  for (const directory of directories)
    if ((await files.stat(await files.resolve(directory)))?.kind !== 'directory')
      throw new InstallProblem('INSTALL_FAILED', `There is no directory ${directory} on the host.`);
  return directories;
}

/** See `Platform.checkInstall`: who may write cannot be asked by SFTP, so nothing is said about that. */
export async function checkInstall(run: CertificateRun): Promise<string> {
  const { settings, command } = await checked(run);
  return withFiles(run, async (_session, files) => {
    const directories = await directoriesOf(files, settings);
    const ends = command ? 'A command makes the service take them.' : 'The service has to take them by itself.';
    return `Reaches the files by SFTP; ${directories.join(', ')} can be seen. ${ends}`;
  });
}
