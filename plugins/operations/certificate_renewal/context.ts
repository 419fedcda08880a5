/** What every part of the chain works with, and how a part fails. */
import type {
  Authority,
  CertificateDesk,
  CertificateSettings,
  StoredCertificate,
} from '../../../server/certificates/contract.js';
import type { JsonObject, OperationContext } from '../../../server/operations/contract.js';
import type { PlatformCertificate } from '../../../server/platforms/contract.js';
import type { OpenSession } from '../../../server/ssh/opener.js';
import { failures, type Failure } from './codes.js';
import type { Pacing } from './pacing.js';

export interface Params {
  preflight?: boolean;
}

/** There is no checkpoint: what a run goes on from is the row of the certificate, whichever operation began it. */
export type Context = OperationContext<Params>;

export interface Chain {
  context: Context;
  desk: CertificateDesk;
  settings: CertificateSettings;
  /** What the platform says of its certificates. */
  place: PlatformCertificate;
  authority: Authority;
  openSession: OpenSession;
  pacing: Pacing;
}

/** A chain whose certificate has a row. */
export interface Renewal extends Chain {
  certificate: StoredCertificate;
}

/** Ends the operation as failed. */
export function fail(context: Context, code: Failure, message: string, detail?: JsonObject): never {
  const { hint, retryable } = failures[code];
  if (detail) context.result({ detail });
  return context.fail(code, message, { hint, retryable });
}
