/** How a run ended: one place decides what is stored for each way that it can stop. */
import type { JsonObject, OperationFailure } from '../contract.js';
import { failureOf, OperationError, operationError } from '../errors.js';
import { isTimeout } from './time-limit.js';

/** Why a run's signal was aborted, beside its time limit. */
export class StopReason extends Error {
  readonly kind: 'cancelled' | 'shutdown' | 'lost';
  readonly by: string | null;

  constructor(kind: StopReason['kind'], by: string | null = null) {
    super(`The run was stopped: ${kind}.`);
    this.name = 'AbortError';
    this.kind = kind;
    this.by = by;
  }
}

export type Outcome =
  | { status: 'completed'; result: JsonObject }
  | { status: 'failed' | 'cancelled'; failure: OperationFailure; unforeseen?: unknown }
  /** Nothing may be stored: another node holds the row. */
  | { status: 'lost' }
  /** The lease is ended, and any node may go on from the checkpoint. */
  | { status: 'released' };

const failed = (error: OperationError, unforeseen?: unknown): Outcome => ({
  status: 'failed',
  failure: failureOf(error),
  ...(unforeseen === undefined ? {} : { unforeseen }),
});

export interface Ending {
  reason: unknown;
  resumable: boolean;
  timeoutMs: number;
  /** The title of the step that was running. */
  lastStep: string | null;
}

function cancelled(by: string | null): Outcome {
  const error = operationError('OP_CANCELLED', by ? `Cancelled by ${by}.` : undefined);
  return { status: 'cancelled', failure: failureOf(error) };
}

function stopped(reason: StopReason, resumable: boolean): Outcome {
  if (reason.kind === 'lost') return { status: 'lost' };
  if (reason.kind === 'cancelled') return cancelled(reason.by);
  if (resumable) return { status: 'released' };
  return failed(operationError('OP_INTERRUPTED', 'The server was stopped before the operation had ended.'));
}

/** What a rejected run means. The signal's reason counts first: whatever an aborted run throws is a consequence of it. */
export function outcomeOf(error: unknown, ending: Ending): Outcome {
  const { reason, resumable, timeoutMs, lastStep } = ending;
  if (reason instanceof StopReason) return stopped(reason, resumable);
  if (isTimeout(reason)) {
    const where = lastStep ? `; the last step was “${lastStep}”` : '';
    const seconds = Math.round(timeoutMs / 1000);
    return failed(operationError('OP_TIMEOUT', `The operation did not end within ${seconds} s${where}.`));
  }
  if (error instanceof OperationError) return failed(error);
  return failed(operationError('OP_INTERNAL'), error);
}
