/** One phase under its signal: an abort ends it at once, and a time-out says in which phase. */
import type { SshPhase } from './contract.js';
import { SshError, type SshCode } from './errors.js';

const timeoutCodes: Record<SshPhase | 'ready' | 'command', SshCode> = {
  resolve: 'SSH_TIMEOUT_RESOLVE',
  tcp: 'SSH_TIMEOUT_TCP',
  host_key: 'SSH_TIMEOUT_HOST_KEY',
  key_exchange: 'SSH_TIMEOUT_KEY_EXCHANGE',
  authenticate: 'SSH_TIMEOUT_AUTHENTICATE',
  ready: 'SSH_TIMEOUT_READY',
  command: 'SSH_TIMEOUT_COMMAND',
};

export type TimedPhase = keyof typeof timeoutCodes;

/** Why the signal aborted, as an error: the phase's own code for a time-out, else the reason itself. */
export function abortReason(phase: TimedPhase, signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (!(reason instanceof Error)) return new Error('The work was aborted.', { cause: reason });
  return reason.name === 'TimeoutError' ? new SshError(timeoutCodes[phase], undefined, { cause: reason }) : reason;
}

/** Settles as the work does, or at once when the signal aborts; whoever calls ends the abandoned work. */
export async function within<T>(phase: TimedPhase, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw abortReason(phase, signal);
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(abortReason(phase, signal));
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
