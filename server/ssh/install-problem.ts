/** Why an install ended badly, on the way to the run that tells it. */
import type { JsonObject } from '../operations/contract.js';
import type { CertificateRun, InstallFailure } from '../platforms/contract.js';
import { SshError, type SshCode } from './errors.js';

export class InstallProblem extends Error {
  readonly code: InstallFailure;
  readonly detail: JsonObject;

  constructor(code: InstallFailure, message: string, detail: JsonObject = {}, cause?: unknown) {
    super(message, { cause });
    this.name = 'InstallProblem';
    this.code = code;
    this.detail = detail;
  }
}

const codes: Partial<Record<SshCode, InstallFailure>> = {
  SSH_SFTP_REFUSED: 'INSTALL_NOT_PERMITTED',
  SSH_SFTP_DISK_FULL: 'INSTALL_DISK_FULL',
  SSH_SFTP_FAILED: 'INSTALL_FAILED',
  SSH_CONNECTION_LOST: 'INSTALL_UNREACHABLE',
};

/** What happened on an open session, as a problem of the install; anything else as it is. */
export function problemOf(error: unknown): unknown {
  const code = error instanceof SshError ? codes[error.code] : undefined;
  return error instanceof SshError && code ? new InstallProblem(code, error.message, {}, error) : error;
}

/** Ends the run as failed where the work meets a foreseen problem. */
export async function telling<T>(run: CertificateRun, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const problem = problemOf(error);
    if (problem instanceof InstallProblem) return run.fail(problem.code, problem.message, problem.detail);
    throw problem;
  }
}
