/** What a platform must look like to be let in: asserted once, when it is registered. */
import Joi from 'joi';
import { jsonSchemaOf } from '../operations/definition.js';
import type { Platform } from './contract.js';

type Check = [key: keyof Platform, what: string, fits: (value: unknown) => boolean];

const isWords = (value: unknown) => typeof value === 'string' && value.trim() !== '';

const optional = (fits: Check[2]) => (value: unknown) => value === undefined || fits(value);

/** Anchored, so that nothing stands beside the name; without flags that make it remember, or match a single line. */
const isWholeName = (value: unknown) =>
  value instanceof RegExp && /^\^.*\$$/.test(value.source) && !/[gmy]/.test(value.flags);

/** A form and a new connection need a value for every key, so nothing at all must be enough for the schema. */
function isSettings(value: unknown): boolean {
  if (!Joi.isSchema(value) || value.type !== 'object') return false;
  return value.validate({}).error === undefined && typeof jsonSchemaOf(value) === 'object';
}

const isPort = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535;

const isPorts = (value: unknown) =>
  Array.isArray(value) && value.every(isPort) && new Set<unknown>(value).size === value.length;

/** What a platform says of its certificates, in the contract's shape. */
function isCertificate(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { keyBy, ports, restartService, settings } = value as Partial<Record<string, unknown>>;
  return (
    (keyBy === 'device' || keyBy === 'signalbox') &&
    isPorts(ports) &&
    (restartService === null || isWords(restartService)) &&
    (settings === undefined || isSettings(settings))
  );
}

const checks: Check[] = [
  [
    'name',
    'a word of a-z, 0-9, _ and -',
    (value) => typeof value === 'string' && /^[a-z][a-z0-9_-]{0,31}$/.test(value),
  ],
  ['title', 'some words', isWords],
  ['defaultPort', 'a port from 1 to 65535', isPort],
  ['defaultService', 'a name or null', (value) => value === null || isWords(value)],
  ['servicePattern', 'a RegExp from ^ to $ without the flags g, m and y', optional(isWholeName)],
  [
    'restartDurationMs',
    'a number of milliseconds above 0',
    optional((value) => typeof value === 'number' && Number.isFinite(value) && value > 0),
  ],
  ['settings', 'a Joi object schema with a default for each key', optional(isSettings)],
  [
    'certificate',
    'keyBy (device or signalbox), ports, restartService (a name or null) and settings (as above)',
    optional(isCertificate),
  ],
  ['settingsByAdmin', 'true or false', optional((value) => typeof value === 'boolean')],
];

/** The optional parts of a platform: whatever is there and is not described above. */
export function capabilitiesOf(platform: Platform): [name: string, part: unknown][] {
  const plain = checks.map(([key]) => String(key));
  return Object.entries(platform).filter(([key, value]) => !plain.includes(key) && value !== undefined);
}

const shown = (value: unknown) => (value instanceof RegExp ? String(value) : (JSON.stringify(value) ?? typeof value));

type Refuse = (key: string, what: string, got: unknown) => never;

/** What has to be there beside something else. */
function assertTogether(platform: Platform, refuse: Refuse): void {
  const { defaultService, servicePattern, restartService } = platform;
  if (restartService && !servicePattern) refuse('servicePattern', 'there beside restartService', servicePattern);
  if (defaultService !== null && servicePattern && !servicePattern.test(defaultService))
    refuse('defaultService', 'a name that servicePattern lets through', defaultService);
}

function assertCertificates(platform: Platform, refuse: Refuse): void {
  const { certificate, servicePattern, placeChallenge, removeChallenge } = platform;
  if (platform.installCertificate && !certificate)
    refuse('certificate', 'there beside installCertificate', certificate);
  if (placeChallenge && !removeChallenge) refuse('removeChallenge', 'there beside placeChallenge', removeChallenge);
  if (removeChallenge && !placeChallenge) refuse('placeChallenge', 'there beside removeChallenge', placeChallenge);
  if (certificate?.keyBy === 'device' && !platform.makeCsr)
    refuse('makeCsr', 'there where the device makes the key', platform.makeCsr);
  const service = certificate?.restartService ?? null;
  if (service !== null && !(platform.restartService && servicePattern?.test(service)))
    refuse('certificate.restartService', 'a service that restartService can restart', service);
}

/** Throws one sentence, "platform x: expected … to be …, got …", where the shape is wrong. */
export function assertPlatform(platform: Platform): void {
  const refuse: Refuse = (key, what, got) => {
    throw new Error(`platform ${String(platform.name)}: expected ${key} to be ${what}, got ${shown(got)}`);
  };
  for (const [key, what, fits] of checks) if (!fits(platform[key])) refuse(key, what, platform[key]);
  for (const [key, value] of capabilitiesOf(platform))
    if (typeof value !== 'function') refuse(key, 'a function', value);
  assertTogether(platform, refuse);
  assertCertificates(platform, refuse);
}
