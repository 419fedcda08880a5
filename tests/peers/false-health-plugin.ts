/** Answers `GET /healthz` otherwise than it is published; for the test of the witness. */
import type { Plugin } from '@hapi/hapi';

export const plugin: Plugin<object> = {
  name: 'tests-false-health',
  register(server) {
    server.ext('onPreResponse', (request, h) =>
      request.path === '/healthz' ? h.response({ status: 'never better' }) : h.continue,
    );
  },
};
