/**
 * The messages that a client may send, by their exact shapes (nes protocol 2): nes itself takes them on trust.
 * `request` and `message` are blocked: they would reach routes past every rule of the HTTP side.
 */
import { isCanonicalPath } from './canonical-path.js';

export type FrameType = 'hello' | 'reauth' | 'sub' | 'unsub' | 'ping';

/** Why a message was refused; the label of its counter. */
export type FrameRefusal = 'binary' | 'json' | 'type' | 'path' | 'shape';

export interface Frame {
  type: FrameType;
  text: string;
}

export type FrameReading = Frame | { refusal: FrameRefusal };

type Fields = Record<string, unknown>;

interface Shape {
  required: readonly string[];
  optional: readonly string[];
}

const MAX_SUBSCRIPTIONS = 200;
const MAX_TOKEN_CHARS = 12_000;

const SHAPES: ReadonlyMap<FrameType, Shape> = new Map([
  ['hello', { required: ['version'], optional: ['auth', 'subs'] }],
  ['reauth', { required: ['auth'], optional: [] }],
  ['sub', { required: ['path'], optional: [] }],
  ['unsub', { required: ['path'], optional: [] }],
  ['ping', { required: [], optional: [] }],
]);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isId = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isSafeInteger(value) && value > 0
    : typeof value === 'string' && /^[\w.:-]{1,64}$/.test(value);

/** Another version than 2 passes: nes' own answer tells an old client so. */
const isVersion = (value: unknown): boolean => typeof value === 'string' && /^[0-9.]{1,8}$/.test(value);

/** The one member of an object that has no other. */
function only(value: unknown, name: RegExp): unknown {
  if (!isFields(value)) return undefined;
  const [key, ...others] = Object.keys(value);
  return key !== undefined && others.length === 0 && name.test(key) ? value[key] : undefined;
}

function isAuth(value: unknown): boolean {
  const authorization = only(only(value, /^headers$/), /^authorization$/i);
  return (
    typeof authorization === 'string' && authorization.length <= MAX_TOKEN_CHARS && /^[\x20-\x7e]+$/.test(authorization)
  );
}

const isSubs = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= MAX_SUBSCRIPTIONS && value.every(isCanonicalPath);

const FIELDS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['id', isId],
  ['version', isVersion],
  ['auth', isAuth],
  ['subs', isSubs],
  ['path', isCanonicalPath],
]);

/** The first thing that is wrong with a message of this shape, or null. */
function flaw(fields: Fields, shape: Shape): FrameRefusal | null {
  const required = ['type', 'id', ...shape.required];
  if (!required.every((name) => Object.hasOwn(fields, name))) return 'shape';
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'type') continue;
    if (!required.includes(name) && !shape.optional.includes(name)) return 'shape';
    if (!FIELDS.get(name)?.(value)) return name === 'path' || name === 'subs' ? 'path' : 'shape';
  }
  return null;
}

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Reads one message as it came from the socket; never throws for what a client sent. */
export function readFrame(data: Buffer, isBinary: boolean): FrameReading {
  if (isBinary) return { refusal: 'binary' };
  const text = data.toString('utf8');
  const parsed = parse(text);
  if (!parsed) return { refusal: 'json' };
  const fields = parsed.value;
  if (!isFields(fields)) return { refusal: 'shape' };
  const type = fields['type'] as FrameType;
  const shape = SHAPES.get(type);
  if (!shape) return { refusal: 'type' };
  const refusal = flaw(fields, shape);
  return refusal ? { refusal } : { type, text };
}
