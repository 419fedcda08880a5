/** The end of a server: each client is told, and its socket closed. */
import { farewell } from './farewell.js';
import { RESTART, type Peers } from './peers.js';

/** Resolves when every socket is closed, at the latest after ws' own close time-out. */
export async function drain(peers: Peers): Promise<void> {
  const closed = [...peers].map((peer) => {
    const gone = new Promise<void>((resolve) => peer.ws.on('close', () => resolve()));
    farewell(peer, 'server:drain');
    peers.close(peer, RESTART, 'The server is restarting.');
    return gone;
  });
  await Promise.all(closed);
}
