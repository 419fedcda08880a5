/** The one command of a restart: sent once, its end awaited beside the looks at the service. */
import type { LogStream } from '../../../server/operations/contract.js';
import type { ExecResult, SshSession } from '../../../server/ssh/contract.js';
import { SshError } from '../../../server/ssh/errors.js';
import { colouredText, plainText } from '../../../server/ssh/text.js';
import type { CommandEnd } from './judgement.js';

const MAX_BYTES = 64 * 1024;

function exited({ code, stdout, stderr }: ExecResult): CommandEnd {
  return { kind: 'exited', code, output: plainText(`${stdout}${stderr}`).trim() };
}

export class SentCommand {
  /** Null while it runs. */
  end: CommandEnd | null = null;
  /** Resolves when `end` is known; rejects where the host refused to run anything, or the signal aborted. */
  readonly ended: Promise<void>;

  /** Sends it; `log` is told what it wrote. */
  constructor(
    session: SshSession,
    command: string,
    signal: AbortSignal,
    log: (text: string, stream: LogStream) => void,
  ) {
    this.ended = session.exec(command, { signal, maxBytes: MAX_BYTES }).then(
      (result) => {
        this.end = exited(result);
        const written = colouredText(`${result.stdout}${result.stderr}`).trim();
        if (written) log(written, 'out');
      },
      (error: unknown) => {
        if (!(error instanceof SshError) || error.code !== 'SSH_CONNECTION_LOST') throw error;
        log(`${error.message} The restart goes on without us.`, 'note');
        this.end = { kind: 'lost' };
      },
    );
    this.ended.catch(() => undefined);
  }
}
