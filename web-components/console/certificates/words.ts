/** What the console says about certificates and their times. */
import type { CertificateStatus, PlannedRenewal, RenewalSettings } from '../../../server/certificates/contract.js';
import type { Aspect } from '../../elements/lamp/lamp.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const several = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** Whole days from two on, then whole hours, then minutes: never more than there is. */
function amount(ms: number): string {
  if (ms >= 2 * dayMs) return several(Math.floor(ms / dayMs), 'day');
  if (ms >= 2 * hourMs) return several(Math.floor(ms / hourMs), 'hour');
  return several(Math.floor(ms / minuteMs), 'minute');
}

/** “61 days left”, “31 hours left”, “expired 3 days ago”. */
export function leftSentence(notAfter: string, now: number): string {
  const left = Date.parse(notAfter) - now;
  return left > 0 ? `${amount(left)} left` : `expired ${amount(-left)} ago`;
}

/** A zone that this browser knows; a server may know a newer one. */
function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }).resolvedOptions().timeZone && timeZone;
  } catch {
    return 'UTC';
  }
}

function parts(at: string, timeZone: string | undefined): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', ...zone });
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', ...zone });
  return `${day.format(Date.parse(at))}, ${time.format(Date.parse(at))}`;
}

/** “12 January 2027, 03:17” by the reader's own clock. */
export const momentHere = (at: string): string => parts(at, undefined);

/** “12 January 2027, 03:17 Europe/Berlin”. */
export function momentIn(at: string, timeZone: string): string {
  const zone = knownZone(timeZone);
  return `${parts(at, zone)} ${zone}`;
}

const reasons: Record<NonNullable<PlannedRenewal['reason']>, string> = {
  ari: ': suggested by the CA',
  lifetime: ': a third of its lifetime is left then',
  missing: ': nothing of ours is served',
};

/** When the next renewal comes and why, or why it does not; in the connection's own time zone. */
export function nextSentence(next: PlannedRenewal | null, { timeZone }: RenewalSettings, now: number): string {
  if (!next) return 'When it renews is not known yet.';
  const { automatic, dueAt, runsAt, waitsUntil, waitsBecause } = next;
  const at = (moment: string): string => momentIn(moment, timeZone);
  const ahead = (moment: string | null): moment is string => moment !== null && Date.parse(moment) > now;
  if (!automatic) return `Automatic renewal is off.${ahead(dueAt) ? ` It is due from ${at(dueAt)} on.` : ''}`;
  if (ahead(waitsUntil)) return `Waits until ${at(waitsUntil)}. ${waitsBecause ?? ''}`.trim();
  const reason = next.reason === null ? '' : reasons[next.reason];
  if (runsAt === null) return 'When it renews is not known yet.';
  return `${ahead(runsAt) ? `Renews on ${at(runsAt)}` : 'Renews at any moment'}${reason}.`;
}

/** The common name out of “C=US, O=Let's Encrypt, CN=R11”; all of it where there is none. */
export function commonName(name: string): string {
  return /(?:^|, )CN=([^,]+)/.exec(name)?.[1] ?? name;
}

/** `049C1E` reads “04:9c:1e”. */
export const pairs = (serial: string): string => serial.toLowerCase().replace(/(..)(?=.)/g, '$1:');

export const statusWords: Record<CertificateStatus, [Aspect, string]> = {
  planned: ['pending', 'planned'],
  finalizing: ['pending', 'being issued'],
  issued: ['pending', 'issued, not installed'],
  installed: ['due', 'installed, not seen served'],
  served: ['completed', 'served'],
  superseded: ['idle', 'replaced by a later one'],
  abandoned: ['cancelled', 'given up'],
  revoked: ['failed', 'revoked'],
};
