/** What a caller may send about a connection. No message repeats a refused value: it may be a secret. */
import Joi from 'joi';
import { certificateSchema, type GivenCertificate } from '../certificates/settings.js';
import type { JsonObject } from '../operations/contract.js';
import type { PlatformRegistry } from '../platforms/registry.js';
import { hostname } from './hostname.js';
import { privateKey } from './private-key.js';

/** A new connection, checked. */
export interface NewConnection {
  name: string;
  platform: string;
  hostname: string;
  port?: number;
  username: string;
  services: string[];
  legacyAlgorithms: boolean;
  platformSettings: JsonObject;
  certificate: GivenCertificate | null;
  password?: string | null;
  privateKey?: string | null;
  passphrase?: string | null;
}

/** A change, checked: what is left out stays, and a secret that is null goes. */
export type ConnectionChange = Partial<NewConnection>;

/** `null` from `check` refuses the value in these words. */
function checked(check: (value: string) => string | null, words: string): Joi.CustomValidator<string> {
  return (value, helpers) => check(value) ?? helpers.message({ custom: `{{#label}} must be ${words}` });
}

function matching(pattern: RegExp, words: string): Joi.StringSchema {
  return Joi.string()
    .pattern(pattern)
    .messages({ 'string.pattern.base': `{{#label}} must be ${words}` });
}

// \p{C} has the control, format and unassigned characters: none of them can be seen, some turn the text around.
const printable = matching(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, 'made of printable characters');

function fields(platforms: PlatformRegistry) {
  const known = (name: string) => (platforms.get(name) ? name : null);
  return {
    name: printable.trim().max(128).description('What people call it.'),
    platform: Joi.string()
      .max(32)
      .custom(checked(known, 'a platform of GET /platforms'))
      .description('What it is: a name of GET /platforms.'),
    hostname: Joi.string()
      .trim()
      .max(253)
      .custom(checked(hostname, 'a DNS name or an IP address'))
      .description('A DNS name, or an IPv4 or IPv6 address.'),
    port: Joi.number().integer().min(1).max(65535).description("The SSH port; by default the platform's."),
    username: printable.max(128).description('Who signs in there.'),
    services: Joi.array()
      .items(printable.max(128))
      .max(64)
      .unique()
      .description('Services that may be restarted, by name; the platform says what a name looks like.'),
    platformSettings: Joi.object()
      .unknown()
      .description('What the platform wants to know of it, as `settings` of GET /platforms describes.'),
    certificate: certificateSchema.allow(null),
    legacyAlgorithms: Joi.boolean().description('Whether outdated algorithms are offered to this one appliance.'),
    password: Joi.string().max(1024).allow(null).description('Goes in and never comes out; null removes it.'),
    privateKey: Joi.string()
      .max(32 * 1024, 'utf8')
      .custom(checked(privateKey, 'a private key in PEM or OpenSSH form'))
      .allow(null)
      .description('Goes in and never comes out; null removes it.'),
    passphrase: Joi.string().max(1024).allow(null).description("The private key's; null removes it."),
  };
}

/** The payloads of POST and PATCH; the platforms are asked when a payload comes, so plugins may add theirs later. */
export function connectionSchemas(platforms: PlatformRegistry) {
  const each = fields(platforms);
  return {
    create: Joi.object<NewConnection>({
      ...each,
      name: each.name.required(),
      platform: each.platform.required(),
      hostname: each.hostname.required(),
      username: each.username.required(),
      services: each.services.default([]),
      legacyAlgorithms: each.legacyAlgorithms.default(false),
      platformSettings: each.platformSettings.default({}),
      certificate: each.certificate.default(null),
    }).label('The connection'),
    change: Joi.object<ConnectionChange>(each).min(1).label('The change'),
  };
}

export const idParams = Joi.object<{ id: number }>({
  id: Joi.number().integer().min(1).max(2_147_483_647).required().description("The connection's id."),
});

export const listQuery = Joi.object({
  platform: Joi.string().max(32).description('Only connections of this platform.'),
  q: Joi.string().trim().max(128).description('Only those whose name or hostname contains this.'),
});

export const hostKeyPayload = Joi.object<{ fingerprint: string }>({
  fingerprint: matching(/^SHA256:[A-Za-z0-9+/]{43}$/, 'of the form SHA256:…')
    .required()
    .description('The fingerprint of the key that the host last showed.'),
}).label('The host key');
