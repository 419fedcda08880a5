/** How one certificate stands: whether it needs somebody, is being renewed, or will be. */
import type { CertificateSummary, EndpointState } from '../../../server/certificates/contract.js';
import type { Operation } from '../../client/contract.js';
import { dayMs } from './moments.js';

/** Where nothing says how long it lives, this much left is little. */
const littleMs = 30 * dayMs;
/** A renewal is usual when this much of the lifetime is left; later, something is amiss. */
const shareLeft = 1 / 3;

/** `wrong`: another chain or other names than wanted are served. `unplanned`: it ends soon, or is missing, and nothing comes in time. */
export type Standing = 'expired' | 'failed' | 'wrong' | 'unplanned' | 'renewing' | 'calm';

export interface ExpiryLine {
  certificate: CertificateSummary;
  standing: Standing;
  /** Ms since the epoch; null where no certificate is known. */
  endsAt: number | null;
  /** When the next renewal runs by itself; null: none is planned. */
  plannedAt: number | null;
  /** The newest renewal, where it is active or failed. */
  renewal: Operation | null;
  /** The endpoint that serves something else than wanted, or that was not reached. */
  amiss: EndpointState | null;
}

/** Those that wait for a person. */
export const needsSomebody = ({ standing }: ExpiryLine): boolean => standing !== 'renewing' && standing !== 'calm';

/** Its renewal has its turn later: nothing is done yet. */
export const isWaiting = ({ renewal }: ExpiryLine): boolean => renewal?.status === 'pending';

const momentIn = (at: string | null | undefined): number | null => (at == null ? null : Date.parse(at));

/** A failure that a later certificate has made good is over. */
function failedSince({ notBefore }: CertificateSummary, renewal: Operation | null): boolean {
  if (renewal?.status !== 'failed') return false;
  const issuedAt = momentIn(notBefore);
  return issuedAt === null || issuedAt < Date.parse(renewal.completedAt ?? renewal.updatedAt);
}

function isLate({ endsAt, plannedAt, certificate }: Omit<ExpiryLine, 'standing'>, now: number): boolean {
  if (endsAt === null) return plannedAt === null;
  if (plannedAt !== null) return plannedAt >= endsAt;
  const from = momentIn(certificate.notBefore);
  return endsAt - now < (from === null ? littleMs : (endsAt - from) * shareLeft);
}

function standingOf(line: Omit<ExpiryLine, 'standing'>, now: number): Standing {
  const { certificate, endsAt, renewal, amiss } = line;
  if (renewal && renewal.completedAt === null) return 'renewing';
  if (endsAt !== null && endsAt <= now) return 'expired';
  if (failedSince(certificate, renewal) || (certificate.next?.failures ?? 0) > 0) return 'failed';
  if (certificate.wanted && amiss !== null && amiss.notAfter !== null) return 'wrong';
  return isLate(line, now) ? 'unplanned' : 'calm';
}

/** `now` in ms since the epoch. */
export function lineOf(certificate: CertificateSummary, renewal: Operation | null, now: number): ExpiryLine {
  const { endpoints, next } = certificate;
  const amiss = endpoints.filter(({ failure }) => failure !== null);
  const known = {
    certificate,
    endsAt: momentIn(certificate.notAfter),
    plannedAt: next?.automatic ? momentIn(next.runsAt) : null,
    renewal: renewal?.completedAt === null || renewal?.status === 'failed' ? renewal : null,
    amiss: amiss.find(({ notAfter }) => notAfter !== null) ?? amiss[0] ?? null,
  };
  return { ...known, standing: standingOf(known, now) };
}

const order = (a: ExpiryLine, b: ExpiryLine): number =>
  Number(needsSomebody(b)) - Number(needsSomebody(a)) ||
  (a.endsAt ?? Infinity) - (b.endsAt ?? Infinity) ||
  a.certificate.connection.id - b.certificate.connection.id;

/** Those that wait for somebody first, then by their end; those of which no end is known last. */
export function linesOf(
  certificates: readonly CertificateSummary[],
  renewals: ReadonlyMap<number, Operation>,
  now: number,
): ExpiryLine[] {
  return certificates.map((one) => lineOf(one, renewals.get(one.connection.id) ?? null, now)).sort(order);
}
