/** The start route as others would build it: a token checked, a body validated, one row inserted and awaited. */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { v7 as uuidv7 } from 'uuid';
import { openAsItComes } from '../databases.mjs';
import { answer } from './answer.mjs';

const [kind, settings, secret] = [process.argv[2], JSON.parse(process.argv[3]), process.argv[4]];
const knex = openAsItComes(settings);

/** The row, and what is said of it. */
async function store(connectionId, username) {
  const at = new Date().toISOString();
  const id = uuidv7();
  const row = { id, connection_id: connectionId, operation_type: 'bench_hang', status: 'pending', params: '{}' };
  await knex('active_operations').insert({ ...row, requested_by: username, started_at: at, updated_at: at });
  return { operationId: id, status: 'started', message: 'Hang started', estimatedDuration: 1_000, operation: row };
}

const bare = (connectionId) => ({ status: 'started', connectionId });
const isBody = (body) => {
  const { service, force } = body?.params ?? {};
  return typeof service === 'string' && service.length <= 64 && (force === undefined || typeof force === 'boolean');
};

/** HS256 by hand; throws where it is not good. */
function verified(token) {
  const [head, payload, signature] = token.split('.');
  const expected = createHmac('sha256', secret).update(`${head}.${payload}`).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature, 'base64url'))) throw new Error('The signature is wrong.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  if (claims.exp * 1000 < Date.now()) throw new Error('The token is over.');
  return claims;
}

const tokenOf = (request) => request.headers.authorization.slice('Bearer '.length);
const ROUTE = /^\/(connections|bench)\/(\d+)\//;

async function openBare() {
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part) => (text += part));
    request.on('end', async () => {
      try {
        const { sub } = verified(tokenOf(request));
        const [, where, id] = ROUTE.exec(request.url);
        if (!isBody(JSON.parse(text))) throw new Error('The body is wrong.');
        const body = JSON.stringify(where === 'bench' ? bare(Number(id)) : await store(Number(id), sub));
        const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
        response.writeHead(202, headers).end(body);
      } catch (error) {
        response.writeHead(400).end(error.message);
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

async function openFastify() {
  const [{ default: fastify }, { createVerifier }] = await Promise.all([import('fastify'), import('fast-jwt')]);
  const app = fastify();
  const verify = createVerifier({ key: secret, algorithms: ['HS256'] });
  const params = {
    type: 'object',
    required: ['service'],
    properties: { service: { type: 'string', maxLength: 64 }, force: { type: 'boolean' } },
  };
  const body = { type: 'object', required: ['params'], properties: { params } };
  const schema = { body, params: { type: 'object', properties: { id: { type: 'integer', minimum: 1 } } } };
  const onRequest = async (request) => void (request.claims = verify(tokenOf(request)));
  app.post('/connections/:id/operations/bench_hang', { schema, onRequest }, async (request, reply) => {
    reply.code(202);
    return store(request.params.id, request.claims.sub);
  });
  app.post('/bench/:id/start', { schema, onRequest }, async (request, reply) => {
    reply.code(202);
    return bare(request.params.id);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server.address().port;
}

async function openExpress() {
  const [{ default: express }, { default: jwt }, { default: Joi }] = await Promise.all([
    import('express'),
    import('jsonwebtoken'),
    import('joi'),
  ]);
  const app = express();
  const key = createSecretKey(Buffer.from(secret));
  const params = Joi.object({ service: Joi.string().max(64).required(), force: Joi.boolean().default(false) });
  const schema = Joi.object({ params: params.required() });
  const checks = [
    express.json(),
    (request, response, next) => {
      request.claims = jwt.verify(tokenOf(request), key, { algorithms: ['HS256'] });
      const { error } = schema.validate(request.body);
      next(error);
    },
  ];
  app.post('/connections/:id/operations/bench_hang', checks, async (request, response) => {
    response.status(202).json(await store(Number(request.params.id), request.claims.sub));
  });
  app.post('/bench/:id/start', checks, (request, response) => {
    response.status(202).json(bare(Number(request.params.id)));
  });
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

answer({});
const open = { bare: openBare, fastify: openFastify, express: openExpress }[kind];
process.send({ name: 'listening', port: await open() });
