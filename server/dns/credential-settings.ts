/** The settings of a DNS credential, as its provider's own schema describes them: checked, and split by what may be seen. */
import type Joi from 'joi';
import { invalid } from '../connections/invalid.js';
import type { Json, JsonObject } from '../operations/contract.js';
import type { CheckedDnsProvider, DnsProvider } from './contract.js';

/** Where the providers are asked for; the registry is one. */
export interface DnsProviders {
  get(name: string): CheckedDnsProvider | undefined;
}

export interface SplitSettings {
  shown: JsonObject;
  secrets: JsonObject;
}

const LABEL = 'settings';

// Joi's own words for these repeat the refused value; a provider's own words, if it has some, stay.
const NOT_OF_THE_FORM = '{{#label}} is not of the expected form';
const messages = {
  'string.pattern.base': NOT_OF_THE_FORM,
  'string.pattern.name': '{{#label}} must be of the form “{{#name}}”',
  'string.pattern.invert.base': NOT_OF_THE_FORM,
  'string.pattern.invert.name': '{{#label}} must not contain {{#name}}',
};

const options: Joi.ValidationOptions = { abortEarly: false, errors: { wrap: { label: false } }, messages };

const isThere = (value: Json): boolean => value !== null && value !== '';

function split({ secrets }: DnsProvider, settings: JsonObject): SplitSettings {
  const entries = Object.entries(settings);
  return {
    shown: Object.fromEntries(entries.filter(([key]) => !secrets.includes(key))),
    secrets: Object.fromEntries(entries.filter(([key, value]) => secrets.includes(key) && isThere(value))),
  };
}

/** Checked and completed by the defaults; throws a problem that names each field. `kept` are secrets that were not given. */
export function checkedSettings(provider: DnsProvider, given: JsonObject, kept: JsonObject = {}): SplitSettings {
  const { value, error } = provider.settings.label(LABEL).validate({ ...kept, ...given }, options);
  if (error) throw invalid(error.details.map(({ path, message }) => ({ path: [LABEL, ...path], message })));
  return split(provider, value as JsonObject);
}

/** The opened settings as the provider gets them; null where it no longer accepts them. It may be a newer one than theirs. */
export function completedSettings(provider: DnsProvider, settings: JsonObject): JsonObject | null {
  const { value, error } = provider.settings.validate(settings, { stripUnknown: true });
  return error ? null : (value as JsonObject);
}

/** Those that may be seen now: a newer provider may call another one secret. */
export function withoutSecrets(provider: DnsProvider | undefined, settings: JsonObject): JsonObject {
  return provider ? split(provider, settings).shown : settings;
}
