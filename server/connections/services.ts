/** The names of services that a connection lists: they reach a remote command line, so the platform's pattern decides. */
import type { Platform } from '../platforms/contract.js';
import { invalid } from './invalid.js';

// For a platform that says nothing: it can restart nothing either.
const ANY_PLATFORM = /^[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}$/;
const ANY_WORDS = 'up to 64 letters, digits, spaces and . _ @ -, beginning with a letter or digit';

/** Throws a problem that names each service which is no name of one on this platform. */
export function assertServices(platform: Platform | undefined, services: string[]): void {
  const pattern = platform?.servicePattern;
  const words = pattern ? `a name of a service on ${platform.title}` : ANY_WORDS;
  const refused = services.flatMap((service, index) => ((pattern ?? ANY_PLATFORM).test(service) ? [] : [index]));
  if (refused.length === 0) return;
  throw invalid(
    refused.map((index) => ({ path: ['services', index], message: `services[${index}] must be ${words}` })),
  );
}
