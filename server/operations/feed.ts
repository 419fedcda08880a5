/** The engine's subscriptions, and what is published on them. */
import type { Server } from '@hapi/hapi';
import type { Access, Caller } from '../access/contract.js';
import type {} from '../realtime/plugin.js';
import type { OperationEvent } from './contract.js';
import type { LoggedLines, Publications } from './publications.js';

const CONNECTION = '/connections/{id}/operations';

/** Ids in a path are plain decimal numbers; anything else names no connection. */
const idOf = (params: Record<string, string>): number =>
  /^[1-9]\d{0,15}$/.test(params['id'] ?? '') ? Number(params['id']) : NaN;

export function subscribeConnections(server: Server, access: Access): void {
  const seesConnection = (caller: Caller, params: Record<string, string>) =>
    access.roleOn(caller, idOf(params)) !== null;
  server.feedSubscription('/operations', { authorize: (caller) => access.visibleTo(caller) === 'all' });
  server.feedSubscription(CONNECTION, { authorize: seesConnection });
  server.feedSubscription(`${CONNECTION}/{operationId}/log`, { authorize: seesConnection });
}

export function subscribeType(server: Server, access: Access, type: string): void {
  server.feedSubscription(`${CONNECTION}/${type}`, {
    authorize: (caller, params) => access.roleOn(caller, idOf(params)) !== null,
  });
}

function publishEvent(server: Server, event: OperationEvent): void {
  const { connectionId, type } = event.operation;
  const connection = `/connections/${connectionId}/operations`;
  server.feed.publishAll(['/operations', connection, `${connection}/${type}`], () => JSON.stringify(event));
}

function publishLog(server: Server, logged: LoggedLines): void {
  const path = `/connections/${logged.connectionId}/operations/${logged.operationId}/log`;
  server.feed.publish(path, () => JSON.stringify(logged.chunk));
}

export function publishToFeed(server: Server, publications: Publications): void {
  publications.listen({
    changed: (events) => events.forEach((event) => publishEvent(server, event)),
    logged: (lines) => publishLog(server, lines),
  });
}
