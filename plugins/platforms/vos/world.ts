/** What the platform needs of the world; another one in tests. */
import { pause } from '../../../server/ssh/backoff.js';
import { probeTls, type ShownCertificate } from '../../../server/ssh/tls-probe.js';
import type { ProbeOptions } from '../../../server/ssh/port-probe.js';
import { certmgrTiming, type CertmgrTiming } from './certificate/timing.js';
import { cliTiming, type CliTiming } from './cli/timing.js';

export interface World {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after the time; rejects with the signal's reason. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
  /** The certificate that a port serves, by a handshake and nothing more; throws where none is served. */
  probeTls(host: string, port: number, options: ProbeOptions): Promise<ShownCertificate>;
  cli: CliTiming;
  certmgr: CertmgrTiming;
}

export const realWorld: World = {
  now: () => Date.now(),
  sleep: pause,
  probeTls,
  cli: cliTiming,
  certmgr: certmgrTiming,
};
