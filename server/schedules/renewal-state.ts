/** What certificate_renewal remembers between its runs, in the schedule's `state`. */
import type { JsonObject } from '../operations/contract.js';

/** What the CA's renewal information said of a certificate (RFC 9773 §4.2). Times are UTC ISO 8601. */
export type AriMoment = {
  certificateId: number;
  /** Null where the CA says nothing. */
  window: { start: string; end: string } | null;
  /** Drawn once for a window, and kept while the window stays. */
  chosenAt: string | null;
  checkAgainAt: string;
};

export type RenewalState = {
  ari: AriMoment | null;
  /** In a row, of operations that the schedule began. */
  failures: number;
  /** After a failure: not before then, and why in one sentence. */
  notBefore: string | null;
  because: string | null;
  /** The operation whose end is not yet counted. */
  lastOperationId: string | null;
};

export const NOTHING_YET: RenewalState = {
  ari: null,
  failures: 0,
  notBefore: null,
  because: null,
  lastOperationId: null,
};

/** A schedule that has never run has an empty state. */
export function readState(state: JsonObject): RenewalState {
  return { ...NOTHING_YET, ...(state as Partial<RenewalState>) };
}

/** Without what was remembered of failures. */
export function cleared({ ari }: RenewalState): RenewalState {
  return { ...NOTHING_YET, ari };
}
