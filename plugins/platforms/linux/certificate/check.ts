/** Whether an install could do its work here: rights to the directories, and a test that passes as things are. */
import { posix } from 'node:path';
import type { CertificateRun } from '../../../../server/platforms/contract.js';
import { chosen, requirePaths } from '../../../../server/ssh/certificate-files.js';
import { endOf, runCommand } from '../../../../server/ssh/host-command.js';
import { InstallProblem, telling } from '../../../../server/ssh/install-problem.js';
import { shCommand } from '../../../../server/ssh/quote.js';
import { PREPARED } from '../host-facts.js';
import { hostCommand, onHost, type Host } from './host.js';
import { TEST_MS } from './install.js';
import { ownerOf } from './owner.js';
import { settingsOf, type LinuxInstall } from './settings.js';

const WRITABLE = 'for each; do [ -w "$each" ] || echo "$each"; done';

async function checkWritable({ session }: Host, directories: string[], signal: AbortSignal): Promise<void> {
  const { stdout } = await session.exec(shCommand(PREPARED + WRITABLE, ...directories), { signal, timeoutMs: TEST_MS });
  const [first] = stdout.split('\n').filter((line) => line !== '');
  if (first !== undefined)
    throw new InstallProblem('INSTALL_NOT_PERMITTED', `The account may not write to the directory ${first}.`);
}

/** Where the files really lie: links lead elsewhere. */
async function directoriesOf({ files }: Host, settings: LinuxInstall): Promise<string[]> {
  const directories: string[] = [];
  for (const path of chosen(settings)) directories.push(posix.dirname(await files.resolve(path)));
  if (settings.challengeDirectory) directories.push(await files.resolve(settings.challengeDirectory));
  const each = [...new Set(directories)];
  for (const directory of each) {
    const found = await files.stat(await files.resolve(directory));
    if (found?.kind !== 'directory')
      throw new InstallProblem('INSTALL_FAILED', `There is no directory ${directory} on the host.`);
  }
  return each;
}

/** See `Platform.checkInstall`. */
export async function checkInstall(run: CertificateRun): Promise<string> {
  const settings = settingsOf(run);
  await telling(run, async () => requirePaths(settings));
  return onHost(run, settings, `check-${run.connection.id}`, async (host) => {
    const directories = await directoriesOf(host, settings);
    if (!settings.useSudo) await checkWritable(host, directories, run.signal);
    await ownerOf(host.session, settings.owner, run.signal);
    const test = hostCommand(settings.testCommand, settings.useSudo, TEST_MS);
    const end = test && (await runCommand(host.session, test, run.signal));
    if (test && end && end.code !== 0)
      throw new InstallProblem('INSTALL_TEST_FAILED', `As things are, the test command ${endOf(end, test)}.`, {
        exitCode: end.code,
        output: end.output,
      });
    const by = settings.useSudo ? ' by sudo' : '';
    return `Can write to ${directories.join(', ')}${by}${test ? `, and ${test.line} passes` : ''}.`;
  });
}
