/** An admin's command on the host: its end and its last words, also where it does not end. */
import type { SshSession } from './contract.js';
import { SshError } from './errors.js';
import { colouredText, plainLine, plainText } from './text.js';

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
  /** The same with its colours, for the log. */
  shown: string;
}

const MAX_OUTPUT = 4000;

/** From where a line begins, where there is one: half a line could be half a secret, which nobody would know again. */
function endPart(text: string): string {
  const whole = text.trim();
  const end = whole.slice(-MAX_OUTPUT);
  return end.length < whole.length ? end.slice(end.indexOf('\n') + 1) : end;
}

export async function runCommand(
  session: SshSession,
  { command, timeoutMs }: HostCommand,
  signal: AbortSignal,
): Promise<CommandEnd> {
  try {
    const { code, stdout, stderr } = await session.exec(command, { signal, timeoutMs });
    const written = `${stdout}${stderr}`;
    const output = endPart(plainText(written, Infinity));
    return { code, timedOut: false, output, shown: endPart(colouredText(written)) };
  } catch (error) {
    if (!(error instanceof SshError) || error.code !== 'SSH_TIMEOUT_COMMAND') throw error;
    return { code: null, timedOut: true, output: '', shown: '' };
  }
}

/** “ended with exit code 1: its last words”, without a full stop. */
export function endOf({ code, timedOut, output }: CommandEnd, { timeoutMs }: HostCommand): string {
  if (timedOut) return `did not end within ${timeoutMs / 1000} s`;
  const ended = code === null ? 'was ended by a signal' : `ended with exit code ${code}`;
  const words = plainLine(output.split('\n').slice(-2).join(' ')).replace(/[.:]$/u, '');
  return words ? `${ended}: ${words}` : ended;
}
