/** The new pair on a Linux host: files, test, reload, and a look at what is served. */
import type { InstallReport, InstallRun } from '../../../../server/platforms/contract.js';
import { requirePaths, wishesOf } from '../../../../server/ssh/certificate-files.js';
import { installFiles } from '../../../../server/ssh/certificate-install.js';
import { telling } from '../../../../server/ssh/install-problem.js';
import { hostCommand, onHost } from './host.js';
import { ownerOf } from './owner.js';
import { settingsOf } from './settings.js';

export const TEST_MS = 60_000;
const RELOAD_MS = 120_000;

/** See `Platform.installCertificate`. */
export async function installCertificate(run: InstallRun): Promise<InstallReport> {
  const settings = settingsOf(run);
  const { useSudo, keyMode, testCommand, reloadCommand } = settings;
  // Nothing is opened for an install that cannot be.
  await telling(run, async () => requirePaths(settings));
  return onHost(run, settings, run.certificate.id, async ({ session, files }) => {
    const owner = await ownerOf(session, settings.owner, run.signal);
    return installFiles(run, session, {
      files,
      wishes: wishesOf(settings, run.certificate, { keyMode: parseInt(keyMode, 8), owner }),
      test: hostCommand(testCommand, useSudo, TEST_MS),
      reload: hostCommand(reloadCommand, useSudo, RELOAD_MS),
    });
  });
}
