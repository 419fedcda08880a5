/** What only the connection's platform can say about certificate settings. */
import type { FieldError } from '../connections/invalid.js';
import { invalid } from '../connections/invalid.js';
import { checkedBy } from '../connections/platform-settings.js';
import type { Platform, PlatformCertificate } from '../platforms/contract.js';
import { problem } from '../problems/problems.js';
import type { Endpoint } from './contract.js';
import type { GivenCertificate } from './settings.js';
import { isWildcard } from './settings-names.js';

const field = (path: (string | number)[], message: string): FieldError => ({ path: ['certificate', ...path], message });

/** Where the platform says that a certificate is served. */
export const usualEndpoints = ({ ports }: PlatformCertificate): Endpoint[] =>
  ports.map((port) => ({ host: null, port, servername: null }));

function wildcards({ names, challenge }: GivenCertificate): FieldError[] {
  if (challenge === 'dns-01') return [];
  return names.flatMap((name, index) =>
    isWildcard(name)
      ? [field(['names', index], `certificate.names[${index}] is a wildcard, which can be proven by dns-01 alone`)]
      : [],
  );
}

function challenges(platform: Platform, { challenge, dnsCredentialId }: GivenCertificate): FieldError[] {
  if (challenge === 'dns-01' && dnsCredentialId === null)
    return [field(['dnsCredentialId'], 'certificate.dnsCredentialId must name a credential for dns-01')];
  if (challenge === 'http-01-host' && !platform.placeChallenge)
    return [field(['challenge'], 'certificate.challenge cannot be http-01-host: this platform places no files')];
  return [];
}

function places(endpoints: Endpoint[]): FieldError[] {
  return endpoints.length > 0 ? [] : [field(['endpoints'], 'certificate.endpoints must name at least one port')];
}

/**
 * The settings to store: completed as far as the platform goes. Throws a problem: CERTIFICATE_UNSUPPORTED where the platform
 * has no certificates, else a 400 that names each field.
 */
export function checkedCertificate(platform: Platform | undefined, given: GivenCertificate): GivenCertificate {
  if (!platform?.certificate) throw problem('CERTIFICATE_UNSUPPORTED');
  const { endpoints = usualEndpoints(platform.certificate), install = {} } = given;
  const errors = [...wildcards(given), ...challenges(platform, given), ...places(endpoints)];
  if (errors.length > 0) throw invalid(errors);
  return {
    ...given,
    endpoints,
    install: checkedBy(platform.certificate.settings, install, ['certificate', 'install']),
  };
}
