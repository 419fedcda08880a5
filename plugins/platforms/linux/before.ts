/** What was found before the command, as it is stored and as whoever takes over reads it again. */
import Joi from 'joi';
import type { JsonObject } from '../../../server/operations/contract.js';
import type { HostFacts } from './host-facts.js';
import type { Look } from './look.js';

export interface Before {
  host: HostFacts;
  look: Look;
}

const schema = Joi.object<Before>({
  host: Joi.object({
    init: Joi.valid('systemd', 'openrc', 'sysv').required(),
    sudo: Joi.boolean().required(),
    program: Joi.string().allow(null).required(),
  }).required(),
  look: Joi.object({
    standing: Joi.valid('running', 'moving', 'down', 'failed').required(),
    state: Joi.string().required(),
    mark: Joi.string().allow(null).required(),
    underWay: Joi.boolean().required(),
    process: Joi.string().required(),
    facts: Joi.object().required(),
  }).required(),
});

export function stored({ host, look }: Before): JsonObject {
  return { host: { ...host }, look: { ...look } };
}

/** Null where it is not what this version writes. */
export function restored(before: JsonObject): Before | null {
  const { value, error } = schema.validate(before, { convert: false });
  return error ? null : value;
}
