/** OpenAPI 3.1 of the running server: every route of its table, from the schemas that the routes themselves validate with. */
import type { RequestRoute, Server } from '@hapi/hapi';
import { answersOf } from './answers.js';
import { areaOf, areas } from './areas.js';
import { info } from './info.js';
import { bodyOf, parametersOf, pathOf, schemaOf, takesBody, type Part } from './request.js';
import { responsesOf } from './responses.js';
import { shapes } from './shapes/shapes.js';
import { ref, type Schema } from './words.js';

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, RouteDocument>>;
  readonly [member: string]: unknown;
}

/** One route; `Schema` members are as OpenAPI 3.1 has them. */
export interface RouteDocument {
  operationId: string;
  summary: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters: Schema[];
  requestBody?: Schema;
  responses: Schema;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const PARTS: Part[] = ['params', 'query', 'headers', 'payload'];

/** The routes that a program can ask for; nes has one of its own kind for itself. */
export const publicRoutes = (server: Server): RequestRoute[] =>
  server.table().filter(({ method, settings }) => METHODS.includes(method) && !settings.isInternal);

/** `GET /connections/{id}/host-key` is `getConnectionsIdHostKey`. */
export function operationIdOf(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return method + (words.length > 0 ? words : ['Root']).map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
}

function documentOf(route: RequestRoute): RouteDocument {
  const { method, settings } = route;
  const path = pathOf(route.path);
  const known = answersOf(method.toUpperCase(), path);
  // Every other route stands behind the default strategy. The published type of `auth` lacks the false.
  const needsToken = (settings.auth as unknown) !== false;
  const requestBody = bodyOf(route);
  const isValidated = PARTS.some((part) => schemaOf(route, part) !== null);
  return {
    operationId: operationIdOf(method, path),
    summary: settings.description ?? `${method.toUpperCase()} ${path}`,
    tags: [areaOf(path)],
    security: needsToken ? [{ bearer: [] }] : [],
    parameters: parametersOf(route, known.tagged === true),
    ...(requestBody ? { requestBody } : {}),
    responses: responsesOf(known, { needsToken, isValidated, takesBody: takesBody(route) }),
  };
}

function pathsOf(server: Server): OpenApi['paths'] {
  const paths: OpenApi['paths'] = {};
  const sorted = publicRoutes(server).sort((a, b) => a.path.localeCompare(b.path, 'en'));
  for (const route of sorted) (paths[pathOf(route.path)] ??= {})[route.method] = documentOf(route);
  return paths;
}

/** The shapes that `paths` lead to, directly or through another one. */
function usedShapes(paths: OpenApi['paths']): Schema {
  const used = new Set<string>(['Problem']);
  const follow = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      follow((shapes as Schema)[name]);
    }
  };
  follow([paths, shapes.Problem]);
  return Object.fromEntries(Object.entries(shapes).filter(([name]) => used.has(name)));
}

/** Describes what the server answers now; ask when all plugins have brought their routes. */
export function openApi(server: Server): OpenApi {
  const paths = pathsOf(server);
  return {
    openapi: '3.1.0',
    info,
    tags: areas,
    servers: [{ url: '/', description: 'This server.' }],
    paths,
    components: {
      schemas: usedShapes(paths),
      responses: {
        Problem: {
          description: 'Any other error.',
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
      },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token of POST /auth/login, or of a portal that this server trusts.',
        },
      },
    },
  };
}
