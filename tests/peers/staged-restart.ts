/** One restart on a real SSH server, without an engine: what it was told, and how it ended. */
import type { Credentials } from '../../server/connections/contract.js';
import type { JsonObject } from '../../server/operations/contract.js';
import type { RestartProof, RestartRun, SentRestart } from '../../server/platforms/contract.js';
import { openSession } from '../../server/ssh/session.js';
import { recordingRun, type RecordingOptions, type RestartFailed, type RestartRecord } from './restart-run.js';
import { sshOptions, targetOf } from './ssh-target.js';

export interface Staged extends Pick<RecordingOptions, 'onSend' | 'onPhase' | 'onMessage'> {
  restart(run: RestartRun): Promise<RestartProof>;
  service: string;
  port: number;
  username: string;
  credentials: Partial<Credentials>;
  settings?: JsonObject;
  sent?: SentRestart | null;
  signal?: AbortSignal;
}

export interface Outcome {
  record: RestartRecord;
  proof: RestartProof | null;
  failure: RestartFailed | null;
  /** Any other error. */
  error: Error | null;
}

export async function stagedRestart(staged: Staged): Promise<Outcome> {
  const { restart, service, port, username, settings = {}, signal = new AbortController().signal } = staged;
  const credentials = { password: null, privateKey: null, passphrase: null, ...staged.credentials };
  const connection = targetOf({ port, username, services: [service], platformSettings: settings });
  const { run, record } = recordingRun({
    connection,
    service,
    signal,
    sent: staged.sent ?? null,
    open: (inner) => openSession(sshOptions(connection, { credentials, signal: inner })),
    ...(staged.onSend && { onSend: staged.onSend }),
    ...(staged.onPhase && { onPhase: staged.onPhase }),
    ...(staged.onMessage && { onMessage: staged.onMessage }),
  });
  try {
    return { record, proof: await restart(run), failure: null, error: null };
  } catch (error) {
    return { record, proof: null, failure: record.failure, error: record.failure ? null : (error as Error) };
  }
}
