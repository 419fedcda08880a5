/** An admin's command on the host: its end and its last words, also where it does not end. */
import type { SshSession } from './contract.js';
import { SshError } from './errors.js';
import { plainLine, plainText } from './text.js';

export interface HostCommand {
  /** As an admin wrote it. */
  line: string;
  /** As it is sent. */
  command: string;
  timeoutMs: number;
}

export interface CommandEnd {
  /** Null where it was ended by a signal or has not ended. */
  code: number | null;
  timedOut: boolean;
  /** Plain text, its end. */
  output: string;
}

const MAX_OUTPUT = 4000;

export async function runCommand(
  session: SshSession,
  { command, timeoutMs }: HostCommand,
  signal: AbortSignal,
): Promise<CommandEnd> {
  try {
    const { code, stdout, stderr } = await session.exec(command, { signal, timeoutMs });
    const output = plainText(`${stdout}${stderr}`, Infinity).trim().slice(-MAX_OUTPUT);
    return { code, timedOut: false, output };
  } catch (error) {
    if (!(error instanceof SshError) || error.code !== 'SSH_TIMEOUT_COMMAND') throw error;
    return { code: null, timedOut: true, output: '' };
  }
}

/** “ended with exit code 1: its last words”, without a full stop. */
export function endOf({ code, timedOut, output }: CommandEnd, { timeoutMs }: HostCommand): string {
  if (timedOut) return `did not end within ${timeoutMs / 1000} s`;
  const ended = code === null ? 'was ended by a signal' : `ended with exit code ${code}`;
  const words = plainLine(output.split('\n').slice(-2).join(' ')).replace(/[.:]$/u, '');
  return words ? `${ended}: ${words}` : ended;
}
