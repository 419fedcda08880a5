/** A connection as the SSH code sees it, and a way there without an engine. */
import type { ConnectionTarget } from '../../server/connections/contract.js';
import type { PhaseRunner, SshOptions } from '../../server/ssh/contract.js';

export function targetOf(parts: Partial<ConnectionTarget>): ConnectionTarget {
  return {
    id: 7,
    name: 'web-12',
    platform: 'linux',
    hostname: '127.0.0.1',
    port: 22,
    username: 'nobody',
    services: [],
    hostKey: null,
    legacyAlgorithms: false,
    platformSettings: {},
    certificate: null,
    ...parts,
  };
}

/** Options that pin whatever is shown; `parts` replaces what a case is about. */
export function sshOptions(target: Partial<ConnectionTarget>, parts: Partial<SshOptions> = {}): SshOptions {
  const signal = parts.signal ?? new AbortController().signal;
  const phase: PhaseRunner = (_name, work) => work(signal);
  return {
    target: targetOf(target),
    credentials: { password: null, privateKey: null, passphrase: null },
    signal,
    phase,
    pin: (key) => Promise.resolve(key),
    ...parts,
  };
}
