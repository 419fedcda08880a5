/** A simulated appliance of its own for a test, sessions to it, and a world whose waits are short. */
import { once } from 'node:events';
import type { Test } from 'tap';
import { Appliance, type ApplianceOptions } from '../../../lab/vos/appliance.js';
import { sshOptions, targetOf } from '../../../tests/peers/ssh-target.js';
import type { ConnectionTarget } from '../../../server/connections/contract.js';
import type { SshSession } from '../../../server/ssh/contract.js';
import { openSession } from '../../../server/ssh/session.js';
import type { CliTiming } from './cli/timing.js';
import { realWorld, type World } from './world.js';

/** Five minutes of the appliance in half a second. */
const CLOCK = 600;

export const timing: CliTiming = {
  quietMs: 15,
  nudgeAfterMs: 250,
  readyTimeoutMs: 10_000,
  commandTimeoutMs: 10_000,
  exitTimeoutMs: 2_000,
};

export const world: World = { ...realWorld, cli: timing };

export interface Lab {
  appliance: Appliance;
  target: ConnectionTarget;
  /** Opens a session, which is closed at the end of the test. */
  open(signal?: AbortSignal): Promise<SshSession>;
  /** Resolves when no session and no connection is open any more. */
  quiet(): Promise<void>;
}

export async function startLab(t: Test, options: ApplianceOptions = {}): Promise<Lab> {
  const appliance = await Appliance.start({ clock: CLOCK, ...options });
  t.teardown(() => appliance.stop());
  const { sshPort: port, tlsPort: servedPort, username, password } = appliance;
  const target = targetOf({ platform: 'vos', port, username, platformSettings: { servedPort } });
  return {
    appliance,
    target,
    async open(signal = new AbortController().signal) {
      const credentials = { password, privateKey: null, passphrase: null };
      const session = await openSession(sshOptions(target, { credentials, signal }));
      t.teardown(() => session.close());
      return session;
    },
    async quiet() {
      while (appliance.sessions > 0) await once(appliance.events, 'sessions');
    },
  };
}
