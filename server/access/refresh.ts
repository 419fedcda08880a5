/** Keeps the rights in memory equal to the tables where other nodes change them too: they are read anew every few seconds. */
import type { Plugin } from '@hapi/hapi';
import type { Directory } from './directory.js';

const REFRESH_MS = 5_000;

export const refresh: Plugin<{ directory: Directory }> = {
  name: 'signalbox-access-refresh',
  register(server, { directory }) {
    let timer: NodeJS.Timeout | undefined;
    const reload = () => directory.reload().catch((error: unknown) => server.log(['access', 'error'], { err: error }));
    server.ext('onPreStart', () => {
      timer = setInterval(() => void reload(), REFRESH_MS);
    });
    server.ext('onPreStop', () => clearInterval(timer));
  },
};
