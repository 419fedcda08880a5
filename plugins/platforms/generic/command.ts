/** The admin's restart command, sent once. */
import type { Deadline } from '../../../server/ssh/deadline.js';
import { SshError } from '../../../server/ssh/errors.js';
import { colouredText, plainLine, plainText } from '../../../server/ssh/text.js';
import type { Exit, Stage } from './stage.js';
import { filled } from './template.js';

const MAX_BYTES = 64 * 1024;

/** Null where the session was lost under it: then its exit code will never be known. */
export async function sendCommand({ run, remote, settings }: Stage, deadline: Deadline): Promise<Exit | null> {
  const command = filled(settings.restartCommand, run.service);
  run.log(command, 'in');
  try {
    const result = await remote.exec(command, { timeoutMs: Math.ceil(deadline.leftMs) + 1, maxBytes: MAX_BYTES });
    const written = `${result.stdout}${result.stderr}`;
    const shown = colouredText(written).trim();
    if (shown) run.log(shown, 'out');
    return { code: result.code, output: plainText(written).trim() };
  } catch (error) {
    if (!(error instanceof SshError)) throw error;
    if (error.code === 'SSH_TIMEOUT_COMMAND') {
      const within = `${settings.restartTimeoutSeconds} s`;
      return run.fail('SERVICE_NOT_STARTED', `The restart command of ${run.service} has not ended within ${within}.`);
    }
    if (error.code !== 'SSH_CONNECTION_LOST') throw error;
    run.log(`${error.message} The restart goes on without us.`, 'note');
    return null;
  }
}

/** An exit code that is not among those that mean success ends it, whatever is seen. */
export function refuseBadExit({ run, settings }: Stage, exit: Exit): void {
  if (settings.successExitCodes.includes(exit.code ?? -1)) return;
  const last = plainLine(exit.output.split('\n').at(-1) ?? '');
  const ended = exit.code === null ? 'was ended by a signal' : `ended with exit code ${exit.code}`;
  run.fail('SERVICE_RESTART_FAILED', `The restart command of ${run.service} ${ended}${last ? `: ${last}` : '.'}`, {
    exitCode: exit.code,
    output: exit.output,
  });
}
