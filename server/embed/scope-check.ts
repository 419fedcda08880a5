/** Holds a request that came with a token for widgets to the token's scope, before anything is read or done. */
import type { Request } from '@hapi/hapi';
import type { Caller } from '../access/contract.js';
import { problem } from '../problems/problems.js';
import { isListedOrigin, originIn } from './origins.js';
import { doorOf } from './reach.js';

/**
 * Throws 403 where the token does not open this route, or not from this page. What a route opens of connections and operations
 * is for the live rights to say; here a route that nobody thought of stays closed.
 */
export function checkScope({ route, raw }: Request, { embed }: Caller): void {
  if (!embed) return;
  const door = doorOf(route.method, route.path);
  const isStranger = door?.type && embed.operations && !embed.operations.includes(door.type);
  if (!door || isStranger || !embed.actions.includes(door.action)) throw problem('EMBED_REFUSED');
  // The headers of a hello are the page's own words: the guard looks at those of the upgrade.
  if (route.method.toLowerCase() === 'auth') return;
  if (!isListedOrigin(embed, originIn(raw.req.headers, embed))) throw problem('EMBED_ORIGIN_REFUSED');
}
