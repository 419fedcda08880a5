/** Every error that leaves over HTTP is an RFC 9457 problem document with a code; this is the one place that maps them. */
import Boom from '@hapi/boom';
import type { Plugin, Request, ResponseToolkit } from '@hapi/hapi';
import { codes, type Code } from './codes.js';

export interface ProblemOptions {
  /** Instead of the table's sentence. */
  message?: string;
  hint?: string | null;
  /** Members beside the standard ones. */
  members?: Record<string, unknown>;
  headers?: Record<string, string>;
  cause?: unknown;
}

interface ProblemData {
  code: string;
  hint: string | null;
  members: Record<string, unknown>;
}

/** An error for a caller: `throw problem('CONNECTION_BUSY')`. */
export function problem(code: Code, options: ProblemOptions = {}): Boom.Boom<ProblemData> {
  const entry = codes[code];
  const error = new Boom.Boom<ProblemData>(options.message ?? entry.sentence, {
    statusCode: entry.status,
    data: { code, hint: options.hint === undefined ? entry.hint : options.hint, members: options.members ?? {} },
  });
  if (options.cause !== undefined) error.cause = options.cause;
  Object.assign(error.output.headers, options.headers);
  return error;
}

/** A start that its own operation type refuses, with a code of that type. */
export function refusal(code: string, message: string, hint: string | null): Boom.Boom<ProblemData> {
  return new Boom.Boom<ProblemData>(message, { statusCode: 422, data: { code, hint, members: {} } });
}

const BY_STATUS: Record<number, Code> = {
  400: 'BAD_REQUEST',
  401: 'AUTH_INVALID_TOKEN',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  503: 'UNAVAILABLE',
};

interface JoiDetail {
  type: string;
  message: string;
  path: (string | number)[];
  context?: { label?: string; mainWithLabel?: string; peerWithLabel?: string };
}

/** Joi quotes the fields it speaks of. An option would leave that out, and hapi would copy it deeply for each part of each request. */
function unquoted({ message, context: { label, mainWithLabel, peerWithLabel } = {} }: JoiDetail): string {
  const fields = [label, mainWithLabel, peerWithLabel].filter((field) => field !== undefined);
  return fields.reduce((sentence, field) => sentence.replaceAll(`"${field}"`, field), message);
}

/**
 * Of Joi's messages only those of patterns say what was refused (joi, lib/types/string.js), up to what it was held to. Asked of no
 * other message: a long name of a field could make the search a slow one.
 */
function withoutValue(message: string, type: string): string {
  return type.startsWith('string.pattern.')
    ? message.replace(/ with value .*(?= (?:fails to match|matches) the )/s, '')
    : message;
}

/** Joi's details without the refused values: a password that fails its rule must not come back. */
function fieldErrors(error: Boom.Boom): { pointer: string; message: string }[] | null {
  const details = (error as unknown as { details?: JoiDetail[] }).details;
  if (!Array.isArray(details)) return null;
  return details.map((detail) => ({
    pointer: detail.path.map((part) => `/${String(part)}`).join(''),
    message: withoutValue(unquoted(detail), detail.type),
  }));
}

function dataOf(error: Boom.Boom): ProblemData | null {
  const data = error.data as ProblemData | null;
  return data && typeof data === 'object' && 'code' in data && 'members' in data ? data : null;
}

/** Only its sentence tells hapi's refusal of broken JSON from its other 400s (@hapi/subtext, lib/index.js). */
const BROKEN_JSON = 'Invalid request payload JSON format';

function codeOf(error: Boom.Boom, hasFields: boolean): Code {
  const status = error.output.statusCode;
  if (hasFields) return 'VALIDATION_FAILED';
  if (error.message === BROKEN_JSON) return 'INVALID_JSON';
  return BY_STATUS[status] ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL');
}

/** The document for an error; it holds nothing of an unforeseen error's own text. */
export function problemDocument(error: Boom.Boom): { status: number; document: Record<string, unknown> } {
  const status = error.output.statusCode;
  const data = dataOf(error);
  const fields = data ? null : fieldErrors(error);
  const own = codeOf(error, fields !== null);
  const code = data?.code ?? own;
  const entry = code in codes ? codes[code as Code] : { sentence: error.message, hint: null };
  const hint = data ? data.hint : entry.hint;
  const first = fields?.[0];
  return {
    status,
    document: {
      type: `urn:signalbox:problem:${code}`,
      title: entry.sentence,
      status,
      detail: data ? error.message : first ? `${first.message}.` : entry.sentence,
      code,
      ...(hint === null ? {} : { hint }),
      ...(fields ? { errors: fields } : {}),
      ...data?.members,
    },
  };
}

function toProblem(request: Request, h: ResponseToolkit) {
  const response = request.response;
  if (!Boom.isBoom(response)) return h.continue;
  if (response.output.statusCode >= 500 && !dataOf(response))
    request.log(['error'], { err: response, requestId: request.info.id });
  const { status, document } = problemDocument(response);
  const answer = h.response(document).code(status).type('application/problem+json');
  for (const [name, value] of Object.entries(response.output.headers)) if (value) answer.header(name, String(value));
  return answer;
}

export const problems: Plugin<void> = {
  name: 'signalbox-problems',
  register(server) {
    server.ext('onPreResponse', toProblem);
  },
};
