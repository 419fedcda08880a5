/** What a webhook can be set to. */
import Joi from 'joi';
import type { DnsRun } from '../../../server/dns/contract.js';

export interface WebhookSettings {
  url: string;
  bearerToken: string;
  hmacKey: string;
  timeoutSeconds: number;
}

// Without a name and password in it, and in the clear only to this machine itself.
const SAFE_URL = /^(https:\/\/[^\s/@\\?#]+|http:\/\/(127(\.\d{1,3}){3}|\[::1\]|localhost)(:\d{1,5})?)([/?][^\s#]*)?$/i;

const isVisible = /^[!-~]*$/;

export const settings = Joi.object<WebhookSettings>({
  url: Joi.string()
    .max(1000)
    .pattern(SAFE_URL, 'an https address, or http to this machine')
    .required()
    .description('Where the changes are posted to: an https address.'),
  bearerToken: Joi.string()
    .max(4096)
    .pattern(isVisible, 'visible characters')
    .allow('')
    .default('')
    .description('Sent as Authorization: Bearer; empty to send none.'),
  hmacKey: Joi.string()
    .max(4096)
    .allow('')
    .default('')
    .description('Signs each request with HMAC-SHA-256 in X-Signalbox-Signature; empty to sign none.'),
  timeoutSeconds: Joi.number()
    .integer()
    .min(1)
    .max(120)
    .default(30)
    .description('How long one request may take, in seconds.'),
}).custom((given: WebhookSettings, helpers) =>
  given.bearerToken === '' && given.hmacKey === ''
    ? helpers.message({ custom: '{{#label}} need a bearerToken, an hmacKey, or both' })
    : given,
);

/** The opened settings; throws where they were never let in by this schema. */
export function settingsOf(run: DnsRun): WebhookSettings {
  return Joi.attempt(run.settings, settings);
}
