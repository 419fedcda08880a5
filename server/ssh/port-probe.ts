/** Whether a TCP port is served, seen from here: connected to and closed again, without a byte sent. */
import { pause } from './backoff.js';
import type { Deadline } from './deadline.js';
import { resolveHost } from './resolve.js';
import { connectTcp, type Reached } from './tcp.js';

export interface ProbeOptions {
  /** For the name and the connection together. Default: 5,000. */
  timeoutMs?: number;
  signal: AbortSignal;
}

/** The socket of a probe and the address that took it; whoever asks closes it. Throws as `probePort` does. */
export async function reachPort(host: string, port: number, options: ProbeOptions): Promise<Reached> {
  const limit = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs ?? 5_000)]);
  const addresses = await resolveHost(host, limit);
  return connectTcp(addresses, port, limit);
}

/**
 * Answers with the address that took the connection. Throws an `SshError` whose sentence says why none did
 * (SSH_REFUSED, SSH_UNREACHABLE, SSH_TIMEOUT_TCP, SSH_NAME_NOT_FOUND, …), or the reason of the caller's signal.
 */
export async function probePort(host: string, port: number, options: ProbeOptions): Promise<string> {
  const { socket, address } = await reachPort(host, port, options);
  socket.on('error', () => undefined);
  socket.destroy();
  return address;
}

export interface PortWait {
  signal: AbortSignal;
  deadline: Deadline;
  /** Between two attempts. Default: 500. */
  pollMs?: number;
}

/** Tries until the port is served; throws as `probePort` does, with the last reason, when the deadline has passed. */
export async function waitForPort(host: string, port: number, options: PortWait): Promise<string> {
  const { signal, deadline, pollMs = 500 } = options;
  for (;;) {
    try {
      // The last attempt gets a moment too, or a deadline that has just passed would hide a port that is served.
      return await probePort(host, port, { signal, timeoutMs: Math.min(5_000, Math.max(1_000, deadline.leftMs)) });
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.passed) throw error;
    }
    await pause(Math.min(pollMs, deadline.leftMs), signal);
  }
}
