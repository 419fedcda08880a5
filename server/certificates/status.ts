/** How a certificate's status moves along: never back, and never out of an end. */
import type { CertificateStatus, StoredCertificate } from './contract.js';

const MOVES: Record<CertificateStatus, readonly CertificateStatus[]> = {
  planned: ['finalizing', 'abandoned'],
  finalizing: ['issued', 'abandoned'],
  issued: ['installed', 'served', 'superseded', 'revoked'],
  installed: ['served', 'superseded', 'revoked'],
  served: ['superseded', 'revoked'],
  superseded: ['revoked'],
  abandoned: [],
  revoked: [],
};

/** Issued, and not replaced or taken back since. */
export const IN_USE: readonly CertificateStatus[] = ['issued', 'installed', 'served'];

/** Throws where the certificate can't come to this status from its own; its own again is no move. */
export function assertMove({ id, status }: StoredCertificate, next: CertificateStatus): void {
  if (next === status || MOVES[status].includes(next)) return;
  const expected = MOVES[status].length > 0 ? MOVES[status].join(' or ') : 'no other status';
  throw new Error(`certificate ${id}: expected ${expected} after ${status}, got ${next}`);
}
