/** A session with its files, as the account itself or as root by sudo, for as long as the work lasts. */
import type { CertificateRun } from '../../../../server/platforms/contract.js';
import type { SshFiles, SshSession } from '../../../../server/ssh/contract.js';
import { swapFiles, type SwapFiles } from '../../../../server/ssh/file-swap.js';
import type { HostCommand } from '../../../../server/ssh/host-command.js';
import type { ChallengeFiles } from '../../../../server/ssh/http-challenge.js';
import { telling } from '../../../../server/ssh/install-problem.js';
import { shCommand } from '../../../../server/ssh/quote.js';
import { PREPARED } from '../host-facts.js';
import type { LinuxInstall } from './settings.js';
import { withSudoFiles } from './sudo-files.js';

export interface Host {
  session: SshSession;
  files: SwapFiles & ChallengeFiles;
}

function ownFiles(files: SshFiles): Host['files'] {
  return { ...swapFiles(files), makeDirectory: (path, mode) => files.makeDirectory(path, mode) };
}

/** `id` names what lies in the account’s home meanwhile. Ends the run as failed where the work meets a problem. */
export async function onHost<T>(
  run: CertificateRun,
  { useSudo }: LinuxInstall,
  id: string,
  work: (host: Host) => Promise<T>,
): Promise<T> {
  const session = await run.open(run.signal);
  try {
    return await telling(run, async () => {
      const own = await session.sftp({ signal: run.signal });
      if (!useSudo) return work({ session, files: ownFiles(own) });
      return withSudoFiles(session, own, { id, signal: run.signal }, (files) => work({ session, files }));
    });
  } finally {
    session.close();
  }
}

/** An ordinary account’s path often lacks the directories of the system’s own programs. */
export function hostCommand(line: string | null, useSudo: boolean, timeoutMs: number): HostCommand | null {
  if (line === null) return null;
  const whole = useSudo ? `sudo -n ${line}` : line;
  return { line: whole, command: shCommand(PREPARED + whole), timeoutMs };
}
