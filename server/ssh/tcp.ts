/** A TCP connection to the first address that takes it. */
import { connect, type Socket } from 'node:net';
import { SshError, type SshCode } from './errors.js';
import { abortReason } from './phase.js';

/** How long an address may stay silent while there are others to try. */
const ATTEMPT_TIMEOUT_MS = 5_000;
const KEEPALIVE_DELAY_MS = 10_000;

const codes: Record<string, SshCode> = {
  ECONNREFUSED: 'SSH_REFUSED',
  ECONNRESET: 'SSH_REFUSED',
  ETIMEDOUT: 'SSH_TIMEOUT_TCP',
};

function tcpError(cause: NodeJS.ErrnoException, address: string, port: number): SshError {
  const code = codes[cause.code ?? ''] ?? 'SSH_UNREACHABLE';
  const sentences: Partial<Record<SshCode, string>> = {
    SSH_REFUSED: `${address} refused the connection on port ${port}.`,
    SSH_UNREACHABLE: `There is no way to ${address} (${cause.code ?? 'no reason given'}).`,
    SSH_TIMEOUT_TCP: `${address} did not answer on port ${port}.`,
  };
  return new SshError(code, sentences[code], { cause });
}

interface Attempt {
  address: string;
  port: number;
  signal: AbortSignal;
  timeoutMs: number | null;
}

function attempt({ address, port, signal, timeoutMs }: Attempt): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEPALIVE_DELAY_MS,
    });
    const abort = () => fail(abortReason('tcp', signal));
    const quiet = () => fail(new SshError('SSH_TIMEOUT_TCP', `${address} did not answer on port ${port}.`));
    const timer = timeoutMs === null ? null : setTimeout(quiet, timeoutMs);
    const settle = () => {
      if (timer) clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: Error) => {
      settle();
      socket.destroy();
      reject(error);
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', (cause) => fail(tcpError(cause, address, port)));
    socket.once('connect', () => {
      settle();
      resolve(socket);
    });
  });
}

/** An address that refuses says more than one that is silent or out of reach. */
function mostTelling(errors: Error[]): Error {
  const refused = errors.find((error) => error instanceof SshError && error.code === 'SSH_REFUSED');
  return refused ?? errors.at(-1) ?? new SshError('SSH_UNREACHABLE');
}

export interface Reached {
  socket: Socket;
  address: string;
}

/** Tries the addresses in turn; an abort ends it at once and leaves no socket. */
export async function connectTcp(addresses: string[], port: number, signal: AbortSignal): Promise<Reached> {
  const errors: Error[] = [];
  for (const [index, address] of addresses.entries()) {
    if (signal.aborted) throw abortReason('tcp', signal);
    const timeoutMs = index === addresses.length - 1 ? null : ATTEMPT_TIMEOUT_MS;
    try {
      return { address, socket: await attempt({ address, port, signal, timeoutMs }) };
    } catch (error) {
      if (signal.aborted || !(error instanceof Error)) throw error;
      errors.push(error);
    }
  }
  throw mostTelling(errors);
}
