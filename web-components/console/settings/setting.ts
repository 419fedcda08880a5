/** A platform's settings as fields of a form, out of the JSON schema that the server publishes. */
import type { JsonObject, Json } from '../../../server/operations/contract.js';
import { wordsOf } from '../../elements/history/result.js';
import { settingName } from './setting-name.js';

export type SettingKind = 'number' | 'text' | 'flag' | 'choice' | 'numbers' | 'texts';

export interface Setting {
  key: string;
  /** Of its input in the form. */
  name: string;
  label: string;
  kind: SettingKind;
  /** Whether it may be left empty, which then means null. */
  nullable: boolean;
  hint: string;
  choices: string[];
  /** Whether it may have several lines: certificates. */
  long: boolean;
  byDefault: Json | undefined;
}

/** What may be longer has lines. */
const longestLine = 4096;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function typesOf({ type, anyOf, enum: values }: JsonObject): string[] {
  const alternatives = Array.isArray(anyOf) ? anyOf.filter(isObject).flatMap(typesOf) : [];
  const named = Array.isArray(type) ? type : type === undefined ? [] : [type];
  const nulls = Array.isArray(values) && values.includes(null) ? ['null'] : [];
  return [...named, ...alternatives, ...nulls].filter((name): name is string => typeof name === 'string');
}

const isNumeric = (types: readonly string[]): boolean => types.includes('integer') || types.includes('number');

function kindOf(property: JsonObject): SettingKind {
  const types = typesOf(property);
  if (Array.isArray(property['enum'])) return 'choice';
  if (types.includes('boolean')) return 'flag';
  if (isNumeric(types)) return 'number';
  if (!types.includes('array')) return 'text';
  const { items } = property;
  return isObject(items) && isNumeric(typesOf(items)) ? 'numbers' : 'texts';
}

const labelOf = (key: string): string =>
  wordsOf(key)
    .replace(/ (seconds|ms)$/, ' ($1)')
    .replace(/\b(api|hmac|pem|tls|ttl|url)\b/gi, (word) => word.toUpperCase());

function settingOf(key: string, property: JsonObject): Setting {
  const { title, description, enum: values, default: byDefault } = property;
  return {
    key,
    name: settingName(key),
    label: typeof title === 'string' ? title : labelOf(key),
    kind: kindOf(property),
    nullable: typesOf(property).includes('null'),
    hint: typeof description === 'string' ? description : '',
    choices: Array.isArray(values) ? values.filter((value) => value !== null).map(String) : [],
    long: Number(property['maxLength']) > longestLine,
    byDefault,
  };
}

/** The settings in the schema's order; none where there is no schema. */
export function settingsOf(schema: JsonObject | null | undefined): Setting[] {
  const properties = schema?.['properties'];
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([key, property]) =>
    isObject(property) ? [settingOf(key, property)] : [],
  );
}

/** A value as it stands in its input. */
export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.map(String).join(', ') : String(value);
}

/** What is no number is sent as it was written: the server says what is wrong with it. */
const numberOf = (text: string): Json => (Number.isFinite(Number(text)) ? Number(text) : text);

const partsOf = (text: string, between: RegExp): string[] => text.split(between).filter((part) => part !== '');

/** What an input's text means; undefined: not given, so that the default counts. */
function valueOf({ kind, nullable }: Setting, text: string): Json | undefined {
  const trimmed = text.trim();
  if (kind === 'numbers') return partsOf(trimmed, /[\s,;]+/).map(numberOf);
  if (kind === 'texts') return partsOf(trimmed, /\s*,\s*/);
  if (trimmed === '' && nullable) return null;
  if (kind === 'number') return trimmed === '' ? undefined : numberOf(trimmed);
  return kind === 'choice' && trimmed === '' ? undefined : trimmed;
}

/** The settings that a filled-in form sends. */
export function settingsFrom(settings: readonly Setting[], form: FormData): JsonObject {
  const given = settings.map((setting): [string, Json | undefined] => {
    const value = form.get(setting.name);
    if (setting.kind === 'flag') return [setting.key, value !== null];
    return [setting.key, typeof value === 'string' ? valueOf(setting, value) : undefined];
  });
  return Object.fromEntries(given.filter((pair): pair is [string, Json] => pair[1] !== undefined));
}
