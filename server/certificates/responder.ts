/**
 * What a CA asks for http-01 (RFC 8555 §8.3): GET /.well-known/acme-challenge/{token}, open to anybody. The table is the
 * truth, so every node answers, whichever runs the operation.
 */
import type { Request, ResponseObject, ResponseToolkit, ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { Knex } from 'knex';
import { problem } from '../problems/problems.js';
import { answerTo } from './challenges.js';

// base64url with at least 128 bits (RFC 8555 §8.3) is 22 characters; nothing longer than this is looked up.
const TOKEN = /^[A-Za-z0-9_-]{22,128}$/;

const params = Joi.object<{ token: string }>({
  token: Joi.string().pattern(TOKEN).required().description('The token of a challenge, as the CA gave it.'),
});

export function responderRoute(knex: Knex): ServerRoute {
  const respond = async (request: Request, h: ResponseToolkit): Promise<ResponseObject> => {
    const answer = await answerTo(knex, (request.params as { token: string }).token);
    if (answer === null) throw problem('NOT_FOUND');
    return h.response(answer).type('text/plain').header('cache-control', 'no-store');
  };
  return {
    method: 'GET',
    path: '/.well-known/acme-challenge/{token}',
    handler: respond,
    options: {
      auth: false,
      description: 'What a CA looks at to see that a name is ours: the answer to an http-01 challenge.',
      tags: ['api'],
      validate: {
        params,
        // What is no token is not there either.
        failAction: () => {
          throw problem('NOT_FOUND');
        },
      },
    },
  };
}
