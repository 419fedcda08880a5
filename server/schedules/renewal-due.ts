/** From when on a renewal is due, and why. Nothing here assumes how long certificates live. */
import type { CertificateSettings, CertificateView, PlannedRenewal } from '../certificates/contract.js';
import type { ScheduleTimes } from './contract.js';
import { share } from './jitter.js';
import { around, nextDue } from './next-due.js';
import type { AriMoment } from './renewal-state.js';

/** ±10 % of the third, always the same for a certificate. */
const JITTER = 0.1;

/** What is wanted, stored and served, as the view shows it. */
export type RenewalFacts = Pick<CertificateView, 'settings' | 'stored' | 'served'>;
export type Stored = RenewalFacts['stored'][number];

export interface Due {
  /** Epoch ms. */
  at: number;
  reason: NonNullable<PlannedRenewal['reason']>;
}

const sameNames = (a: string[], b: string[]): boolean =>
  JSON.stringify([...new Set(a)].sort()) === JSON.stringify([...new Set(b)].sort());

/** Whether another one was seen since it was served; an endpoint that was not reached says nothing. */
export function isReplaced({ serialNumber, updatedAt }: Stored, served: RenewalFacts['served']): boolean {
  return served.some(
    ({ certificate, seenAt }) =>
      certificate !== null && seenAt > updatedAt && certificate.serialNumber !== serialNumber,
  );
}

const IN_USE: readonly Stored['status'][] = ['issued', 'installed', 'served'];

/** Our newest certificate with the names that are wanted, where it is served; null where it is to be made or brought there. */
export function ourServed({ stored }: RenewalFacts, settings: CertificateSettings): Stored | null {
  const newest = stored.find(({ status }) => IN_USE.includes(status));
  if (newest?.status !== 'served' || !newest.notBefore || !newest.notAfter) return null;
  return sameNames(newest.names, settings.names) ? newest : null;
}

/** A third of the lifetime before its end, moved by up to a tenth of that third. */
export function lifetimeDue(connectionId: number, { notBefore, notAfter, serialNumber }: Stored): number {
  const [start, end] = [Date.parse(notBefore ?? ''), Date.parse(notAfter ?? '')];
  const moved = 1 + (2 * share(connectionId, serialNumber ?? '') - 1) * JITTER;
  return Math.round(end - ((end - start) / 3) * moved);
}

/** Where the schedule's own moments miss what is left until `latest`, the last one before that counts. */
function movedUp(at: number, latest: number, times: ScheduleTimes, now: number): number {
  const from = Math.max(at, now);
  if (latest < from || nextDue(times, from - 1) <= latest) return at;
  return around(times, now - 1, latest).last ?? at;
}

/** `now` is the moment that counts as present: a run's own due time where it is one of the schedule's. Epoch ms. */
export function dueOf(
  connectionId: number,
  certificate: Stored | null,
  { ari, times, now }: { ari: AriMoment | null; times: ScheduleTimes; now: number },
): Due {
  if (!certificate) return { at: now, reason: 'missing' };
  const end = Date.parse(certificate.notAfter ?? '');
  const chosen = ari?.certificateId === certificate.id && ari.chosenAt ? Date.parse(ari.chosenAt) : null;
  // A window after the end is no help: what is left of the lifetime counts.
  if (chosen === null || chosen >= end)
    return { at: movedUp(lifetimeDue(connectionId, certificate), end, times, now), reason: 'lifetime' };
  return { at: movedUp(chosen, Math.min(end, Date.parse(ari?.window?.end ?? '')), times, now), reason: 'ari' };
}
