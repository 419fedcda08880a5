/** The published shapes as a check: Ajv over a document, with every field that no shape names counted as a mistake. */
import Ajv from 'ajv';
import type { Schema } from '../words.js';

// A code brings members of its own, and a type may name its id as it likes.
const OPEN = ['Problem', 'PlannedAnswer'];

/** What publishes no fields may hold any; what publishes some, only those. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const members = Object.entries(schema).map(([key, value]) => [key, closed(value)]);
  const result = Object.fromEntries(members) as Schema;
  return 'properties' in result && result['type'] !== undefined ? { additionalProperties: false, ...result } : result;
}

export interface ShapeCheck {
  /** What is wrong with a value; null where it is of the schema's shape. */
  problem(schema: Schema, value: unknown): string | null;
}

/** Checks against the schemas of a document; references point into it. */
export function shapeCheck(document: { components: { schemas: Record<string, Schema> } }): ShapeCheck {
  // The shapes keep to what this version of Ajv knows of 2020-12.
  const ajv = new Ajv({ allErrors: true });
  const schemas = Object.fromEntries(
    Object.entries(document.components.schemas).map(([name, schema]) => [
      name,
      OPEN.includes(name) ? schema : closed(schema),
    ]),
  );
  ajv.addSchema({ $id: 'document', components: { schemas } });
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
  return {
    problem(schema, value) {
      const text = JSON.stringify(schema).replaceAll('"#/', '"document#/');
      const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object);
      compiled.set(text, validate);
      return validate(value) ? null : ajv.errorsText(validate.errors, { dataVar: 'it' });
    },
  };
}
