/** The certificate part of the platform: by the appliance's certificate REST, with a key that never leaves it. */
import type { Platform } from '../../../../server/platforms/contract.js';
import type { World } from '../world.js';
import { checkInstall } from './check.js';
import { makeCsr } from './csr.js';
import { installCertificate } from './install.js';
import { settings } from './settings.js';

type CertificateParts = Required<Pick<Platform, 'certificate' | 'makeCsr' | 'installCertificate' | 'checkInstall'>>;

export function certificate(world: World): CertificateParts {
  return {
    certificate: { keyBy: 'device', ports: [443, 8443], restartService: 'Cisco Tomcat', settings },
    makeCsr: (run, wish) => makeCsr(run, wish, world),
    installCertificate: (run) => installCertificate(run, world),
    checkInstall: (run) => checkInstall(run, world),
  };
}
