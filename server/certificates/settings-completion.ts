/** Stored certificate settings as everybody sees them: lenient, since a newer platform must not hide a connection. */
import { completedSettings } from '../connections/platform-settings.js';
import type { Platform } from '../platforms/contract.js';
import type { CertificateSettings } from './contract.js';
import type { GivenCertificate } from './settings.js';
import { dailyCron } from './settings-renewal.js';
import { usualEndpoints } from './settings-rules.js';

const plain: Omit<CertificateSettings, 'names' | 'endpoints' | 'install' | 'renewal'> = {
  authorityId: null,
  challenge: 'http-01',
  dnsCredentialId: null,
  key: 'ecdsa-p256',
  reuseKey: false,
  profile: null,
  preferredChain: null,
};

/**
 * With every key: what the stored ones lack is the default. Null where none are stored, where they name nothing, and where
 * the platform has no certificates any more. A platform that is gone leaves them as they are.
 */
export function completedCertificate(
  platform: Platform | undefined,
  connectionId: number,
  stored: GivenCertificate | null,
): CertificateSettings | null {
  if (!stored || (platform && !platform.certificate)) return null;
  // It went through the schema when it was stored; only the keys of an older version can be missing.
  const given: Partial<GivenCertificate> = stored;
  if (!Array.isArray(given.names) || given.names.length === 0) return null;
  const kind = platform?.certificate;
  return {
    ...plain,
    endpoints: kind ? usualEndpoints(kind) : [],
    ...given,
    names: given.names,
    install: kind ? completedSettings(kind, given.install ?? {}) : (given.install ?? {}),
    renewal: { automatic: true, cron: dailyCron(connectionId), timeZone: 'UTC', ...given.renewal },
  };
}
