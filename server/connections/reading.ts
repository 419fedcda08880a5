/** GET /connections and GET /connections/{id}. */
import type { Request, ServerRoute } from '@hapi/hapi';
import { callerOf, gate } from '../access/gate.js';
import { problem } from '../problems/problems.js';
import type { Connection } from './contract.js';
import type { ConnectionsOptions } from './options.js';
import { toWire } from './row.js';
import { idParams, listQuery } from './schema.js';
import { findConnection, listConnections } from './store.js';

export function readingRoutes({ knex, access, platforms }: ConnectionsOptions): ServerRoute[] {
  const list = async (request: Request): Promise<{ connections: Connection[] }> => {
    const caller = callerOf(request);
    const stored = await listConnections(knex, { ...request.query, visible: access.visibleTo(caller) });
    const connections = stored.flatMap((connection) => {
      const role = access.roleOn(caller, connection.id);
      return role === null ? [] : [toWire(platforms, connection, role)];
    });
    return { connections };
  };
  const read = async (request: Request): Promise<Connection> => {
    const { id } = request.params as { id: number };
    const role = gate(access, request, id, 'viewer');
    const connection = await findConnection(knex, id);
    if (!connection) throw problem('NOT_FOUND');
    return toWire(platforms, connection, role);
  };
  return [
    {
      method: 'GET',
      path: '/connections',
      handler: list,
      options: {
        description: 'The connections that the caller may see, by name.',
        tags: ['api'],
        validate: { query: listQuery },
      },
    },
    {
      method: 'GET',
      path: '/connections/{id}',
      handler: read,
      options: { description: 'One connection.', tags: ['api'], validate: { params: idParams } },
    },
  ];
}
