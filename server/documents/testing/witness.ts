/** Watches a running server and notes whatever it says that its own documents do not: each answer, each message. */
import type { Server } from '@hapi/hapi';
import type { AsyncApi } from '../async-api.js';
import { openApi, type OpenApi } from '../open-api.js';
import { shapes } from '../shapes/shapes.js';
import { keep } from './ledger.js';
import { assertAsPublished, Notes, type Tell, type Witness } from './notes.js';
import { shapeCheck } from './strict.js';
import { watchAnswers, type Find } from './watched-answers.js';
import { watchFrames } from './watched-frames.js';
import { watchMessages } from './watched-messages.js';

export { assertAsPublished, type Witness } from './notes.js';

/** The names that the ledger has for what a server publishes; routes of a plugin answer anything. */
function publishedBy(http: OpenApi, feed: AsyncApi): string[] {
  const answers = Object.entries(http.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) =>
      Object.keys(responses)
        .filter((status) => status !== 'default')
        .map((status) => `${method.toUpperCase()} ${path} ${status}`),
    ),
  );
  const messages = Object.entries(feed.channels).flatMap(([name, channel]) =>
    Object.keys(channel.messages).map((message) => `${channel.address ?? name} ${message}`),
  );
  return [...answers, ...messages];
}

const check = shapeCheck({ components: { schemas: shapes } });

export interface WitnessOptions {
  /** Hears of each complaint at once. */
  tell?: Tell;
  /** Whether plugins of a test or an example are loaded: what they publish, a whole run need not see. */
  hasGuests?: boolean;
}

/** Begins to watch a started server. */
export async function witness(server: Server, { tell, hasGuests = false }: WitnessOptions = {}): Promise<Witness> {
  const read = async (url: string) => JSON.parse((await server.inject(url)).payload) as unknown;
  const http = (await read('/openapi.json')) as OpenApi;
  const feed = (await read('/asyncapi.json')) as AsyncApi;
  keep('server');
  if (!hasGuests) for (const name of publishedBy(http, feed)) keep('published', name);
  const notes = new Notes(tell);
  watchAnswers(server, (method, path) => http.paths[path]?.[method], check, notes);
  watchMessages(server, feed, check, notes);
  return notes;
}

/**
 * Watches the answers of a server that has only some of the product's plugins, and so no documents of its own: they are held to
 * what the product would publish of these routes. The returned function throws where there was something to complain of.
 */
export function witnessPart(server: Server): () => void {
  const notes = new Notes();
  let described: { http: OpenApi; routes: number } | null = null;
  const published = () => {
    const routes = server.table().length;
    if (described?.routes !== routes) described = { http: openApi(server), routes };
    return described.http;
  };
  const find: Find = (method, path) => {
    const route = published().paths[path]?.[method];
    // Nothing else is known of a route that a test made up.
    return route && '2XX' in route.responses ? null : route;
  };
  watchAnswers(server, find, check, notes);
  return () => assertAsPublished([...notes.complaints]);
}

/** The same for the sockets of a server that has the live feed and nothing to tell: each frame, and no message. */
export function witnessSockets(server: Server): () => void {
  const notes = new Notes();
  watchFrames(server, check, notes);
  return () => assertAsPublished([...notes.complaints]);
}
