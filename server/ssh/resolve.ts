/** A hostname to all its addresses, in the order in which the system prefers them. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { SshError } from './errors.js';
import { within } from './phase.js';

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Resolves by the system's own means (hosts file, DNS); an IP address passes as it is. */
export async function resolveHost(hostname: string, signal: AbortSignal): Promise<string[]> {
  const literal = hostname.replace(/^\[(.*)\]$/u, '$1');
  if (isIP(literal)) return [literal];
  try {
    const found = await within('resolve', signal, () => lookup(hostname, { all: true }));
    return [...new Set(found.map(({ address }) => address))];
  } catch (cause) {
    if (signal.aborted) throw cause;
    if (hasCode(cause, 'EAI_AGAIN'))
      throw new SshError('SSH_NAME_NOT_FOUND', `No name server could say what the address of ${hostname} is.`, {
        hint: 'Check the name servers of the machine that runs Signalbox.',
        retryable: true,
        cause,
      });
    throw new SshError('SSH_NAME_NOT_FOUND', `${hostname} has no address.`, { cause });
  }
}
