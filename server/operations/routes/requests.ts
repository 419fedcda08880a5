/** What the operation routes read out of a request. */
import type { Request } from '@hapi/hapi';
import Joi from 'joi';
import { callerOf } from '../../access/gate.js';
import type { StartRequest } from '../starts.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const connectionId = Joi.number().integer().min(1).required().description('The connection.');
export const connectionParams = Joi.object({ id: connectionId });
export const operationParams = Joi.object({
  id: connectionId,
  operationId: Joi.string().pattern(UUID, 'UUID').required().description('The operation.'),
});

export const idempotencyHeaders = Joi.object({
  'idempotency-key': Joi.string()
    .min(1)
    .max(255)
    .description('The same key answers with the same operation for 24 h; another body is refused with 422.'),
}).unknown();

/** The key's scope is the user and the route: connection and what is started there. */
export function idempotencyOf(request: Request, what: string): StartRequest['idempotency'] {
  const key = request.headers['idempotency-key'] as string | undefined;
  if (!key) return undefined;
  return { userId: callerOf(request).userId, route: `${request.params['id']}/${what}`, key };
}
