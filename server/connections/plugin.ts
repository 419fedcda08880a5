/** The routes of connections. */
import type { Plugin } from '@hapi/hapi';
import { hostKeyRoute } from './host-key-route.js';
import type { ConnectionsOptions } from './options.js';
import { readingRoutes } from './reading.js';
import { writingRoutes } from './writing.js';

export type { ConnectionAccess, ConnectionsOptions } from './options.js';

export const connections: Plugin<ConnectionsOptions> = {
  name: 'signalbox-connections',
  register(server, options) {
    server.route([...readingRoutes(options), ...writingRoutes(options), hostKeyRoute(options)]);
  },
};
