import type { CertificateView } from '../../../server/certificates/contract.js';
import { format } from '../../localisation/format.js';
import { msg, str } from '../../localisation/door.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** From here on somebody should look, */
const dueDays = 30;
/** unless the certificate is made to live shortly: renewals come when a third of the lifetime is left. */
const dueShare = 1 / 3;

/** The type whose end makes a certificate another one; only its name is known here. */
export const renewalType = 'certificate_renewal';

/** When a connection's certificate ends, and whether it renews before. */
export interface CertificateEnd {
  notBefore: string | null;
  notAfter: string;
  /** When the next renewal runs by itself; null: nothing is planned. */
  renewsAt: string | null;
}

type Span = { notBefore: string | null; notAfter: string | null };

const inUse: ReadonlySet<string> = new Set(['served', 'installed', 'issued']);

/** Of all that is served the one that ends first; what is stored only where nothing was seen yet. */
export function endOf({ served, stored, next }: CertificateView): CertificateEnd | null {
  const seen: Span[] = served.flatMap(({ certificate }) => certificate ?? []);
  const spans = seen.length > 0 ? seen : stored.filter(({ status }) => inUse.has(status)).slice(0, 1);
  const ends = spans.flatMap(({ notBefore, notAfter }) => (notAfter === null ? [] : [{ notBefore, notAfter }]));
  const [first] = ends.sort((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter));
  return first ? { ...first, renewsAt: next?.automatic ? next.runsAt : null } : null;
}

const leftMs = ({ notAfter }: CertificateEnd, now: number): number => Date.parse(notAfter) - now;

/** Whether it ends within 30 days, and within the last third of its life. */
export function isDue(end: CertificateEnd, now: number): boolean {
  const left = leftMs(end, now);
  const life = end.notBefore === null ? Infinity : Date.parse(end.notAfter) - Date.parse(end.notBefore);
  return left <= Math.min(dueDays * dayMs, Math.max(life * dueShare, 0));
}

/** 0–1 of the widest span that the small rail shows. */
export function shareLeft(end: CertificateEnd, now: number): number {
  return Math.min(1, Math.max(0, leftMs(end, now) / (3 * dueDays * dayMs)));
}

const several = (amount: number, unit: 'day' | 'hour'): string =>
  format(Intl.NumberFormat, { style: 'unit', unit, unitDisplay: 'long' }).format(amount);

/** “61 days”, “31 hours”: never more than there is. */
export function timeLeft(end: CertificateEnd, now: number): string {
  const left = leftMs(end, now);
  if (left <= 0) return msg('Expired');
  return left >= 2 * dayMs ? several(Math.floor(left / dayMs), 'day') : several(Math.floor(left / hourMs), 'hour');
}

/** “61 days left”, “Expired”. */
export function leftSentence(end: CertificateEnd, now: number): string {
  return leftMs(end, now) <= 0 ? msg('Expired') : msg(str`${timeLeft(end, now)} left`);
}

/** Whether a renewal comes before the end. */
export function renewsInTime(end: CertificateEnd): boolean {
  return end.renewsAt !== null && Date.parse(end.renewsAt) < Date.parse(end.notAfter);
}

/** “renews by itself”, “no renewal is planned”. */
export function renewalWords(end: CertificateEnd): string {
  return renewsInTime(end) ? msg('renews by itself') : msg('no renewal is planned');
}
