/** What the page of renewals says. */
import { type ExpiryLine, needsSomebody } from '../../elements/expiry/line.js';
import { dayMs, momentOf, span } from '../../elements/expiry/moments.js';
import { commonName } from '../certificates/words.js';

/** From here on nobody asks how long exactly. */
const longDays = 30;

const numbers = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];
const count = (amount: number): string => numbers[amount] ?? String(amount);
const several = (amount: number, one: string, more = `${one}s`): string => `${amount} ${amount === 1 ? one : more}`;

/** That nothing waits for anybody, by what is shortest. */
function good(lines: readonly ExpiryLine[], now: number): string {
  const ends = lines.flatMap(({ endsAt }) => endsAt ?? []);
  if (ends.length === 0) return lines.length === 1 ? 'The first renewal is planned' : 'The first renewals are planned';
  const leftMs = Math.min(...ends) - now;
  const days = Math.min(longDays, Math.floor(leftMs / dayMs));
  if (days < 2) return `Nothing needs you; the next certificate ends in ${span(leftMs)}`;
  const all = ends.length === 1 ? 'The certificate is' : `All ${ends.length} certificates are`;
  return `${all} good for ${days} days or more`;
}

/** The page's heading. */
export function verdictOf(lines: readonly ExpiryLine[], now: number): string {
  const needs = lines.filter(needsSomebody).length;
  const running = lines.filter(({ standing }) => standing === 'renewing').length;
  if (lines.length === 0) return 'No certificates are known yet';
  const underWay =
    running === 0 ? '' : `${count(running)}${needs ? '' : running === 1 ? ' renewal' : ' renewals'} under way`;
  if (needs === 0) return underWay || good(lines, now);
  const need = needs === 1 ? 'One renewal needs you' : `${count(needs)} renewals need you`;
  return underWay ? `${need}, ${underWay.toLowerCase()}` : need;
}

/** “47 certificates, 3 issuers”. */
export function inventoryOf(lines: readonly ExpiryLine[]): string {
  const issuers = new Set(lines.flatMap(({ certificate }) => certificate.issuer ?? []).map(commonName)).size;
  return [several(lines.length, 'certificate'), issuers > 0 && several(issuers, 'issuer')].filter(Boolean).join(', ');
}

/** What still works after a failure, and when it is tried again. */
export function meanwhile({ endsAt, certificate, plannedAt }: ExpiryLine, now: number): string | null {
  const serves =
    endsAt === null || certificate.notAfter === null
      ? null
      : endsAt > now
        ? `The old certificate still serves. It ends in ${span(endsAt - now)}.`
        : 'The old certificate has expired.';
  const next =
    plannedAt === null
      ? 'Signalbox does not try again by itself.'
      : plannedAt <= now
        ? 'Signalbox tries again at any moment.'
        : `Signalbox tries again on ${momentOf(plannedAt, now)}.`;
  return [serves, next].filter(Boolean).join(' ');
}

/** A zone that this browser knows; a server may know a newer one. */
function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }).format(0) && timeZone;
  } catch {
    return 'UTC';
  }
}

/** “Thu 26 Nov, 02:00” and “Europe/Berlin”: by the connection's own schedule, so in its own zone. */
export function plannedMoment({ plannedAt, certificate }: ExpiryLine, now: number): [moment: string, zone: string] {
  if (plannedAt === null) return ['', ''];
  if (plannedAt <= now) return ['at any moment', ''];
  const zone = knownZone(certificate.renewal?.timeZone ?? 'UTC');
  return [momentOf(plannedAt, now, zone), zone];
}

/** Whether every word stands somewhere in what is known of it. */
export function matches({ certificate, standing }: ExpiryLine, filter: string): boolean {
  const { connection, names, issuer } = certificate;
  const text = [connection.name, ...names, issuer ?? '', standing].join(' ').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
