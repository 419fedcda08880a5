/** A definition is asserted once, when it is registered, and published in the form that pages and programs read. */
import Joi from 'joi';
import type { JsonObject, OperationDefinition, PublishedDefinition } from './contract.js';

const MAX_DURATION_MS = 24 * 60 * 60 * 1000;
const text = (max: number) => Joi.string().min(1).max(max);
const word = Joi.string()
  .pattern(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'snake_case')
  .max(64);

const step = Joi.object({
  key: word.required(),
  title: text(80).required(),
  weight: Joi.number().positive().required(),
  timeoutMs: Joi.number().integer().min(1).max(MAX_DURATION_MS),
  cancellable: Joi.boolean(),
  paced: Joi.boolean(),
});

const definition = Joi.object({
  type: word.required(),
  title: text(80).required(),
  description: text(400).required(),
  labels: Joi.object({ idle: text(60).required(), busy: text(60).required(), done: text(60).required() }).required(),
  display: Joi.string().valid('spinner', 'bar', 'steps').required(),
  confirm: text(300).allow(null).required(),
  cancellable: Joi.boolean().required(),
  resumable: Joi.boolean().required(),
  steps: Joi.array().items(step).min(1).max(100).unique('key').required(),
  params: Joi.object().instance(Object).required(),
  estimatedDurationMs: Joi.number().integer().min(1).max(MAX_DURATION_MS).required(),
  timeoutMs: Joi.number().integer().min(1).max(MAX_DURATION_MS).required(),
  alias: Joi.object({
    path: Joi.string()
      .pattern(/^[a-z][a-z0-9-]*$/)
      .required(),
    message: text(120).required(),
    idField: Joi.string().pattern(/^[a-z][A-Za-z0-9]*$/),
  }),
  prepare: Joi.function(),
  estimateMs: Joi.function(),
  run: Joi.function().required(),
});

/** Throws one sentence, "<type>: expected X to be Y, got Z", where a definition is not of the contract's shape. */
export function assertDefinition(candidate: OperationDefinition): void {
  const name = typeof candidate?.type === 'string' ? candidate.type : 'operation type';
  const { error } = definition.validate(candidate, { errors: { wrap: { label: false } } });
  if (error) {
    const detail = error.details[0];
    const got = JSON.stringify(detail?.context?.value) ?? 'nothing';
    throw new Error(`${name}: expected a definition of the contract's shape: ${detail?.message}, got ${got}`);
  }
  if (!Joi.isSchema(candidate.params) || candidate.params.type !== 'object')
    throw new Error(`${name}: expected params to be a Joi object schema, got ${typeof candidate.params}`);
}

interface JsonSchemaSource {
  '~standard': { jsonSchema: { input(options: { target: string }): Record<string, unknown> } };
}

/** JSON Schema (2020-12) of a Joi schema, for forms and documents. */
export function jsonSchemaOf(schema: Joi.Schema): JsonObject {
  const source = schema as unknown as JsonSchemaSource;
  return source['~standard'].jsonSchema.input({ target: 'draft-2020-12' }) as JsonObject;
}

export function publish(candidate: OperationDefinition): PublishedDefinition {
  const { type, title, description, labels, display, confirm, cancellable, steps, params } = candidate;
  return {
    type,
    title,
    description,
    labels,
    display,
    confirm,
    cancellable,
    steps: steps.map(({ key, title: stepTitle, weight }) => ({ key, title: stepTitle, weight })),
    params: jsonSchemaOf(params),
    estimatedDuration: candidate.estimatedDurationMs,
  };
}
