/** A Linux host, reached by OpenSSH or the like, that runs single commands. */
import type { Plugin } from '@hapi/hapi';
import type { Platform } from '../../../server/platforms/contract.js';
// For the type of server.platform() only.
import type {} from '../../../server/platforms/registry.js';
import { execTest } from '../../../server/ssh/exec-test.js';
import { placeChallenge, removeChallenge } from './certificate/challenge.js';
import { checkInstall } from './certificate/check.js';
import { installCertificate } from './certificate/install.js';
import { settings as installSettings } from './certificate/settings.js';
import { listServices } from './list-services.js';
import { restartService } from './restart.js';
import { settings } from './settings.js';

const platform: Platform = {
  name: 'linux',
  title: 'Linux host',
  defaultPort: 22,
  defaultService: null,
  // No leading dash, no slash, nothing that a shell or systemd's own globs would expand.
  servicePattern: /^[A-Za-z0-9][A-Za-z0-9._@:-]{0,127}$/,
  restartDurationMs: 15_000,
  settings,
  sshTest: execTest,
  listServices,
  restartService,
  certificate: { keyBy: 'signalbox', ports: [443], restartService: null, settings: installSettings },
  installCertificate,
  checkInstall,
  placeChallenge,
  removeChallenge,
};

export const plugin: Plugin<void> = {
  name: 'signalbox-platform-linux',
  register(server) {
    server.platform(platform);
  },
};
