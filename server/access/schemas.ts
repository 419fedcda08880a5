/** The words that the routes of accounts and grants share. */
import Joi from 'joi';
import { GRANT_ROLES, ROLES } from './roles.js';

export const USERNAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

export const username = Joi.string()
  .pattern(USERNAME, 'letters, digits, dot, underscore, at and hyphen')
  .description(
    'The account: 1 to 64 letters, digits, dots, underscores, ats and hyphens, the first a letter or digit.',
  );

export const role = Joi.string()
  .valid(...ROLES)
  .description('What the account may do: viewers read, operators also start, admins manage.');

export const grantRole = Joi.string()
  .valid(...GRANT_ROLES)
  .description('What the user may do on this connection; the lower of this and the account counts.');

// The largest id that both databases keep in an INTEGER column.
export const connectionId = Joi.number().integer().min(1).max(2_147_483_647).description('The id of the connection.');

/** What these routes take: a few fields of JSON, and no form that another site's page could send. */
export const smallJson = { allow: 'application/json', maxBytes: 16_384 };
