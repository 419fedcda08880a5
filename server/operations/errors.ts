/** Why an operation ended badly: a code, one sentence, a hint. The engine's own codes stand here; a type brings its own. */
import type { OperationFailure } from './contract.js';

export interface OperationCode {
  sentence: string;
  hint: string | null;
  retryable: boolean;
}

export const operationCodes = {
  OP_CANCELLED: { sentence: 'The operation was cancelled.', hint: null, retryable: true },
  OP_TIMEOUT: {
    sentence: 'The operation did not end within its time limit.',
    hint: 'See in the log what was last seen, then retry.',
    retryable: true,
  },
  OP_STEP_TIMEOUT: {
    sentence: 'A step did not end within its time limit.',
    hint: 'See in the log what was last seen, then retry.',
    retryable: true,
  },
  OP_INTERRUPTED: {
    sentence: 'The server that ran this stopped before the end.',
    hint: 'Nothing runs any more; retry when you are ready.',
    retryable: true,
  },
  OP_TYPE_UNKNOWN: {
    sentence: 'No running server knows this operation type.',
    hint: 'Load the plugin that brings the type, then start the operation again.',
    retryable: false,
  },
  OP_CONNECTION_GONE: { sentence: 'The connection no longer exists.', hint: null, retryable: false },
  OP_PLATFORM_UNKNOWN: {
    sentence: 'No plugin brings the platform of this connection.',
    hint: 'Load the plugin that brings the platform, then retry.',
    retryable: false,
  },
  OP_CREDENTIALS_SEALED: {
    sentence: 'The stored credentials cannot be opened with the present key.',
    hint: 'Give the server the key that sealed them, or enter the credentials again.',
    retryable: false,
  },
  OP_OUTCOME_UNKNOWN: {
    sentence: 'Whether it was done on the machine can no longer be told.',
    hint: 'Look at the machine first; start again only where it was not done.',
    retryable: false,
  },
  OP_AWAITED_GONE: {
    sentence: 'The operation that was waited for is no longer stored.',
    hint: 'Look at the machine, then retry.',
    retryable: true,
  },
  OP_INTERNAL: {
    sentence: 'The operation failed for a reason that it did not foresee.',
    hint: 'The server log names this operation by its id and says why.',
    retryable: false,
  },
} as const satisfies Record<string, OperationCode>;

export type OperationCodeName = keyof typeof operationCodes;

/** A foreseen failure; whatever else is thrown ends as OP_INTERNAL and its text stays in the server's log. */
export class OperationError extends Error {
  readonly code: string;
  readonly hint: string | null;
  readonly retryable: boolean;

  constructor(
    code: string,
    message: string,
    options: { hint?: string | null; retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OperationError';
    this.code = code;
    this.hint = options.hint ?? null;
    this.retryable = options.retryable ?? false;
  }
}

/** One of the engine's own failures; `message` replaces the table's sentence where more is known. */
export function operationError(code: OperationCodeName, message?: string, cause?: unknown): OperationError {
  const { sentence, hint, retryable } = operationCodes[code];
  return new OperationError(code, message ?? sentence, { hint, retryable, cause });
}

export function failureOf(error: OperationError): OperationFailure {
  return { code: error.code, message: error.message, hint: error.hint, retryable: error.retryable };
}
