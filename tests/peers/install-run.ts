/** An install without an engine: what it was told, and how it ended. */
import type { ConnectionTarget, Credentials } from '../../server/connections/contract.js';
import type { JsonObject, LogStream } from '../../server/operations/contract.js';
import type { CertificateRun, InstallFailure, InstallReport, InstallRun } from '../../server/platforms/contract.js';
import type { SshSession } from '../../server/ssh/contract.js';
import { openSession } from '../../server/ssh/session.js';
import type { Pair } from './key-pair.js';
import { sshOptions, targetOf } from './ssh-target.js';

/** What `run.fail` threw. */
export class InstallFailed extends Error {
  readonly code: InstallFailure;
  readonly detail: JsonObject;

  constructor(code: InstallFailure, message: string, detail: JsonObject) {
    super(message);
    this.name = 'InstallFailed';
    this.code = code;
    this.detail = detail;
  }
}

export interface InstallRecord {
  messages: string[];
  /** `in nginx -t`, `out …`: stream and text, in order. */
  log: string[];
  failure: InstallFailed | null;
  /** Sessions opened so far, and those of them that have not been closed. */
  opened: number;
  unclosed: number;
}

export interface StagedInstall {
  port: number;
  username: string;
  credentials: Partial<Credentials>;
  install: JsonObject;
  target?: Partial<ConnectionTarget>;
  signal?: AbortSignal;
  pair?: Pair;
  id?: string;
  served?: InstallRun['served'];
  /** What stands between the platform and the real session. */
  wrap?(session: SshSession): SshSession;
}

export interface InstallOutcome<T> {
  record: InstallRecord;
  value: T | null;
  failure: InstallFailed | null;
  /** Any other error. */
  error: Error | null;
}

function runOf(staged: StagedInstall, record: InstallRecord): CertificateRun {
  const { port, username, signal = new AbortController().signal, wrap = (session) => session } = staged;
  const credentials = { password: null, privateKey: null, passphrase: null, ...staged.credentials };
  const connection = targetOf({ port, username, ...staged.target });
  return {
    signal,
    connection,
    install: staged.install,
    knownFingerprints: [],
    async open(inner) {
      const session = wrap(await openSession(sshOptions(connection, { credentials, signal: inner })));
      record.opened += 1;
      record.unclosed += 1;
      let open = true;
      const close = () => {
        if (open) record.unclosed -= 1;
        open = false;
        session.close();
      };
      return { ...session, close };
    },
    login: () => Promise.resolve({ username, password: credentials.password }),
    message: (text) => void record.messages.push(text),
    log: (text: string, stream: LogStream = 'note') => void record.log.push(`${stream} ${text}`),
    fail(code, message, detail = {}) {
      record.failure = new InstallFailed(code, message, detail);
      throw record.failure;
    },
  };
}

/** Runs one of a platform's certificate parts. */
export async function staged<T>(
  options: StagedInstall,
  work: (run: CertificateRun) => Promise<T>,
): Promise<InstallOutcome<T>> {
  const record: InstallRecord = { messages: [], log: [], failure: null, opened: 0, unclosed: 0 };
  try {
    return { record, value: await work(runOf(options, record)), failure: null, error: null };
  } catch (error) {
    return { record, value: null, failure: record.failure, error: record.failure ? null : (error as Error) };
  }
}

/** Runs `installCertificate`. */
export function stagedInstall(
  install: (run: InstallRun) => Promise<InstallReport>,
  options: StagedInstall & { pair: Pair },
): Promise<InstallOutcome<InstallReport>> {
  const { pair, id = 'cert-1', served = () => Promise.resolve({ served: true, instead: '' }) } = options;
  return staged(options, (run) => install({ ...run, certificate: { ...pair, id, rootPems: [] }, served }));
}
