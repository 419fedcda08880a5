/** What ssh2 reports, in its own words and at its own moments, as one of our codes. */
import type { ConnectionTarget } from '../connections/contract.js';
import type { OfferedLists } from './algorithms.js';
import { saysLocked, type Authentication } from './authentication.js';
import { SshError } from './errors.js';

/** How far the way was gone when it ended. */
export interface Progress {
  target: ConnectionTarget;
  /** Whether the host sent anything. */
  heard: boolean;
  identified: boolean;
  exchanged: boolean;
  ready: boolean;
  lists: OfferedLists;
  authentication: Authentication | null;
}

interface Ssh2Error extends Error {
  level?: string;
  /** A number is the reason of the host's own DISCONNECT (RFC 4253 §11.1), whose text is then the message. */
  code?: string | number;
}

const TOO_MANY_CONNECTIONS = 12;

function notSsh({ target, heard }: Progress, cause?: unknown): SshError {
  if (heard) return new SshError('SSH_NOT_SSH', `What answers on port ${target.port} does not speak SSH.`, { cause });
  return new SshError('SSH_NOT_SSH', `Port ${target.port} takes the connection and closes it at once.`, {
    hint: 'Correct the port, or check whether the host limits who may connect or how many at a time.',
    retryable: true,
    cause,
  });
}

function lost({ target, exchanged, ready, authentication }: Progress, cause?: unknown): SshError {
  if (ready) return new SshError('SSH_CONNECTION_LOST', `The connection to ${target.hostname} was lost.`, { cause });
  if (!exchanged)
    return new SshError('SSH_CONNECTION_LOST', 'The host closed the connection during the key exchange.', { cause });
  return new SshError('SSH_CONNECTION_LOST', 'The host closed the connection during the sign-in.', {
    hint: 'Look into the SSH log of the host for the reason.',
    // A password that was sent may already count as failed.
    retryable: authentication?.passwordSent !== true,
    cause,
  });
}

/** The host said goodbye with a reason. */
function disconnected(progress: Progress, error: Ssh2Error): SshError {
  if (/too many authentication failures/iu.test(error.message))
    return new SshError('SSH_TOO_MANY_FAILURES', undefined, { cause: error });
  if (progress.exchanged && !progress.ready && saysLocked(error.message))
    return new SshError('SSH_ACCOUNT_LOCKED', undefined, { cause: error });
  if (error.code === TOO_MANY_CONNECTIONS)
    return new SshError('SSH_CONNECTION_LOST', 'The host takes no more connections at the moment.', { cause: error });
  return lost(progress, error);
}

function handshakeFailed(progress: Progress, error: Ssh2Error): SshError {
  if (/no matching/iu.test(error.message)) return progress.lists.failure(progress.target.legacyAlgorithms, error);
  if (/signature/iu.test(error.message)) return new SshError('SSH_HOST_KEY_UNPROVEN', undefined, { cause: error });
  return new SshError('SSH_KEY_EXCHANGE_FAILED', undefined, { cause: error });
}

/** Maps an `error` of ssh2's client. */
export function failureOf(error: Ssh2Error, progress: Progress): SshError {
  if (error instanceof SshError) return error;
  if (!progress.identified) return notSsh(progress, error);
  if (error.level === 'handshake') return handshakeFailed(progress, error);
  if (typeof error.code === 'number') return disconnected(progress, error);
  if (error.level === 'client-authentication') return new SshError('SSH_AUTH_REFUSED', undefined, { cause: error });
  if (error.level === 'client-timeout')
    return new SshError('SSH_CONNECTION_LOST', 'The host stopped answering.', { cause: error });
  if (!progress.exchanged && error.level !== 'client-socket')
    return new SshError('SSH_KEY_EXCHANGE_FAILED', undefined, { cause: error });
  return lost(progress, error);
}

/** Maps a `close` that no error came before. */
export function closedFailure(progress: Progress): SshError {
  if (!progress.identified) return notSsh(progress);
  return progress.authentication?.locked ? new SshError('SSH_ACCOUNT_LOCKED') : lost(progress);
}
