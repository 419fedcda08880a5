/** What a type makes of a start before it is stored: complete params and a first guess, or a refusal. */
import { problem, refusal } from '../problems/problems.js';
import type { StartContext } from './contract.js';
import { operationCodes } from './errors.js';
import type { PreparedStart, StartRequest } from './starts.js';
import type { World } from './world.js';

/** What the start is made for; read only where the type asks for it. */
async function startContext(world: World, { connectionId, params }: StartRequest): Promise<StartContext> {
  const connection = await world.target(connectionId);
  if (!connection) throw problem('NOT_FOUND');
  const platform = world.platform(connection.platform);
  const { sentence, hint } = operationCodes.OP_PLATFORM_UNKNOWN;
  if (!platform) throw refusal('OP_PLATFORM_UNKNOWN', sentence, hint);
  return {
    params,
    connection,
    platform,
    fail: (code, message, options) => {
      throw refusal(code, message, options?.hint ?? null);
    },
  };
}

/** Throws a 422 problem with the type's own code where the type refuses the start. */
export async function prepared(world: World, request: StartRequest): Promise<PreparedStart> {
  const { definition } = request;
  if (!definition.prepare && !definition.estimateMs) return { ...request, guessMs: definition.estimatedDurationMs };
  const context = await startContext(world, request);
  const params = definition.prepare?.(context) ?? request.params;
  const guessMs = definition.estimateMs?.({ ...context, params }) ?? definition.estimatedDurationMs;
  return { ...request, params, guessMs };
}
