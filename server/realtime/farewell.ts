/** What a client is told before its socket is closed: why, and when to ask again, so that they don't all come at once. */
import { randomInt } from 'node:crypto';
import type { Peer } from './peer.js';

const MAX_RETRY_AFTER_MS = 2_000;

/** The server stops; or the live feed was switched off, and GET /realtime says how to poll. */
export type Farewell = 'server:drain' | 'realtime:off';

/** Sends it as nes' `update`; who has not said who he is hears nothing. */
export function farewell(peer: Peer, event: Farewell): void {
  if (!peer.caller || peer.ended) return;
  const retryAfterMs = randomInt(MAX_RETRY_AFTER_MS + 1);
  peer.ws.send(JSON.stringify({ type: 'update', message: { event, retryAfterMs } }), () => {});
}
