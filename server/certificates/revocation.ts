/** Revoking a certificate at its CA, as an admin's decision. */
import { OperationError } from '../operations/errors.js';
import { problem } from '../problems/problems.js';
import type { CertificateDesk, StoredCertificate } from './contract.js';
import { splitPem } from './facts.js';

/** RFC 5280 §5.3.1, as far as an ACME CA lets a subscriber say it. */
export const REASONS = { unspecified: 0, keyCompromise: 1, superseded: 4, cessationOfOperation: 5 } as const;
export type Reason = keyof typeof REASONS;

const TIMEOUT_MS = 90_000;

export interface Revocation {
  certificateId: number;
  reason: Reason;
}

/** The leaf of a certificate that can be revoked; refuses all others. */
function leafOf({ status, chainPem }: StoredCertificate): string {
  const [leaf] = splitPem(chainPem ?? '');
  if (leaf === undefined) throw problem('CERTIFICATE_NOT_ISSUED');
  if (status === 'revoked') throw problem('CERTIFICATE_REVOKED');
  return leaf;
}

async function atTheCa(desk: CertificateDesk, { authorityId }: StoredCertificate, leaf: string, reason: Reason) {
  const options = { signal: AbortSignal.timeout(TIMEOUT_MS), log: () => undefined };
  try {
    const account = await desk.account(await desk.authority(authorityId), options);
    await account.revoke(leaf, REASONS[reason]);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const { message, hint, code } = error;
    throw problem('CA_REFUSED', { message, hint, members: { caCode: code }, cause: error });
  }
}

/** Revokes it at the CA that issued it, and notes that; harmless where the CA has revoked it before. */
export async function revoke(desk: CertificateDesk, certificate: StoredCertificate, reason: Reason): Promise<void> {
  await atTheCa(desk, certificate, leafOf(certificate), reason);
  await desk.store.change(certificate.id, { status: 'revoked' });
}
