/** GET /metrics in Prometheus' text form, for admins: the numbers tell who does what here. */
import type { Plugin } from '@hapi/hapi';
import type { Access } from '../access/contract.js';
import { adminOnly } from '../access/gate.js';
import type { Counters } from './counters.js';

export interface MetricsOptions {
  access: Access;
  counters: Counters;
}

export const metrics: Plugin<MetricsOptions> = {
  name: 'signalbox-metrics',
  register(server, { access, counters }) {
    server.route({
      method: 'GET',
      path: '/metrics',
      options: {
        description: 'What is counted, in the text form that Prometheus reads.',
        tags: ['api'],
        handler: async (request, h) => {
          adminOnly(access, request);
          await Promise.all([...counters.measures].map((measure) => measure()));
          return h.response(await counters.registry.metrics()).header('content-type', counters.registry.contentType);
        },
      },
    });
  },
};
