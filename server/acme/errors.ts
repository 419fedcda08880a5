/** How a step with a CA ends badly. */
import { OperationError } from '../operations/errors.js';
import { acmeCodes, type AcmeCode } from './codes.js';
import type { AcmeProblem } from './contract.js';

export interface AcmeErrorOptions {
  problem?: AcmeProblem | null;
  /** From when on the CA listens again: UTC, ISO 8601. */
  retryAt?: string | null;
  cause?: unknown;
}

/** A foreseen end; `message` replaces the table's sentence where more is known. */
export class AcmeError extends OperationError {
  declare readonly code: AcmeCode;
  /** In the CA's own words, where it gave any. */
  readonly problem: AcmeProblem | null;
  readonly retryAt: string | null;

  constructor(code: AcmeCode, message?: string, { problem, retryAt, cause }: AcmeErrorOptions = {}) {
    const { sentence, hint, retryable } = acmeCodes[code];
    super(code, message ?? sentence, { hint, retryable, cause });
    this.name = 'AcmeError';
    this.problem = problem ?? null;
    this.retryAt = retryAt ?? null;
  }
}
