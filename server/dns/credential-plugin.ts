/** The routes of DNS credentials. */
import type { Plugin } from '@hapi/hapi';
import { credentialCheckRoute } from './credential-check.js';
import type { CredentialsOptions } from './credential-options.js';
import { credentialReadingRoutes } from './credential-reading.js';
import { credentialWritingRoutes } from './credential-writing.js';

export type { CredentialsOptions } from './credential-options.js';

export const dnsCredentials: Plugin<CredentialsOptions> = {
  name: 'signalbox-dns-credentials',
  register(server, options) {
    server.route([
      ...credentialReadingRoutes(options),
      ...credentialWritingRoutes(options),
      credentialCheckRoute(options),
    ]);
  },
};
