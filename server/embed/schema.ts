/** What POST /auth/embed-tokens takes. The limits keep the token well below what a header may hold. */
import Joi from 'joi';
import { connectionId } from '../access/schemas.js';
import { EMBED_ACTIONS, EMBED_SECONDS } from './tokens.js';

const LONGEST_TYPE = 64;
const LONGEST_ORIGIN = 200;

/** As a browser writes it: no path, no default port, lower case. */
function exactOrigin(value: string, tools: Joi.CustomHelpers<string>) {
  const isExact = URL.canParse(value) && /^https?:/.test(value) && new URL(value).origin === value;
  return isExact ? value : tools.error('any.invalid');
}

export interface Wanted {
  connections: number[];
  operations: string[] | null;
  actions: (typeof EMBED_ACTIONS)[number][];
  origins: string[];
  ttlSeconds: number;
}

export const wanted = Joi.object({
  connections: Joi.array()
    .items(connectionId)
    .min(1)
    .max(200)
    .unique()
    .required()
    .description('The connections that it is for, by id: 1 to 200 that you may see.'),
  operations: Joi.array()
    .items(Joi.string().max(LONGEST_TYPE))
    .min(1)
    .max(20)
    .unique()
    .allow(null)
    .default(null)
    .description('The operation types that it is for, at most 20; null: every type.'),
  actions: Joi.array()
    .items(Joi.string().valid(...EMBED_ACTIONS))
    .min(1)
    .unique()
    .default(['read'])
    .description('What it may do; read is always among it.'),
  origins: Joi.array()
    .items(
      Joi.string()
        .max(LONGEST_ORIGIN)
        .custom(exactOrigin)
        .messages({ 'any.invalid': '{{#label}} must be an origin such as https://portal.example' }),
    )
    .max(8)
    .unique()
    .default([])
    .description('Origins of the pages that may use it, at most 8 of ours or SIGNALBOX_ALLOWED_ORIGINS; empty: any.'),
  ttlSeconds: Joi.number()
    .integer()
    .min(10)
    .max(EMBED_SECONDS.longest)
    .default(EMBED_SECONDS.default)
    .description('How long it lives, in seconds; it ends no later than the token that you ask with.'),
})
  .required()
  .label('The token');
