/** What the timeline says of a certificate. */
import { msg, str } from '../../localisation/door.js';
import { plural } from '../../localisation/plural.js';
import { type ExpiryLine, isWaiting } from './line.js';
import { ago, dateOf, momentOf, span } from './moments.js';

function nextTry({ certificate, plannedAt }: ExpiryLine, now: number): string {
  const waits = Date.parse(certificate.next?.waitsUntil ?? '');
  const at = waits > now ? waits : plannedAt;
  if (at === null) return msg('renewal failed, no next try is planned');
  return at <= now
    ? msg('renewal failed, next try at any moment')
    : msg(str`renewal failed, next try ${momentOf(at, now)}`);
}

/** What is to be said beside how long it lives; null where there is nothing. */
function clauseOf(line: ExpiryLine, now: number): string | null {
  const { standing, amiss, plannedAt } = line;
  switch (standing) {
    case 'renewing':
      return isWaiting(line) ? msg('renewal waiting') : msg('renewing now');
    case 'failed':
      return nextTry(line, now);
    case 'wrong':
      return msg(str`not as wanted at ${amiss?.endpoint ?? ''}`);
    case 'unplanned':
      return plannedAt === null ? msg('nothing planned') : msg('the renewal comes too late');
    case 'expired':
      return plannedAt === null ? msg('nothing planned') : msg(str`renewal ${comes(plannedAt, now)}`);
    case 'calm':
      return amiss === null ? null : msg(str`not reached at ${amiss.endpoint}`);
  }
}

/** “at any moment”, “on Thu 26 Nov, 02:00”. */
export function comes(at: number, now: number): string {
  return at <= now ? msg('at any moment') : msg(str`on ${momentOf(at, now)}`);
}

/** “61 days”, “expired 3 days ago”; of what is not there yet that. */
export function lifeWords({ endsAt }: Pick<ExpiryLine, 'endsAt'>, now: number): string {
  if (endsAt === null) return msg('not served yet');
  return endsAt > now ? span(endsAt - now) : msg(str`expired ${ago(now - endsAt)}`);
}

/** The label at the stop: “9 days, nothing planned”; the date where the stop is out of the picture. */
export function labelOf(line: ExpiryLine, now: number, isBeyond: boolean): string {
  const life = isBeyond && line.endsAt !== null ? dateOf(line.endsAt) : lifeWords(line, now);
  const first = line.endsAt === null && line.standing === 'calm' ? firstWords(line, now) : clauseOf(line, now);
  return [life, first].filter(Boolean).join(', ');
}

const firstWords = ({ plannedAt }: ExpiryLine, now: number): string | null =>
  plannedAt === null ? null : msg(str`first renewal ${comes(plannedAt, now)}`);

/** The rest of what the picture shows, for those who cannot see it. */
export function spokenOf({ endsAt, plannedAt }: ExpiryLine, now: number): string {
  const end =
    endsAt === null
      ? null
      : endsAt > now
        ? msg(str`Ends on ${dateOf(endsAt)}.`)
        : msg(str`Ended on ${dateOf(endsAt)}.`);
  const next = plannedAt === null ? msg('No renewal is planned.') : msg(str`Renews ${comes(plannedAt, now)}.`);
  return [end, next].filter(Boolean).join(' ');
}

/** Why the planned renewal comes then. */
export function reasonOf({ certificate }: ExpiryLine): string | null {
  const { next } = certificate;
  if (next?.waitsBecause) return next.waitsBecause;
  switch (next?.reason) {
    case 'ari':
      return msg('The CA suggests it.');
    case 'lifetime':
      return msg('A third of its lifetime is left then.');
    case 'missing':
      return msg('Nothing of ours is served yet.');
    case null:
    case undefined:
      return null;
  }
}

/** “10 of 47 end within 90 days”. */
export function inventoryWords(lines: readonly ExpiryLine[], days: number, untilMs: number): string {
  const within = lines.filter(({ endsAt }) => endsAt !== null && endsAt <= untilMs).length;
  return plural(days, {
    one: msg(str`${within} of ${lines.length} end within a day`),
    other: msg(str`${within} of ${lines.length} end within ${days} days`),
  });
}
