/** Challenges as files in the host’s own web root. */
import type { CertificateRun } from '../../../../server/platforms/contract.js';
import { placeFile, removeFile } from '../../../../server/ssh/http-challenge.js';
import { onHost } from './host.js';
import { settingsOf } from './settings.js';

/** Two connections can be the same account of the same host. */
const room = ({ connection }: CertificateRun) => `challenge-${connection.id}`;

/** See `Platform.placeChallenge`. */
export async function placeChallenge(run: CertificateRun, token: string, content: string): Promise<void> {
  const settings = settingsOf(run);
  const { challengeDirectory } = settings;
  if (challengeDirectory === null)
    return run.fail('INSTALL_SETTINGS_MISSING', 'The connection has no directory for the files of challenges.');
  await onHost(run, settings, room(run), ({ files }) => placeFile(files, challengeDirectory, token, content));
}

/** See `Platform.removeChallenge`. */
export async function removeChallenge(run: CertificateRun, token: string): Promise<void> {
  const settings = settingsOf(run);
  const { challengeDirectory } = settings;
  if (challengeDirectory === null)
    return run.log('The connection has no directory for the files of challenges any more; none is removed.', 'note');
  await onHost(run, settings, room(run), ({ files }) => removeFile(files, challengeDirectory, token));
}
