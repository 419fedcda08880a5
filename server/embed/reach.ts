/** What a token for widgets opens at all: the routes below and the starts, each for one action. Everything else is closed to it. */
import type { EmbedAction } from './contract.js';

const OPERATIONS = '/connections/{id}/operations';

const ROUTES: Readonly<Record<string, EmbedAction>> = {
  // By which nes checks the token of a hello; no route of HTTP.
  'AUTH /nes/auth': 'read',
  'GET /auth/me': 'read',
  'GET /realtime': 'read',
  'GET /operations/types': 'read',
  'GET /operations': 'read',
  'GET /connections': 'read',
  'GET /connections/{id}': 'read',
  'GET /connections/{id}/certificate': 'read',
  'GET /certificates': 'read',
  [`GET ${OPERATIONS}`]: 'read',
  [`GET ${OPERATIONS}/{operationId}`]: 'read',
  [`GET ${OPERATIONS}/{operationId}/log`]: 'read',
  [`POST ${OPERATIONS}/{operationId}/cancel`]: 'cancel',
  [`POST ${OPERATIONS}/{operationId}/retry`]: 'retry',
};

// The route of each type: /connections/{id}/operations/<type>.
const START = /^POST \/connections\/\{id\}\/operations\/([a-z][a-z0-9_]*)$/;

export interface Door {
  action: EmbedAction;
  /** What it starts; null: it starts nothing. */
  type: string | null;
}

/** What a route asks of a token for widgets; null: it is closed to all of them. */
export function doorOf(method: string, path: string): Door | null {
  const route = `${method.toUpperCase()} ${path}`;
  const action = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
  if (action) return { action, type: null };
  const type = START.exec(route)?.[1];
  return type === undefined ? null : { action: 'start', type };
}
