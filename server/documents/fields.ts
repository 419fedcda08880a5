/** A JSON Schema as rows that a person can read: a name, what may stand there, what it means. */
import type { Schema } from './words.js';

export interface Field {
  name: string;
  /** What may stand there, in words. */
  form: string;
  isRequired: boolean;
  description: string;
}

const nameOfRef = (schema: Schema): string => String(schema['$ref']).split('/').at(-1) ?? '';

const limits: [string, (value: unknown) => string][] = [
  ['minimum', (value) => `at least ${String(value)}`],
  ['maximum', (value) => `at most ${String(value)}`],
  ['maxLength', (value) => `up to ${String(value)} characters`],
  ['maxItems', (value) => `up to ${String(value)} items`],
  ['format', String],
  ['default', (value) => `by default ${JSON.stringify(value)}`],
];

function typeOf(schema: Schema): string {
  if ('$ref' in schema) return nameOfRef(schema);
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  if (choices) return choices.map(typeOf).join(' or ');
  if (schema['const'] !== undefined) return JSON.stringify(schema['const']);
  const values = schema['enum'] as unknown[] | undefined;
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  const types = [schema['type'] ?? 'anything'].flat().join(' or ');
  const items = schema['items'] as Schema | undefined;
  return items ? `${types} of ${typeOf(items)}` : types;
}

/** What may stand there: `integer, at least 1, at most 200, by default 50`. */
export function formOf(schema: Schema): string {
  const said = limits.filter(([keyword]) => schema[keyword] !== undefined);
  return [typeOf(schema), ...said.map(([keyword, words]) => words(schema[keyword]))].join(', ');
}

/** The fields of an object; those within an object stand behind it, with its name in front of theirs. */
export function fieldsOf(schema: Schema, within = ''): Field[] {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const required = (schema['required'] ?? []) as string[];
  return Object.entries(properties).flatMap(([key, property]) => {
    const name = within + key;
    const field: Field = {
      name,
      form: formOf(property),
      isRequired: required.includes(key),
      description: String(property['description'] ?? ''),
    };
    return [field, ...fieldsOf(property, `${name}.`)];
  });
}
