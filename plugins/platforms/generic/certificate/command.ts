/** The admin's command with the paths and the name put in, each as one quoted word. */
import type { CertificateRun } from '../../../../server/platforms/contract.js';
import type { HostCommand } from '../../../../server/ssh/host-command.js';
import { InstallProblem } from '../../../../server/ssh/install-problem.js';
import { quote } from '../../../../server/ssh/quote.js';
import type { GenericInstall } from './settings.js';

const TIMEOUT_MS = 300_000;

/** Throws an InstallProblem where it asks for a path that the settings lack. */
export function installCommand(settings: GenericInstall, { connection }: CertificateRun): HostCommand | null {
  const { command, keyPath, certificatePath, chainPath, fullchainPath } = settings;
  if (command === null) return null;
  const name = connection.certificate?.names[0] ?? null;
  const words: Record<string, string | null> = {
    key: keyPath,
    certificate: certificatePath,
    chain: chainPath,
    fullchain: fullchainPath,
    name,
  };
  const filled = command.replace(/\{(key|certificate|chain|fullchain|name)\}/gu, (place, word: string) => {
    const value = words[word];
    if (typeof value === 'string') return quote(value);
    throw new InstallProblem('INSTALL_SETTINGS_MISSING', `The command asks for ${place}, which the connection lacks.`);
  });
  return { line: filled, command: filled, timeoutMs: TIMEOUT_MS };
}
