/** The words that the published shapes are written in: JSON Schema (2020-12), kept to what AsyncAPI's dialect knows too. */

export interface Schema {
  readonly [keyword: string]: unknown;
}

const of =
  (type: string) =>
  (description: string, more: Schema = {}): Schema => ({ type, description, ...more });

export const text = of('string');
export const whole = of('integer');
export const share = of('number');
export const flag = of('boolean');
/** Any JSON object; what is in it is said elsewhere. */
export const anything = of('object');

export const moment = (description: string): Schema => text(`${description} UTC.`, { format: 'date-time' });
export const durationMs = (description: string): Schema => whole(`${description} In milliseconds.`, { minimum: 0 });
export const oneOf = (values: readonly string[], description: string): Schema => text(description, { enum: values });
export const list = (items: Schema, description: string): Schema => ({ type: 'array', description, items });
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

export function orNull(schema: Schema): Schema {
  if ('$ref' in schema) return { anyOf: [schema, { type: 'null' }] };
  const values = schema['enum'] as readonly string[] | undefined;
  return { ...schema, type: [schema['type'], 'null'], ...(values ? { enum: [...values, null] } : {}) };
}

/**
 * The shape of the type T: the compiler holds it to T's fields, so that neither has one that the other lacks. Fields are
 * always there but for those named as optional. More fields may come with later versions.
 */
export function record<T>(
  description: string,
  fields: { [K in keyof T]-?: Schema },
  optional: readonly (keyof T & string)[] = [],
): Schema {
  const required = Object.keys(fields).filter((name) => !(optional as readonly string[]).includes(name));
  return { type: 'object', description, properties: fields, required };
}
