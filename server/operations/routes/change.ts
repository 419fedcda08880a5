/** Cancel and retry. */
import type { ServerRoute } from '@hapi/hapi';
import { callerOf } from '../../access/gate.js';
import { problem } from '../../problems/problems.js';
import type { Desk } from '../plugin.js';
import { idempotencyHeaders, idempotencyOf, operationParams } from './requests.js';
import { rowFor } from './read.js';
import { answerStart, limited, recordJoin, respond, trailOf } from './start.js';

function cancel(desk: Desk): ServerRoute {
  return {
    method: 'POST',
    path: '/connections/{id}/operations/{operationId}/cancel',
    options: {
      description: 'Asks a running operation to stop.',
      tags: ['api', 'operations'],
      validate: { params: operationParams },
      handler: async (request, h) => {
        const row = await rowFor(desk, request, 'operator');
        const asked = await desk.engine.cancel(row, callerOf(request).username);
        await desk.audit.write({
          request,
          action: 'operation.cancel',
          target: `connection:${row.connection_id}`,
          outcome: 'ok',
          operationId: row.id,
        });
        return h.response(desk.engine.wire(asked)).code(202);
      },
    },
  };
}

function retry(desk: Desk): ServerRoute {
  return {
    method: 'POST',
    path: '/connections/{id}/operations/{operationId}/retry',
    options: {
      description: 'Starts again what failed or was cancelled, from its checkpoint.',
      tags: ['api', 'operations'],
      validate: { params: operationParams, headers: idempotencyHeaders },
      handler: async (request, h) => {
        const row = await rowFor(desk, request, 'operator');
        const definition = desk.engine.types.get(row.operation_type);
        if (!definition) throw problem('OP_NOT_RETRYABLE');
        const caller = callerOf(request);
        const idempotency = idempotencyOf(request, `${row.id}/retry`);
        const wanted = { userId: caller.userId, connectionId: row.connection_id, type: row.operation_type };
        const trail = desk.audit.row(trailOf(request, 'operation.retry', wanted.connectionId, wanted.type));
        const by = { requestedBy: caller.username, trail, ...(idempotency ? { idempotency } : {}) };
        const started = await limited(desk, wanted, () => desk.engine.retry(row, by));
        if (started.existing) await recordJoin(desk, request, started.row, 'operation.retry');
        return respond(h, answerStart(desk, definition, started));
      },
    },
  };
}

export const changeRoutes = (desk: Desk): ServerRoute[] => [cancel(desk), retry(desk)];
