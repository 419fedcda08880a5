/** Why a backup or a restore was not made, and what an operation is told that a restore has ended. */
import type { OperationCode } from '../operations/errors.js';

/** One sentence for the person at the terminal, and what to do where that is known. Nothing was changed. */
export class KeepingError extends Error {
  override name = 'KeepingError';
  readonly hint: string | null;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint ?? null;
  }
}

export const keepingCodes = {
  OP_RESTORED: {
    sentence: 'A backup was restored; whether this was done since is not known.',
    hint: 'Look at the machine first; start again only where it was not done.',
    retryable: false,
  },
} as const satisfies Record<string, OperationCode>;
