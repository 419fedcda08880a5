/** Any host that runs single commands over SSH: an admin writes what restarts a service and what shows that it runs. */
import type { Plugin } from '@hapi/hapi';
import type { Platform } from '../../../server/platforms/contract.js';
// For the type of server.platform() only.
import type {} from '../../../server/platforms/registry.js';
import { execTest } from '../../../server/ssh/exec-test.js';
import { checkInstall, installCertificate } from './certificate/install.js';
import { settings as installSettings } from './certificate/settings.js';
import { restartService } from './restart.js';
import { settings } from './settings.js';

const platform: Platform = {
  name: 'generic',
  title: 'Any host by commands',
  defaultPort: 22,
  defaultService: null,
  // Blanks, because appliances name services in words; nothing else that a shell would take apart.
  servicePattern: /^[A-Za-z0-9][A-Za-z0-9 ._@:-]{0,127}$/,
  settings,
  settingsByAdmin: true,
  sshTest: execTest,
  restartService,
  certificate: { keyBy: 'signalbox', ports: [443], restartService: null, settings: installSettings },
  installCertificate,
  checkInstall,
};

export const plugin: Plugin<void> = {
  name: 'signalbox-platform-generic',
  register(server) {
    server.platform(platform);
  },
};
