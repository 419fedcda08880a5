/** Watches a running server and notes whatever it says that its own documents do not: each answer, each message. */
import type { Request, Server } from '@hapi/hapi';
import type { MessageText } from '../../realtime/contract.js';
import type { AsyncApi } from '../async-api.js';
import type { OpenApi } from '../open-api.js';
import { pathOf } from '../request.js';
import { shapes } from '../shapes/shapes.js';
import type { Schema } from '../words.js';
import { shapeCheck, type ShapeCheck } from './strict.js';

export interface Witness {
  /** What was said and is not in the documents. */
  readonly complaints: ReadonlySet<string>;
  /** `GET /connections 200`, `/operations operationEvent`: what was seen. */
  readonly seen: ReadonlySet<string>;
}

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

function channelsOf({ channels }: AsyncApi) {
  return Object.values(channels).flatMap(({ address, messages }) => {
    if (address === null) return [];
    const pattern = new RegExp(`^${address.replace(/\{\w+\}/g, '[^/]+')}$`);
    return [{ address, pattern, names: Object.keys(messages) }];
  });
}

/** Begins to watch a started server. */
export async function witness(server: Server): Promise<Witness> {
  const read = async (url: string) => JSON.parse((await server.inject(url)).payload) as unknown;
  const http = (await read('/openapi.json')) as OpenApi;
  const feed = (await read('/asyncapi.json')) as AsyncApi;
  const check = shapeCheck({ components: { schemas: shapes } });
  const complaints = new Set<string>();
  const seen = new Set<string>();

  server.events.on('response', (request: Request) => {
    const { method, path, settings } = request.route;
    const { statusCode, ...said } = (request.response ?? {}) as Said;
    // What no route answers belongs to none; a crash is a finding of its own.
    if (!statusCode || statusCode >= 500 || settings.isInternal || !path.startsWith('/') || /^\/\{/.test(path)) return;
    const name = `${method.toUpperCase()} ${pathOf(path)} ${statusCode}`;
    const route = http.paths[pathOf(path)]?.[method];
    const problem = route ? wrong(check, route.responses as Record<string, Schema>, statusCode, said) : 'no such route';
    seen.add(name);
    if (problem) complaints.add(`${name}: ${problem}`);
  });

  const channels = channelsOf(feed);
  const messages = (feed['components'] as { messages: Record<string, { payload: Schema }> }).messages;
  const hear = (path: string, text: MessageText) => {
    const channel = channels.find(({ pattern }) => pattern.test(path));
    const [name = ''] = channel?.names ?? [];
    const value: unknown = JSON.parse(typeof text === 'string' ? text : text());
    const problem = channel ? check.problem(messages[name]?.payload ?? {}, value) : 'no such channel';
    seen.add(`${channel?.address ?? path} ${name}`);
    if (problem) complaints.add(`${path}: ${problem}`);
  };
  const { publish, publishAll } = server.feed;
  Object.assign(server.feed, {
    publish: (path: string, text: MessageText) => {
      hear(path, text);
      publish.call(server.feed, path, text);
    },
    publishAll: (paths: readonly string[], text: MessageText) => {
      for (const path of paths) hear(path, text);
      publishAll.call(server.feed, paths, text);
    },
  });
  return { complaints, seen };
}
