/** The end of a server: each client is told, and told when to come back, so that they don't all come at once. */
import { randomInt } from 'node:crypto';
import type { Peer } from './peer.js';
import { RESTART, type Peers } from './peers.js';

const MAX_RETRY_AFTER_MS = 2_000;

function tell(peer: Peer): void {
  const retryAfterMs = randomInt(MAX_RETRY_AFTER_MS + 1);
  const text = JSON.stringify({ type: 'update', message: { event: 'server:drain', retryAfterMs } });
  peer.ws.send(text, () => {});
}

/** Resolves when every socket is closed, at the latest after ws' own close time-out. */
export async function drain(peers: Peers): Promise<void> {
  const closed = [...peers].map((peer) => {
    const gone = new Promise<void>((resolve) => peer.ws.on('close', () => resolve()));
    if (peer.caller && !peer.ended) tell(peer);
    peers.close(peer, RESTART, 'The server is restarting.');
    return gone;
  });
  await Promise.all(closed);
}
