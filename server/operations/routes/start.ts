/** Starting an operation: POST /connections/{id}/operations/{type}, and the planned path that does the same. */
import type { Request, ResponseToolkit, RouteOptions, ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { callerOf, gate } from '../../access/gate.js';
import type { JsonObject, OperationDefinition, StartAnswer } from '../contract.js';
import type { Desk } from '../plugin.js';
import { connectionParams, idempotencyHeaders, idempotencyOf } from './requests.js';
import type { OperationRow } from '../row.js';
import type { Started } from '../starts.js';

function titleOf(definition: OperationDefinition): string {
  return definition.alias?.message ?? `${definition.title} started`;
}

/** The answer to a start: 202 with the new operation, or 200 with the one that runs already. */
export function answerStart(desk: Desk, definition: OperationDefinition, started: Started): StartAnswer {
  const operation = desk.engine.wire(started.row);
  const base = { operationId: operation.id, estimatedDuration: operation.estimatedDuration, operation };
  if (!started.existing) return { ...base, status: 'started', message: titleOf(definition) };
  const by = operation.requestedBy ? `, started by ${operation.requestedBy}` : '';
  return {
    ...base,
    status: 'already_running',
    message: `Already running${by}.`,
    existingOperation: { operationId: operation.id, progress: operation.progress, message: operation.message },
  };
}

export function respond(h: ResponseToolkit, answer: StartAnswer, body: object = answer) {
  const { connectionId, id } = answer.operation;
  return h
    .response(body)
    .code(answer.status === 'started' ? 202 : 200)
    .header('location', `/connections/${connectionId}/operations/${id}`);
}

interface Wanted {
  userId: number;
  connectionId: number;
  type: string;
}

/** Counts a start. Joining what runs already is none: it costs nothing, and is let in where the limit is reached. */
export async function limited(desk: Desk, wanted: Wanted, begin: () => Promise<Started>): Promise<Started> {
  const { userId, connectionId, type } = wanted;
  const giveBack = await desk.startLimiter.consume(userId, connectionId).catch(async (refusal: unknown) => {
    if (!(await desk.engine.store.active(connectionId, type))) throw refusal;
    return null;
  });
  const started = await begin();
  if (started.existing) await giveBack?.();
  return started;
}

/** The rights, the limit, the start with its entry in the trail: the same for every door that starts something. */
async function startFor(desk: Desk, request: Request, definition: OperationDefinition): Promise<StartAnswer> {
  const connectionId = Number(request.params['id']);
  const caller = callerOf(request);
  gate(desk.access, request, connectionId, 'operator');
  const { params } = request.payload as { params: JsonObject };
  const idempotency = idempotencyOf(request, definition.type);
  const started = await limited(desk, { userId: caller.userId, connectionId, type: definition.type }, () =>
    desk.engine.begin({
      connectionId,
      definition,
      params,
      createdBy: 'user',
      requestedBy: caller.username,
      trail: desk.audit.row(trailOf(request, 'operation.start', connectionId, definition.type)),
      ...(idempotency ? { idempotency } : {}),
    }),
  );
  if (started.existing) await recordJoin(desk, request, started.row, 'operation.start');
  return answerStart(desk, definition, started);
}

/** What the trail says of a start; where it is new, it is stored in the same transaction. */
export const trailOf = (request: Request, action: string, connectionId: number, type: string, existing = false) => ({
  request,
  action,
  target: `connection:${connectionId}`,
  outcome: 'ok' as const,
  detail: { type, existing },
});

/** Somebody wanted what runs already. */
export async function recordJoin(desk: Desk, request: Request, row: OperationRow, action: string) {
  const { id, connection_id: connectionId, operation_type: type } = row;
  desk.counters.duplicatesPrevented.inc({ type });
  await desk.audit.write({ ...trailOf(request, action, connectionId, type, true), operationId: id });
}

/** A body may be missing and so may its params: both mean `{}`, and that is validated as any other params are. */
function fillParams(request: Request, h: ResponseToolkit) {
  const payload: unknown = request.payload ?? {};
  const open = typeof payload === 'object' && !Array.isArray(payload) && !Buffer.isBuffer(payload);
  if (open) Object.assign(request, { payload: { params: {}, ...payload } });
  return h.continue;
}

function startOptions(definition: OperationDefinition): RouteOptions {
  const params = definition.params.required().description('What the operation is to do; see the type’s schema.');
  return {
    validate: { params: connectionParams, payload: Joi.object({ params }), headers: idempotencyHeaders },
    ext: { onPostAuth: { method: fillParams } },
    plugins: { documents: { filled: ['params'] } },
  };
}

export function startRoute(desk: Desk, definition: OperationDefinition): ServerRoute {
  return {
    method: 'POST',
    path: `/connections/{id}/operations/${definition.type}`,
    options: {
      description: `Starts: ${definition.title}`,
      tags: ['api', 'operations'],
      ...startOptions(definition),
      handler: async (request, h) => respond(h, await startFor(desk, request, definition)),
    },
  };
}

/** A planned path under /api/data/{id}/ with the planned answer. */
export function aliasRoute(
  desk: Desk,
  definition: OperationDefinition,
  alias: NonNullable<OperationDefinition['alias']>,
): ServerRoute {
  return {
    method: 'POST',
    path: `/api/data/{id}/${alias.path}`,
    options: {
      description: `Starts: ${definition.title} (the planned path)`,
      tags: ['api', 'alias'],
      ...startOptions(definition),
      handler: async (request, h) => {
        const answer = await startFor(desk, request, definition);
        const { operationId, status, message, estimatedDuration, existingOperation } = answer;
        const ids = alias.idField ? { [alias.idField]: operationId } : {};
        const existing = existingOperation ? { existingOperation } : {};
        return respond(h, answer, { operationId, status, message, estimatedDuration, ...ids, ...existing });
      },
    },
  };
}
