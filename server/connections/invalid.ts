/** The 400 for what only the handler can check, in the same form as that of a payload's schema. */
import type { Boom } from '@hapi/boom';
import { problem } from '../problems/problems.js';

/** `message` names the field and never repeats the refused value; it ends without a full stop. */
export interface FieldError {
  path: (string | number)[];
  message: string;
}

export function invalid(fields: FieldError[]): Boom {
  const errors = fields.map(({ path, message }) => ({ pointer: path.map((part) => `/${part}`).join(''), message }));
  return problem('VALIDATION_FAILED', { message: `${errors[0]?.message}.`, members: { errors } });
}
