/** SIGNALBOX_JWT_ISSUERS: the portals whose own tokens are taken, checked entry by entry. */
import { createPublicKey } from 'node:crypto';
import Joi from 'joi';
import type { PortalIssuer } from './config.js';
import { SettingMistake } from './values.js';

// Only algorithms with a key pair: with a shared secret every verifier could also sign.
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const OURS = 'signalbox';

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

// Who can change the keys on their way can sign in as anybody, so plain http is for the same machine only.
function jwksUrl(value: string, helpers: Joi.CustomHelpers): string | Joi.ErrorReport {
  const url = URL.canParse(value) ? new URL(value) : null;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  return safe ? value : helpers.message({ custom: '{{#label}} must be an https address' });
}

function publicKey(value: string, helpers: Joi.CustomHelpers): string | Joi.ErrorReport {
  const wrong = () => helpers.message({ custom: '{{#label}} must be a public key in PEM form' });
  if (!/^\s*-----BEGIN (RSA )?PUBLIC KEY-----/.test(value)) return wrong();
  try {
    createPublicKey(value);
    return value;
  } catch {
    return wrong();
  }
}

const word = Joi.string()
  .pattern(/^[a-z0-9][a-z0-9_-]{0,31}$/)
  .messages({ 'string.pattern.base': '{{#label}} must be a short word of a-z, 0-9, - and _' });

const issuer = Joi.object<PortalIssuer>({
  name: word.required().invalid(OURS),
  issuer: Joi.string().max(1024).required().invalid(OURS),
  audience: Joi.string().max(1024).required(),
  jwksUrl: Joi.string().custom(jwksUrl),
  publicKey: Joi.string().custom(publicKey),
  algorithms: Joi.array()
    .items(Joi.string().valid(...ALGORITHMS))
    .min(1)
    .unique()
    .default(['RS256', 'ES256', 'EdDSA']),
  userClaim: Joi.string().max(128).default('sub'),
  maxRole: Joi.string().valid('viewer', 'operator', 'admin').default('operator'),
})
  .xor('jwksUrl', 'publicKey')
  .messages({
    'object.missing': '{{#label}} needs jwksUrl or publicKey',
    'object.xor': '{{#label}} must have either jwksUrl or publicKey, not both',
    'any.invalid': `{{#label}} must not be ${OURS}: that name is our own`,
  });

// One issuer, one set of keys: with two, the weaker one would decide.
const issuers = Joi.array<PortalIssuer[]>().items(issuer).unique('issuer').unique('name').label('the list').messages({
  'array.unique': '{{#label}} repeats the {{#path}} of another entry',
});

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (error) {
    throw new SettingMistake('expected a JSON array of issuers', { cause: error });
  }
}

/** The issuers of a JSON array; throws a SettingMistake that names everything wrong in it. */
export function jwtIssuers(value: string): PortalIssuer[] {
  const { error, value: list } = issuers.validate(parsed(value), { abortEarly: false, convert: false });
  if (error) throw new SettingMistake(error.details.map(({ message }) => message.replaceAll('"', '')).join('; '));
  return list;
}
