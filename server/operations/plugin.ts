/** The engine as a Hapi plugin: the door `server.operation()`, the routes, the subscriptions, start and stop. */
import type { Plugin, Server } from '@hapi/hapi';
import type { Access } from '../access/contract.js';
import type { Audit } from '../audit/contract.js';
import type { Counters } from '../watching/counters.js';
import type { StartLimiter } from './routes/start-limiter.js';
import type { OperationDefinition } from './contract.js';
import { Engine, type EngineSetting } from './engine.js';
import { KnownTypes } from './known-types.js';
import { countEnd, measure } from './figures.js';
import { publishToFeed, subscribeConnections, subscribeType } from './feed.js';
import { changeRoutes } from './routes/change.js';
import { readRoutes } from './routes/read.js';
import { aliasRoute, startRoute } from './routes/start.js';

declare module '@hapi/hapi' {
  interface Server {
    /** Registers an operation type: its route, its subscription, its place in the published definitions. */
    operation<Params, State>(definition: OperationDefinition<Params, State>): void;
  }
  interface PluginProperties {
    'signalbox-operations': { engine: Engine };
  }
}

export interface OperationsOptions extends EngineSetting {
  access: Access;
  audit: Audit;
  counters: Counters;
  startLimiter: StartLimiter;
  /** How long running work may take to end when the server stops. */
  graceMs: number;
}

/** What the routes work with. */
export interface Desk extends Pick<OperationsOptions, 'access' | 'audit' | 'counters' | 'startLimiter' | 'knex'> {
  engine: Engine;
  knownTypes: KnownTypes;
}

function addType(server: Server, desk: Desk, candidate: OperationDefinition<never, never>): void {
  const definition = desk.engine.types.add(candidate);
  server.route(startRoute(desk, definition));
  if (definition.alias) server.route(aliasRoute(desk, definition, definition.alias));
  subscribeType(server, desk.access, definition.type);
}

export const operations: Plugin<OperationsOptions> = {
  name: 'signalbox-operations',
  dependencies: ['signalbox-realtime', 'signalbox-platforms'],
  register(server, options) {
    const engine = new Engine(options);
    const knownTypes = new KnownTypes();
    const desk: Desk = { ...options, engine, knownTypes };
    server.expose('engine', engine);
    server.decorate('server', 'operation', (definition) => addType(server, desk, definition as never));
    server.route([...readRoutes(desk), ...changeRoutes(desk)]);
    subscribeConnections(server, options.access, knownTypes);
    publishToFeed(server, engine.publications);
    engine.publications.listen({
      changed: (events) => events.forEach(({ operation }) => countEnd(options.counters, operation)),
      seen: (events) => events.forEach(({ operation: { id, type } }) => knownTypes.learn(id, type)),
    });
    options.counters.measures.add(() => measure(options.knex, options.counters, options.leaseSeconds * 1000));
    server.ext('onPreStart', () => engine.start());
    // Before the sockets are closed, so that the last updates are seen.
    server.ext('onPreStop', () => engine.stop(options.graceMs), { before: ['signalbox-realtime', '@hapi/nes'] });
  },
};
