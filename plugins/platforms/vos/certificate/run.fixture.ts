/** A certificate run without an engine, and a world whose waits are short. */
import { X509Certificate } from 'node:crypto';
import type { ConnectionTarget } from '../../../../server/connections/contract.js';
import type { JsonObject } from '../../../../server/operations/contract.js';
import type { CertificateRun, InstallFailure, InstallRun } from '../../../../server/platforms/contract.js';
import { world as labWorld } from '../lab.fixture.js';
import type { World } from '../world.js';
import type { CertmgrTiming } from './timing.js';

export const timing: CertmgrTiming = {
  connectTimeoutMs: 5_000,
  readTimeoutMs: 5_000,
  writeTimeoutMs: 10_000,
  patienceMs: 20_000,
  checkPatienceMs: 40,
  firstRetryMs: 10,
  mostRetryMs: 40,
};

export const worldOf = (parts: Partial<CertmgrTiming> = {}): World => ({
  ...labWorld,
  certmgr: { ...timing, ...parts },
});

/** What `run.fail` threw. */
export class InstallFailed extends Error {
  readonly code: InstallFailure;
  readonly detail: JsonObject | undefined;

  constructor(code: InstallFailure, message: string, detail?: JsonObject) {
    super(message);
    this.name = 'InstallFailed';
    this.code = code;
    this.detail = detail;
  }
}

export interface RunOptions {
  connection: ConnectionTarget;
  password: string | null;
  install?: JsonObject;
  knownFingerprints?: string[];
  signal?: AbortSignal;
  /** Called with each message. */
  onMessage?(text: string): void;
}

/** `log` and `messages` fill while it runs. */
export function certificateRun(options: RunOptions) {
  const { connection, password, install = {}, knownFingerprints = [], signal, onMessage } = options;
  const log: string[] = [];
  const messages: string[] = [];
  const run: CertificateRun = {
    connection,
    install,
    knownFingerprints,
    signal: signal ?? new AbortController().signal,
    log: (text) => void log.push(text),
    message: (text) => {
      messages.push(text);
      onMessage?.(text);
    },
    open: () => Promise.reject(new Error('Nothing here needs a session.')),
    login: () => Promise.resolve({ username: connection.username, password }),
    fail: (code, message, detail) => {
      throw new InstallFailed(code, message, detail);
    },
  };
  return { run, log, messages };
}

export interface Issued {
  leafPem: string;
  chainPems: string[];
  rootPems: string[];
}

export function installRun(run: CertificateRun, issued: Issued): InstallRun {
  const { serialNumber } = new X509Certificate(issued.leafPem);
  const served = () => Promise.reject(new Error('Whether it is served is asked after the restart.'));
  return { ...run, certificate: { id: '7', keyPem: null, serialNumber, ...issued }, served };
}
