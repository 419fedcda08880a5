/** The engine's subscriptions, and what is published on them. */
import type { Server } from '@hapi/hapi';
import type { Access, Caller } from '../access/contract.js';
import { reachesType } from '../access/scope.js';
import type {} from '../realtime/plugin.js';
import type { OperationEvent } from './contract.js';
import type { KnownTypes } from './known-types.js';
import type { LoggedLines, LogName, Publications } from './publications.js';

const CONNECTION = '/connections/{id}/operations';
const LOG_PATH = /^\/connections\/([1-9]\d{0,8})\/operations\/([0-9a-f-]{36})\/log$/;

/** Ids in a path are plain decimal numbers; anything else names no connection. */
const idOf = (params: Record<string, string>): number =>
  /^[1-9]\d{0,15}$/.test(params['id'] ?? '') ? Number(params['id']) : NaN;

/** Whether the caller sees operations of this type on the connection; null: of every type. */
const sees = (access: Access, caller: Caller, params: Record<string, string>, type: string | null): boolean =>
  access.roleOn(caller, idOf(params)) !== null && reachesType(caller, type);

export function subscribeConnections(server: Server, access: Access, known: KnownTypes): void {
  server.feedSubscription('/operations', { authorize: (caller) => access.visibleTo(caller) === 'all' });
  server.feedSubscription(CONNECTION, { authorize: (caller, params) => sees(access, caller, params, null) });
  server.feedSubscription(`${CONNECTION}/{operationId}/log`, {
    authorize: (caller, params) => sees(access, caller, params, known.of(params['operationId'] ?? '')),
  });
}

export function subscribeType(server: Server, access: Access, type: string): void {
  server.feedSubscription(`${CONNECTION}/${type}`, {
    authorize: (caller, params) => sees(access, caller, params, type),
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
