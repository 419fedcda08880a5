/** The answers of a route in OpenAPI's form: those of the table, and the errors that its schemas and its door bring. */
import { codes, type Code } from '../problems/codes.js';
import { headers, type Answer, type HeaderName, type RouteAnswers } from './answers.js';
import { ref, text, type Schema } from './words.js';

/** What a route takes, as far as its errors go. */
export interface Intake {
  needsToken: boolean;
  isValidated: boolean;
  takesBody: boolean;
}

const TOKEN: Code[] = [
  ...(['AUTH_REQUIRED', 'AUTH_INVALID_TOKEN', 'AUTH_TOKEN_EXPIRED'] as const),
  ...(['EMBED_REFUSED', 'EMBED_ORIGIN_REFUSED'] as const),
];
const BODY: Code[] = ['INVALID_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
const OF_TYPE = 'Or the operation type refuses the start, with a code of its own.';
const WAITING = [429, 503];

const headersOf = (names: readonly HeaderName[]): Schema =>
  Object.fromEntries(names.map((name) => [name, { schema: text(headers[name]) }]));

function contentOf({ shape, type }: Answer): Schema {
  if (shape) return { content: { 'application/json': { schema: ref(shape) } } };
  return type ? { content: { [type]: {} } } : {};
}

function answerOf(answer: Answer): Schema {
  const named = answer.headers ? { headers: headersOf(answer.headers) } : {};
  return { description: answer.description, ...named, ...contentOf(answer) };
}

function sentenceOf(code: Code): string {
  const { sentence, hint } = codes[code];
  return `\`${code}\`: ${sentence}${hint ? ` ${hint}` : ''}`;
}

/** All codes of one status in one answer, which is all that OpenAPI knows. */
function errorOf(status: number, ofStatus: readonly Code[], { ofType }: RouteAnswers): Schema {
  const more = ofType && status === codes.IDEMPOTENCY_KEY_REUSED.status ? [OF_TYPE] : [];
  return {
    description: [...ofStatus.map(sentenceOf), ...more].join('\n\n'),
    'x-codes': ofStatus,
    ...(WAITING.includes(status) ? { headers: headersOf(['Retry-After']) } : {}),
    content: { 'application/problem+json': { schema: ref('Problem') } },
  };
}

function codesOf({ errors = [] }: RouteAnswers, { needsToken, isValidated, takesBody }: Intake): Code[] {
  const all = new Set<Code>([
    ...(isValidated ? (['VALIDATION_FAILED'] as const) : []),
    ...(takesBody ? BODY : []),
    ...(needsToken ? TOKEN : []),
    ...errors,
  ]);
  return [...all];
}

/** The `responses` of one route. */
export function responsesOf(route: RouteAnswers, intake: Intake): Schema {
  const all = codesOf(route, intake);
  const statuses = [...new Set(all.map((code) => codes[code].status))];
  const ofStatus = (status: number) => all.filter((code) => codes[code].status === status);
  return {
    ...Object.fromEntries(route.answers.map((answer) => [String(answer.status), answerOf(answer)])),
    ...(route.tagged ? { 304: { description: 'What If-None-Match names is still so.' } } : {}),
    ...Object.fromEntries(statuses.map((status) => [String(status), errorOf(status, ofStatus(status), route)])),
    default: { $ref: '#/components/responses/Problem' },
  };
}
