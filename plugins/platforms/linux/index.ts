/** A Linux host, reached by OpenSSH or the like, that runs single commands. */
import type { Plugin } from '@hapi/hapi';
import type { Platform } from '../../../server/platforms/contract.js';
// For the type of server.platform() only.
import type {} from '../../../server/platforms/registry.js';
import { sshTest } from './ssh-test.js';

const platform: Platform = {
  name: 'linux',
  title: 'Linux host',
  defaultPort: 22,
  defaultService: null,
  sshTest,
};

export const plugin: Plugin<void> = {
  name: 'signalbox-platform-linux',
  register(server) {
    server.platform(platform);
  },
};
