/** What a Cloudflare credential holds. */
import Joi from 'joi';
import type { DnsRun } from '../../../server/dns/contract.js';

export interface CloudflareSettings {
  apiToken: string;
  apiUrl: string;
  timeoutSeconds: number;
}

// Without a name and password in it, and in the clear only to this machine itself.
const SAFE_URL = /^(https:\/\/[^\s/@\\?#]+|http:\/\/(127(\.\d{1,3}){3}|\[::1\]|localhost)(:\d{1,5})?)(\/[^\s?#]*)?$/i;

export const settings = Joi.object<CloudflareSettings>({
  apiToken: Joi.string()
    .max(4096)
    .pattern(/^[!-~]+$/, 'visible characters')
    .required()
    .description('An API token that may read the zone and edit its DNS: Zone:Read and DNS:Edit.'),
  apiUrl: Joi.string()
    .max(1000)
    .pattern(SAFE_URL, 'an https address, or http to this machine')
    .default('https://api.cloudflare.com/client/v4')
    .description('Where the API is.'),
  timeoutSeconds: Joi.number()
    .integer()
    .min(1)
    .max(120)
    .default(30)
    .description('How long one request may take, in seconds.'),
});

/** The opened settings; throws where they were never let in by this schema. */
export function settingsOf(run: DnsRun): CloudflareSettings {
  return Joi.attempt(run.settings, settings);
}
