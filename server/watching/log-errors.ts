/** An error as the log shows it: what happened and where, without the values of a statement. */

const MOST_CAUSES = 4;
const STATEMENT =
  /^\s*(insert|select|update|delete|with|create|alter|drop|begin|commit|rollback|pragma|savepoint|release)\b/i;

export interface DescribedError {
  type: string;
  message: string;
  code?: string;
  stack: string;
  cause?: DescribedError;
}

// knex puts the statement before the driver's words, and SQLite's statements carry the values that were bound to them.
function withoutStatement(message: string): string {
  const at = STATEMENT.test(message) ? message.lastIndexOf(' - ') : -1;
  if (at >= 0) return message.slice(at + 3);
  return STATEMENT.test(message) ? 'A statement failed.' : message;
}

function framesOf(error: Error): string {
  const stack = error.stack ?? '';
  const at = stack.search(/\n {4}at /);
  return at < 0 ? '' : stack.slice(at + 1);
}

/** Type, code, message, stack and causes of an error, and nothing else that hangs on it. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error))
    return { type: typeof error, message: 'Something that is no error was thrown.', stack: '' };
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: withoutStatement(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    stack: framesOf(error),
    ...(error.cause !== undefined && depth < MOST_CAUSES ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}
