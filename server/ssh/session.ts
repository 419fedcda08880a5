/** The way to a verified, authenticated session; each phase under the caller's eyes and time-out. */
import type { ParsedKey } from 'ssh2';
import { agreed } from './algorithms.js';
import { Authentication } from './authentication.js';
import type { PhaseRunner, ShownKey, SshAlgorithms, SshOptions, SshSession } from './contract.js';
import { SshError } from './errors.js';
import { exec } from './exec.js';
import { hostKeyChanged, sameKey, shownKey } from './host-key.js';
import { Link } from './link.js';
import { within } from './phase.js';
import { readPrivateKey } from './private-key.js';
import { resolveHost } from './resolve.js';
import { openFiles } from './sftp.js';
import { openShell } from './shell.js';
import { connectTcp } from './tcp.js';

/** Waits for the key; a changed one is refused here, before the handshake goes on and long before any credential. */
async function checkHostKey(link: Link, { target, pin }: SshOptions): Promise<{ key: ShownKey; pinned: boolean }> {
  await link.start();
  const key = shownKey(await link.shown.promise);
  if (!target.hostKey) return { key, pinned: false };
  if (sameKey(target.hostKey, key)) return { key, pinned: true };
  // A person may have accepted it a moment ago.
  const now = await pin(key);
  if (!sameKey(now, key)) throw hostKeyChanged(target, now, key);
  return { key, pinned: true };
}

/** Ends the key exchange; a first key is pinned only now that the host has proven to hold it. */
async function exchangeKeys(link: Link, { target, pin }: SshOptions, key: ShownKey, pinned: boolean) {
  link.acceptHostKey();
  const algorithms = agreed(await link.exchanged.promise);
  if (pinned) return algorithms;
  const now = await pin(key);
  if (!sameKey(now, key)) throw hostKeyChanged(target, now, key);
  return algorithms;
}

/** Parsed before anything is sent, so that a bad key never counts as a failed sign-in. */
async function identityKey({ credentials }: SshOptions, signal: AbortSignal): Promise<ParsedKey | null> {
  const { default: ssh2 } = await import('ssh2');
  const key = await readPrivateKey(credentials, ssh2.utils.parseKey, signal);
  if (!key && credentials.password === null) throw new SshError('SSH_NO_CREDENTIALS');
  return key;
}

async function authenticate(link: Link, options: SshOptions, signal: AbortSignal): Promise<string> {
  const { target, credentials } = options;
  const key = await identityKey(options, signal);
  const identity = { username: target.username, key, password: credentials.password };
  const authentication = new Authentication(identity, (error) => link.fail(error));
  link.authenticate(authentication);
  await link.ready.promise;
  return authentication.method;
}

interface Way {
  address: string;
  hostKey: ShownKey;
  algorithms: SshAlgorithms;
  authMethod: string;
}

async function goThere(link: Link, options: SshOptions): Promise<Way> {
  const { target, note = () => undefined } = options;
  const phase: PhaseRunner = (name, work) =>
    options.phase(name, (signal) => work(AbortSignal.any([signal, options.signal])));
  const addresses = await phase('resolve', (signal) => resolveHost(target.hostname, signal));
  if (addresses[0] !== target.hostname) note(`Resolved ${target.hostname} to ${addresses.join(', ')}`);
  const address = await phase('tcp', async (signal) => {
    const reached = await connectTcp(addresses, target.port, signal);
    link.attach(reached.socket);
    return reached.address;
  });
  note(`Connected to ${address} port ${target.port}`);
  const { key, pinned } = await phase('host_key', (signal) =>
    within('host_key', signal, () => checkHostKey(link, options)).catch((error: unknown) => {
      throw explained(error, link, options);
    }),
  );
  note(`Host key ${key.type} ${key.fingerprint}`);
  const algorithms = await phase('key_exchange', (signal) =>
    within('key_exchange', signal, () => exchangeKeys(link, options, key, pinned)),
  );
  note(`Key exchange ${algorithms.kex}, cipher ${algorithms.cipher}, MAC ${algorithms.mac ?? 'implicit'}`);
  const authMethod = await phase('authenticate', (signal) =>
    within('authenticate', signal, () => authenticate(link, options, signal)),
  );
  note(`Authenticated as ${target.username} by ${authMethod}`);
  return { address, hostKey: key, algorithms, authMethod };
}

/** Who sends something other than SSH and then waits is not slow but no SSH server. */
function explained(error: unknown, link: Link, { target }: SshOptions): unknown {
  const timedOut = error instanceof SshError && error.code === 'SSH_TIMEOUT_HOST_KEY';
  if (!timedOut || !link.identification.heard || link.identification.line !== null) return error;
  return new SshError('SSH_NOT_SSH', `What answers on port ${target.port} does not speak SSH.`, { cause: error });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The session was aborted.', { cause: reason });
}

function sessionOf(link: Link, way: Way, signal: AbortSignal): SshSession {
  const abort = () => link.fail(asError(signal.reason));
  signal.addEventListener('abort', abort, { once: true });
  return {
    ...way,
    identification: link.identification.line ?? '',
    banner: link.banner,
    exec: (command, options) => exec(link, command, options),
    shell: (options) => openShell(link, options),
    sftp: ({ signal: limit }) => openFiles(link, limit),
    close() {
      signal.removeEventListener('abort', abort);
      link.close();
    },
  };
}

/**
 * Opens a session to a connection. Throws `SshError` with a code of server/ssh/errors.ts, or the reason of the signal
 * that aborted; in both cases no socket stays behind.
 */
export async function openSession(options: SshOptions): Promise<SshSession> {
  const link = new Link(options.target);
  try {
    return sessionOf(link, await goThere(link, options), options.signal);
  } catch (error) {
    link.fail(asError(error));
    throw error;
  }
}
