/** What a DNS provider must look like to be let in: asserted once, when it is registered. */
import Joi from 'joi';
import { jsonSchemaOf } from '../operations/definition.js';
import type { DnsProvider } from './contract.js';

type Check = [key: keyof DnsProvider, what: string, fits: (value: unknown) => boolean];

const isFlag = (value: unknown) => value === undefined || typeof value === 'boolean';
const isFunction = (value: unknown) => typeof value === 'function';
const isNames = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string');
const isSettings = (value: unknown) =>
  Joi.isSchema(value) && value.type === 'object' && typeof jsonSchemaOf(value) === 'object';

const checks: Check[] = [
  [
    'name',
    'a word of a-z, 0-9, _ and -',
    (value) => typeof value === 'string' && /^[a-z][a-z0-9_-]{0,31}$/.test(value),
  ],
  ['title', 'some words', (value) => typeof value === 'string' && value.trim() !== ''],
  ['settings', 'a Joi object schema', isSettings],
  ['secrets', 'names of settings', isNames],
  ['manual', 'true or false', isFlag],
  ['followsCname', 'true or false', isFlag],
  ['place', 'a function', isFunction],
  ['remove', 'a function', isFunction],
  ['confirm', 'a function', (value) => value === undefined || isFunction(value)],
  ['check', 'a function', (value) => value === undefined || isFunction(value)],
];

interface Described {
  flags?: { description?: string; presence?: string; default?: unknown };
}

/** A form needs to know each setting, and a credential that leaves one out needs its default. */
function describedKeys(settings: Joi.ObjectSchema): [key: string, described: Described][] {
  return Object.entries((settings.describe()['keys'] ?? {}) as Record<string, Described>);
}

const shown = (value: unknown) => JSON.stringify(value) ?? typeof value;

/** Throws one sentence, "DNS provider x: expected … to be …, got …", where the shape is wrong. */
export function assertDnsProvider(provider: DnsProvider): void {
  const refuse = (key: string, what: string, got: unknown): never => {
    throw new Error(`DNS provider ${String(provider.name)}: expected ${key} to be ${what}, got ${shown(got)}`);
  };
  for (const [key, what, fits] of checks) if (!fits(provider[key])) refuse(key, what, provider[key]);
  const known = checks.map(([key]) => String(key));
  for (const key of Object.keys(provider)) if (!known.includes(key)) refuse(key, 'left out', Object(provider)[key]);
  const keys = describedKeys(provider.settings);
  for (const [key, { flags = {} }] of keys) {
    if (!flags.description) refuse(`settings.${key}`, 'described', flags.description);
    if (flags.presence !== 'required' && flags.default === undefined)
      refuse(`settings.${key}`, 'required or to have a default', flags.default);
  }
  for (const secret of provider.secrets)
    if (!keys.some(([key]) => key === secret)) refuse('secrets', 'keys of settings', secret);
}
