/** GET /openapi.json, /asyncapi.json and /docs: the running server describes itself, to anybody who asks. */
import { createHash } from 'node:crypto';
import type { Plugin, ResponseToolkit, RouteOptions, Server, ServerRoute } from '@hapi/hapi';
import type {} from '../operations/plugin.js';
import type {} from '../realtime/contract.js';
import type { Config } from '../settings/config.js';
import { asyncApi } from './async-api.js';
import { openApi } from './open-api.js';
import { page } from './page.js';
import { style } from './style.js';

export interface DocumentsOptions {
  config: Pick<Config, 'publicUrl' | 'port'>;
}

interface Document {
  text: string;
  etag: string;
}

type Documents = Record<'openapi' | 'asyncapi' | 'page', Document>;

const hashOf = (text: string) => createHash('sha256').update(text);

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hashOf(style).digest('base64')}'`,
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const documentOf = (text: string): Document => ({ text, etag: hashOf(text).digest('base64url').slice(0, 22) });

function write(server: Server, config: DocumentsOptions['config']): Documents {
  const http = openApi(server);
  const feed = asyncApi({
    ...config,
    patterns: server.plugins['signalbox-realtime'].patterns,
    types: server.plugins['signalbox-operations'].engine.types.names(),
  });
  return {
    openapi: documentOf(JSON.stringify(http)),
    asyncapi: documentOf(JSON.stringify(feed)),
    page: documentOf(page(http, feed)),
  };
}

const answer = (h: ResponseToolkit, { text, etag }: Document, type: string) =>
  h.response(text).type(type).etag(etag).header('cache-control', 'no-cache');

function routes(current: () => Documents): ServerRoute[] {
  const open = { auth: false, tags: ['api'] } satisfies RouteOptions;
  const json = (h: ResponseToolkit, document: Document) => answer(h, document, 'application/json');
  return [
    {
      method: 'GET',
      path: '/openapi.json',
      handler: (_request, h) => json(h, current().openapi),
      options: { ...open, description: 'This API, as OpenAPI 3.1.' },
    },
    {
      method: 'GET',
      path: '/asyncapi.json',
      handler: (_request, h) => json(h, current().asyncapi),
      options: { ...open, description: 'The live feed, as AsyncAPI 3.0.' },
    },
    {
      method: 'GET',
      path: '/docs',
      handler: (_request, h) => answer(h, current().page, 'text/html').header('content-security-policy', POLICY),
      options: { ...open, description: 'The routes, subscriptions and shapes of this server, as a page.' },
    },
  ];
}

export const documents: Plugin<DocumentsOptions> = {
  name: 'signalbox-documents',
  dependencies: ['signalbox-operations', 'signalbox-realtime'],
  register(server, { config: { publicUrl, port } }) {
    let written: Documents | null = null;
    // Nothing of it changes while the server runs. Written when first asked for: the start need not wait for it.
    const current = () => (written ??= write(server, { publicUrl, port }));
    server.route(routes(current));
  },
};
