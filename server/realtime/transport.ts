/** GET /realtime: how this caller should follow the operations, by socket or by polling. */
import { createHash } from 'node:crypto';
import type { Request, ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { problem } from '../problems/problems.js';
import type { RealtimeOptions } from './contract.js';
import { REALTIME_PATH } from './door.js';

const POLL_INTERVAL_MS = 5_000;
const SHARES = 100;

export interface Transport {
  transport: 'websocket' | 'polling';
  url: string;
  pollIntervalMs: number;
}

/** Where a user stands among 100, always the same: he must not change sides at each reload. */
function shareOf(username: string): number {
  return createHash('sha256').update(username).digest().readUInt32BE(0) % SHARES;
}

function socketUrl(request: Request, publicUrl: string | null): string {
  if (publicUrl) return `${publicUrl.replace(/^http/, 'ws').replace(/\/+$/, '')}${REALTIME_PATH}`;
  // The header decides only what this caller himself is told.
  const isSecure = request.server.info.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  const host = request.info.host || `${request.server.info.host}:${String(request.server.info.port)}`;
  return `${isSecure ? 'wss' : 'ws'}://${host}${REALTIME_PATH}`;
}

const answerSchema = Joi.object({
  transport: Joi.string().valid('websocket', 'polling').required().description('How to follow the operations now.'),
  url: Joi.string().required().description('Where the WebSocket is.'),
  pollIntervalMs: Joi.number().integer().required().description('How long to wait between two polls, in milliseconds.'),
}).label('Realtime');

export function transportRoute(config: RealtimeOptions['config'], strategy: string): ServerRoute {
  const handler = (request: Request): Transport => {
    const caller = request.auth.credentials.caller;
    if (!caller) throw problem('AUTH_REQUIRED');
    const isSocket = config.realtime === 'on' && shareOf(caller.username) < config.realtimeRollout;
    return {
      transport: isSocket ? 'websocket' : 'polling',
      url: socketUrl(request, config.publicUrl),
      pollIntervalMs: POLL_INTERVAL_MS,
    };
  };
  return {
    method: 'GET',
    path: REALTIME_PATH,
    handler,
    options: {
      auth: strategy,
      description: 'How this caller should follow the operations: by WebSocket or by polling.',
      tags: ['api'],
      response: { schema: answerSchema },
    },
  };
}
