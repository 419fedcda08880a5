/** What each switch may be: the same rule for a request, for an answer and for what the database holds. */
import Joi from 'joi';
import type { SwitchName } from './contract.js';

const values: Record<SwitchName, Joi.Schema> = {
  realtime: Joi.string()
    .valid('on', 'off')
    .description('Whether pages get live updates over a WebSocket: on, or off (they poll).'),
  // Strict, so that `true` or '25' is no percentage.
  realtimeRollout: Joi.number()
    .strict()
    .integer()
    .min(0)
    .max(100)
    .description('The share of users, in percent and stable by user, who get the WebSocket.'),
};

export const SWITCHES = Object.keys(values) as SwitchName[];

const eachSwitch = (schemaOf: (value: Joi.Schema) => Joi.Schema): Joi.SchemaMap =>
  Object.fromEntries(SWITCHES.map((name) => [name, schemaOf(values[name])]));

/** The body of PATCH /settings. */
export const change = Joi.object(eachSwitch((value) => value.allow(null)))
  .min(1)
  .required();

const overrideOf = (value: Joi.Schema) =>
  Joi.object({
    value: value.required(),
    changedBy: Joi.string().required().description('The admin who changed it.'),
    changedAt: Joi.string().isoDate().required().description('When it was changed.'),
  });

const counting = eachSwitch((value) => value.required());

export const answer = Joi.object({
  ...counting,
  environment: Joi.object(counting).required().description('What counts where an admin has changed nothing.'),
  overrides: Joi.object(eachSwitch((value) => overrideOf(value).allow(null).required()))
    .required()
    .description('What an admin has changed; null: the environment’s value counts.'),
}).label('Settings');

/** An override as the database holds it; throws where it is none: a word that means nothing must not switch anything. */
export function overrideFrom(name: SwitchName, text: string): unknown {
  const { error, value } = overrideOf(values[name]).validate(JSON.parse(text));
  if (error)
    throw new Error(`settings: expected ${name} to be stored as it may be set, got ${text}.`, { cause: error });
  return value;
}
