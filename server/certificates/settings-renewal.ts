/** When a due renewal may run. */
import { CronExpressionParser } from 'cron-parser';

const FIRST_HOUR = 2;
const MINUTES = 4 * 60;
// Without a common divisor with MINUTES, and near its golden section: neighbours stand far apart, none together.
const STRIDE = 149;

/** Daily, at a minute from 02:00 to 05:59 that is always the same for the connection and another one for its neighbours. */
export function dailyCron(connectionId: number): string {
  const minute = (connectionId * STRIDE) % MINUTES;
  return `${minute % 60} ${FIRST_HOUR + Math.floor(minute / 60)} * * *`;
}

/** The expression with single spaces, or null where it is not one of five fields that comes true some day. */
export function cronExpression(text: string): string | null {
  const fields = text.trim().split(/\s+/u);
  // H means "any, by chance" to the parser: another one each time it is read.
  if (fields.length !== 5 || fields.some((field) => /(?<![a-z])h(?![a-z])/iu.test(field))) return null;
  const expression = fields.join(' ');
  try {
    CronExpressionParser.parse(expression, { tz: 'UTC' }).next();
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
  return expression;
}

/** The name of a time zone of the IANA database as it was given, or null. */
export function timeZone(text: string): string | null {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  return text;
}
