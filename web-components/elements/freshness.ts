/** How current what an element shows is; the same words in all of them. */
import { nothing, type TemplateResult } from 'lit';
import type { ConnectionState } from '../client/contract.js';
import { msg, str } from '../localisation/door.js';
import { timeOfDay } from './durations.js';
import { lamp } from './lamp/lamp.js';
import { staleLine } from './stale-line.js';
import { signedOut, staleSentence } from './words.js';

/** Whether what is shown was true once and may not be any more: the server is away, or does not answer strangers. */
export const isStale = ({ phase, lastKnownAt }: ConnectionState): boolean =>
  phase === 'reconnecting' || (phase === 'signed-out' && lastKnownAt !== null);

/** What is said of it; nothing where all is live, or nothing was ever known. */
export function freshness(state: ConnectionState): TemplateResult | typeof nothing {
  switch (state.phase) {
    case 'reconnecting':
      return staleLine(lamp('stale'), staleSentence(state));
    case 'signed-out':
      return staleLine(lamp('locked'), signedOutSince(state));
    case 'polling':
      return staleLine(lamp('pending'), msg('No live connection: refreshed every few seconds'));
    case 'connecting':
    case 'live':
    case 'closed':
      return nothing;
  }
}

function signedOutSince({ lastKnownAt }: ConnectionState): string {
  if (lastKnownAt === null) return signedOut();
  return msg(str`Signed out, last known at ${timeOfDay(lastKnownAt)}. Sign in to go on.`);
}
