/** Each answer of a server, held to its status, its codes and the shape of its body. */
import type { Request, Server } from '@hapi/hapi';
import type { RouteDocument } from '../open-api.js';
import { pathOf } from '../request.js';
import type { Schema } from '../words.js';
import type { Notes } from './notes.js';
import type { ShapeCheck } from './strict.js';

interface Said {
  /** Undefined where the answer was never made: the client had gone. */
  statusCode?: number;
  source?: unknown;
  headers?: Record<string, unknown>;
}

const isJson = ({ headers = {}, source }: Said) =>
  /json/.test(String(headers['content-type'])) && typeof source === 'object' && source !== null;

type Contents = Record<string, { schema?: Schema }>;

/** What is wrong with one answer; null where it is as published. */
function wrong(check: ShapeCheck, responses: Record<string, Schema>, status: number, said: Said): string | null {
  const response = responses[status] ?? (status < 300 ? responses['2XX'] : undefined);
  if (!response) return 'a status that is not published';
  const [content] = Object.values((response['content'] ?? {}) as Contents);
  const body = isJson(said) ? (JSON.parse(JSON.stringify(said.source)) as { code?: string }) : null;
  const codes = response['x-codes'] as string[] | undefined;
  // A 422 may carry a code of the operation's own type.
  if (codes && status !== 422 && body && !codes.includes(String(body.code))) return `an unpublished ${body.code}`;
  return body && content?.schema ? check.problem(content.schema, body) : null;
}

/** What is published of a route; null where the route is the test's own, undefined where it ought to be published and is not. */
export type Find = (method: string, path: string) => RouteDocument | null | undefined;

/** `find` is asked at each answer: a server of a test may still grow. */
export function watchAnswers(server: Server, find: Find, check: ShapeCheck, notes: Notes): void {
  server.events.on('response', (request: Request) => {
    const { method, path, settings } = request.route;
    const { statusCode, ...said } = (request.response ?? {}) as Said;
    // What no route answers belongs to none.
    if (!statusCode || settings.isInternal || !path.startsWith('/') || /^\/\{/.test(path)) return;
    const route = find(method, pathOf(path));
    if (route === null) return;
    const responses = (route?.responses ?? {}) as Record<string, Schema>;
    // A crash is a finding of its own.
    if (statusCode >= 500 && !(statusCode in responses)) return;
    const problem = route ? wrong(check, responses, statusCode, said) : 'no such route';
    notes.take(`${method.toUpperCase()} ${pathOf(path)} ${statusCode}`, problem);
  });
}
