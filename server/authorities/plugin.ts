/** The routes of CAs; the built-in ones are there before the first request. */
import type { Plugin } from '@hapi/hapi';
import { ensureBuiltIns } from './built-in.js';
import type { AuthoritiesOptions } from './options.js';
import { readingRoutes } from './reading.js';
import { writingRoutes } from './writing.js';

export type { AuthoritiesOptions } from './options.js';

export const authorities: Plugin<AuthoritiesOptions> = {
  name: 'signalbox-authorities',
  async register(server, options) {
    await ensureBuiltIns(options.knex);
    server.route([...readingRoutes(options), ...writingRoutes(options)]);
  },
};
