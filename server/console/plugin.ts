/** Serves the console and the elements as built files: hashed ones for ever, the page always fresh, both under a strict policy. */
import type { Plugin, Request, ResponseObject, ResponseToolkit } from '@hapi/hapi';
import inert from '@hapi/inert';
import Joi from 'joi';

// What the console needs and nothing else; styles of elements are constructable sheets, which need no exception.
function policyFor(host: string): string {
  // Older Safari does not count the socket as 'self'. A strange Host header must not write the policy.
  const sockets = /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self'${sockets}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

const YEAR_SECONDS = 365 * 24 * 60 * 60;

export interface ConsoleOptions {
  /** The directory of the built web files: console/ and elements/. */
  webDir: string;
}

/** Parts that are loaded when they are first wanted carry their hash in the name. */
const NAMED_BY_CONTENT = /-[A-Z0-9]{8}\.js$/;

const hash = Joi.object({ v: Joi.string().hex().max(64).description('The content hash of the file.') });

const ofFile = Joi.object({
  file: Joi.string()
    .pattern(/^[\w.-]+$/)
    .description('The name of the file.'),
});

/** A file with its hash in the address or in its name never changes; without it the browser asks each time. */
function cached(response: ResponseObject, version: unknown): ResponseObject {
  return response.header(
    'cache-control',
    version ? `public, max-age=${YEAR_SECONDS}, immutable` : 'public, max-age=0, must-revalidate',
  );
}

const page = (request: Request, h: ResponseToolkit) =>
  h
    .file('console/index.html')
    .header('content-security-policy', policyFor(request.info.host))
    .header('cache-control', 'no-cache')
    .header('referrer-policy', 'no-referrer');

export const consolePages: Plugin<ConsoleOptions> = {
  name: 'signalbox-console',
  async register(server, { webDir }) {
    await server.register(inert);
    const files = { files: { relativeTo: webDir } };
    server.route([
      {
        method: 'GET',
        path: '/',
        options: { auth: false, ...files, description: 'The console.', handler: page },
      },
      {
        method: 'GET',
        path: '/console/{file}',
        options: {
          description: 'A file of the console.',
          auth: false,
          ...files,
          validate: { query: hash, params: ofFile },
          handler: (request, h) => {
            const file = String(request.params['file']);
            return cached(h.file(`console/${file}`), request.query['v'] ?? NAMED_BY_CONTENT.test(file));
          },
        },
      },
      {
        method: 'GET',
        path: '/elements/v1/{file}',
        options: {
          description: 'A file of the elements, for pages of any origin.',
          auth: false,
          ...files,
          // Portals load the elements from other origins; the files hold nothing that is anybody's own, and a cache between may
          // give the same answer to all of them.
          cors: { origin: 'ignore' },
          validate: { query: hash, params: ofFile },
          handler: (request, h) => {
            const file = String(request.params['file']);
            return cached(h.file(`elements/v1/${file}`), request.query['v'] ?? NAMED_BY_CONTENT.test(file)).header(
              'cross-origin-resource-policy',
              'cross-origin',
            );
          },
        },
      },
    ]);
  },
};
