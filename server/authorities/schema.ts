/** What an admin may send about a CA. No message repeats a refused value: it may be a secret. */
import Joi from 'joi';
import type { CertificateAuthorityChange } from './contract.js';
import { certificatesPem } from './pem.js';

const PEM_BYTES = 32 * 1024;

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

/** The URL in its usual form: https, and without anything that could be a secret or would not be sent. */
function directoryUrl(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, username, password, hash, href } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && hash === '' ? href : null;
}

const pem = Joi.string()
  .max(PEM_BYTES, 'utf8')
  .custom(checked(certificatesPem, 'one to 20 certificates as PEM, and nothing else'))
  .allow(null);

// RFC 8555 §7.3: a mailto URL of one address, without header fields.
const email = Joi.string()
  .max(254)
  .email({ tlds: { allow: false }, allowUnicode: false, minDomainSegments: 1 })
  .pattern(/^[^?,%&]+$/)
  .messages({
    'string.email': '{{#label}} must be an email address',
    'string.pattern.base': '{{#label}} must be an email address without ?, comma, % and &',
  });

const fields = {
  name: printable.trim().max(128).description('What people call it.'),
  directoryUrl: Joi.string()
    .trim()
    .max(2048)
    .custom(checked(directoryUrl, 'an https URL without credentials and fragment'))
    .description('Where its ACME directory is; another one forgets the account and the terms that were agreed to.'),
  directoryRootsPem: pem.description('Roots for the TLS of the directory itself, as PEM; null: only the system’s.'),
  issuedRootsPem: pem.description('Roots that issued chains must end in, as PEM; null: the system’s.'),
  contactEmails: Joi.array().items(email).max(10).unique().description('Whom the CA may write to.'),
  eabKeyId: printable
    .max(512)
    .allow(null)
    .description('The key id of an external account binding, where the CA asks for one.'),
  eabHmacKey: matching(/^[A-Za-z0-9_-]{16,1024}={0,2}$/, '16 to 1024 characters of base64url')
    .allow(null)
    .description('The HMAC key of the binding as base64url. Goes in and never comes out; null removes it.'),
  termsAgreed: Joi.boolean().description('Agrees to the CA’s terms in your name, or takes that back.'),
  isDefault: Joi.boolean().valid(true).description('Makes it the CA of connections that choose none.'),
};

export const newAuthority = Joi.object<CertificateAuthorityChange & { name: string; directoryUrl: string }>({
  ...fields,
  name: fields.name.required(),
  directoryUrl: fields.directoryUrl.required(),
})
  .required()
  .label('The CA');

export const authorityChange = Joi.object<CertificateAuthorityChange>(fields).min(1).required().label('The change');

export const idParams = Joi.object<{ id: number }>({
  id: Joi.number().integer().min(1).max(2_147_483_647).required().description('The id of the CA.'),
});

export const noQuery = Joi.object({});
