/** The engine's subscriptions, and what is published on them. */
import type { Server } from '@hapi/hapi';
import type { Access, Caller } from '../access/contract.js';
import type {} from '../realtime/plugin.js';
import type { OperationEvent } from './contract.js';
import type { LoggedLines, LogName, Publications } from './publications.js';

const CONNECTION = '/connections/{id}/operations';
const LOG_PATH = /^\/connections\/([1-9]\d{0,8})\/operations\/([0-9a-f-]{36})\/log$/;

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

const pathOf = ({ connectionId, operationId }: LogName): string =>
  `/connections/${connectionId}/operations/${operationId}/log`;

function publishLog(server: Server, logged: LoggedLines): void {
  server.feed.publish(pathOf(logged), () => JSON.stringify(logged.chunk));
}

/** The logs that sockets are subscribed to. */
function* logsOf(paths: Iterable<string>): Iterable<LogName> {
  for (const path of paths) {
    const [, connectionId, operationId] = LOG_PATH.exec(path) ?? [];
    if (operationId) yield { connectionId: Number(connectionId), operationId };
  }
}

export function publishToFeed(server: Server, publications: Publications): void {
  publications.listen({
    seen: (events) => events.forEach((event) => publishEvent(server, event)),
    logged: (lines) => publishLog(server, lines),
    reads: (log) => server.feed.subscribers(pathOf(log)) > 0,
    reading: () => [...logsOf(server.feed.paths())],
  });
}
