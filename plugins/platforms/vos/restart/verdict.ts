/** What the sightings of a restart amount to. A time-out is never a success, and the list alone is never a proof. */
import type { RestartFailure } from '../../../../server/platforms/contract.js';
import type { Before, Sightings } from './sightings.js';

/** What has become of the command: `running`, its prompt has come back, or nobody knows because its session was lost. */
export type CommandEnd = 'running' | 'prompt' | 'unknown';

export type Verdict = { is: 'open' } | { is: 'proven' } | { is: 'failed'; code: RestartFailure; message: string };

/** Looks in a row that find the service STOPPED before it counts as stopped for good. */
const STOPPED_LOOKS = { prompt: 5, unknown: 20 };
/** Looks in a row that find it STARTED with no trace of a restart before we say that we cannot know. */
const UNTRACED_LOOKS = 20;

const open: Verdict = { is: 'open' };
const failed = (code: RestartFailure, message: string): Verdict => ({ is: 'failed', code, message });

function because(reason: string | null): string {
  return reason === null ? '' : ` (${reason})`;
}

/** After a look. While the command runs, only a proof ends the restart. */
export function judge(service: string, sightings: Sightings, end: CommandEnd): Verdict {
  const { last, trace, unchangedLooks } = sightings;
  const state = last?.listed?.state;
  if (!last || state === undefined) return open;
  if (state === 'STARTED' && trace !== null) return serves(sightings) ? { is: 'proven' } : open;
  if (end === 'running') return open;
  if (state === 'STARTED' && unchangedLooks >= UNTRACED_LOOKS) return untraced(service, sightings);
  if (state === 'STOPPED' && unchangedLooks >= STOPPED_LOOKS[end]) return stopped(service, sightings);
  return open;
}

/** When the deadline has passed; `blind` says why the last attempt to look failed. */
export function judgeLate(service: string, sightings: Sightings, blind: string | null): Verdict {
  const { now, trace, reason, last } = sightings;
  const seen = now === null ? 'no state of it was seen' : `${now}${because(reason)} was the last that was seen`;
  if (blind !== null) return unseen(service, `${seen}, and the appliance could not be looked at: ${blind}`);
  if (now === null) return unseen(service, `${seen} in time.`);
  if (now !== 'STARTED') return failed('SERVICE_NOT_STARTED', `${service} did not come back in time; ${seen}.`);
  if (trace === null) return untraced(service, sightings);
  if (last?.listed?.state !== 'STARTED') return unseen(service, `${seen}, and no list confirmed it in time.`);
  const why = last && 'why' in last.port ? `: ${last.port.why}` : '.';
  const message = `${service} is listed as STARTED but its port was not served in time${why}`;
  return failed('SERVICE_NOT_SERVING', `${message}${neverReached(sightings.before)}`);
}

/** A port that did not answer before the restart either may be the wrong one, or behind a firewall. */
function neverReached({ state, port }: Before): string {
  const silent = port === 'refused' || port === 'silent';
  return state === 'STARTED' && silent ? ' It was not served before the restart either: check servedPort.' : '';
}

function unseen(service: string, why: string): Verdict {
  return failed('OP_OUTCOME_UNKNOWN', `Whether ${service} was restarted cannot be told: ${why}`);
}

function serves({ last }: Sightings): boolean {
  return last?.port.is === 'served' || last?.port.is === 'not_asked';
}

function untraced(service: string, { looks }: Sightings): Verdict {
  return failed(
    'OP_OUTCOME_UNKNOWN',
    `${service} is STARTED and showed no trace of a restart in ${looks} looks; the command may never have reached the appliance.`,
  );
}

function stopped(service: string, { reason }: Sightings): Verdict {
  return failed('SERVICE_NOT_STARTED', `${service} stays STOPPED${because(reason)}.`);
}
