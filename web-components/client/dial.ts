import { networkProblem } from './problem.js';
import { RealtimeSocket, type SocketListener } from './socket.js';
import type { Surroundings } from './surroundings.js';

/** Behind a proxy that ends TLS a server may not know that it is reached by https; a browser would refuse ws. */
function addressOf(url: string, base: string): string {
  const address = new URL(url, base);
  const secure = base.startsWith('https:') || address.protocol === 'https:' || address.protocol === 'wss:';
  address.protocol = secure ? 'wss:' : 'ws:';
  return address.href;
}

/** Opens a socket at the address that the server gave; throws a Problem where the page may not. */
export function dial(around: Surroundings, url: string, listener: SocketListener): RealtimeSocket {
  try {
    return new RealtimeSocket(around, addressOf(url, around.url), listener);
  } catch (cause) {
    // A browser refuses an address that its page's policy forbids; polling may still work.
    throw networkProblem(cause);
  }
}
