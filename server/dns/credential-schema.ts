/** What an admin may send about a DNS credential. No message repeats a refused value: it may be a secret. */
import Joi from 'joi';
import { hostname } from '../connections/hostname.js';
import { isIP } from 'node:net';
import type { DnsCredentialChange } from './contract.js';

// \p{C} has the control, format and unassigned characters: none of them can be seen, some turn the text around.
const printable = Joi.string()
  .pattern(/^[^\p{C}\p{Zl}\p{Zp}]+$/u)
  .messages({ 'string.pattern.base': '{{#label}} must be made of printable characters' });

const fields = {
  name: printable.trim().max(128).description('What people call it.'),
  provider: printable.max(64).description('A name of GET /dns-providers.'),
  settings: Joi.object()
    .unknown()
    .description('What the provider wants to know, as `settings` of GET /dns-providers describes; secrets among them.'),
};

export const newCredential = Joi.object<Required<DnsCredentialChange>>({
  name: fields.name.required(),
  provider: fields.provider.required(),
  settings: fields.settings.required(),
})
  .required()
  .label('The DNS credential');

export const credentialChange = Joi.object<DnsCredentialChange>(fields).min(1).required().label('The change');

/** A DNS name in lower case without a leading `*.`; null where it is none. */
function domain(text: string): string | null {
  const name = hostname(text.replace(/^\*\./, ''));
  return name === null || isIP(name) !== 0 ? null : name;
}

const checkedName = Joi.string()
  .trim()
  .max(253)
  .custom(
    (value: string, helpers) => domain(value) ?? helpers.message({ custom: '{{#label}} must be a DNS name' }),
    'a DNS name',
  )
  .description('A name that certificates are wanted for, such as example.org.');

export const checkPayload = Joi.object<{ name: string }>({ name: checkedName.required() })
  .required()
  .label('The check');

export const idParams = Joi.object<{ id: number }>({
  id: Joi.number().integer().min(1).max(2_147_483_647).required().description('The id of the DNS credential.'),
});

export const noQuery = Joi.object({});
