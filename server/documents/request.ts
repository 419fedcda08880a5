/** What a route takes, read from its own Joi schemas: parameters and body in OpenAPI's form. */
import type { RequestRoute } from '@hapi/hapi';
import Joi from 'joi';
import { jsonSchemaOf } from '../operations/definition.js';
import { text, type Schema } from './words.js';

declare module '@hapi/hapi' {
  interface PluginSpecificConfiguration {
    documents?: {
      /** Members of the body that the route itself fills with `{}` where they are missing, before it validates. */
      filled: readonly string[];
    };
  }
}

export type Part = 'params' | 'query' | 'headers' | 'payload';

const IN = { params: 'path', query: 'query', headers: 'header' } as const;
const METHODS_WITHOUT_BODY = ['get', 'head'];

/** The JSON Schema of one part of the request; null where the route does not look at it. */
export function schemaOf(route: RequestRoute, part: Part): Schema | null {
  const schema: unknown = route.settings.validate?.[part];
  return Joi.isSchema(schema) ? jsonSchemaOf(schema) : null;
}

const propertiesOf = (schema: Schema): Record<string, Schema> =>
  (schema['properties'] as Record<string, Schema> | undefined) ?? {};
const requiredOf = (schema: Schema): string[] => (schema['required'] as string[] | undefined) ?? [];

function parametersIn(route: RequestRoute, part: 'params' | 'query' | 'headers'): Schema[] {
  const schema = schemaOf(route, part) ?? {};
  return Object.entries(propertiesOf(schema)).map(([name, { description, ...rest }]) => ({
    name,
    in: IN[part],
    // A path without its part would be another path.
    required: part === 'params' || requiredOf(schema).includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

/** `/console/{file*}` in OpenAPI's form, `/console/{file}`. */
export const pathOf = (path: string): string => path.replace(/\{(\w+)[^}]*\}/g, '{$1}');

const namesIn = (path: string): string[] => [...path.matchAll(/\{(\w+)[^}]*\}/g)].map(([, name]) => name ?? '');

const ifNoneMatch: Schema = {
  name: 'if-none-match',
  in: 'header',
  required: false,
  description: 'The ETag of the last answer; 304 where it is still so.',
  schema: { type: 'string' },
};

export function parametersOf(route: RequestRoute, isTagged: boolean): Schema[] {
  const inPath = parametersIn(route, 'params');
  const described = new Set(inPath.map(({ name }) => name));
  const others = namesIn(route.path).filter((name) => !described.has(name));
  return [
    ...inPath,
    ...others.map((name) => ({ name, in: 'path', required: true, schema: text('A part of the path.') })),
    ...parametersIn(route, 'query'),
    ...parametersIn(route, 'headers'),
    ...(isTagged ? [ifNoneMatch] : []),
  ];
}

/** A member that the route fills in is only required where something within it is. */
function asSent(route: RequestRoute, schema: Schema): Schema {
  const filled = route.settings.plugins?.documents?.filled ?? [];
  const properties = propertiesOf(schema);
  const required = requiredOf(schema).filter(
    (name) => !filled.includes(name) || requiredOf(properties[name] ?? {}).length > 0,
  );
  const { required: _, ...rest } = schema;
  return required.length > 0 ? { ...rest, required } : rest;
}

/** Null where the route looks at no body. */
export function bodyOf(route: RequestRoute): Schema | null {
  const schema = schemaOf(route, 'payload');
  if (!schema) return null;
  const sent = asSent(route, schema);
  const takesNull = [schema['type']].flat().includes('null');
  const isFilled = route.settings.plugins?.documents !== undefined;
  const required = !takesNull && (!isFilled || requiredOf(sent).length > 0);
  return { required, content: { 'application/json': { schema: sent } } };
}

export const takesBody = (route: RequestRoute): boolean => !METHODS_WITHOUT_BODY.includes(route.method);
