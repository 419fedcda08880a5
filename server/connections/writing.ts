/** POST /connections, PATCH and DELETE /connections/{id}. The audit rows name what was changed, never to what. */
import type { Request, ResponseToolkit, ServerRoute } from '@hapi/hapi';
import { callerOf, ownerGate } from '../access/gate.js';
import type { AuditEntry } from '../audit/contract.js';
import { problem } from '../problems/problems.js';
import type { ConnectionsOptions } from './options.js';
import { removeConnection } from './removal.js';
import { toWire } from './row.js';
import { connectionSchemas, idParams, type ConnectionChange, type NewConnection } from './schema.js';
import { changeConnection, createConnection, findConnection } from './store.js';

export function writingRoutes({ knex, vault, access, audit, platforms }: ConnectionsOptions): ServerRoute[] {
  const schemas = connectionSchemas(platforms);

  const record = (
    request: Request,
    verb: string,
    id: number,
    entry: Pick<AuditEntry, 'outcome' | 'operationId' | 'detail'>,
  ) => audit.write({ request, action: `connection.${verb}`, target: `connection:${id}`, ...entry });

  const create = async (request: Request, h: ResponseToolkit) => {
    const caller = callerOf(request);
    const role = access.roleOf(caller);
    if (role !== 'operator' && role !== 'admin') throw problem(role ? 'FORBIDDEN' : 'AUTH_INVALID_TOKEN');
    const given = request.payload as NewConnection;
    const port = given.port ?? platforms.get(given.platform)?.defaultPort ?? 22;
    const stored = await createConnection(knex, vault, { ...given, port, ownerId: caller.userId });
    access.putConnection(stored.id, stored.ownerId);
    const detail = { name: stored.name, hostname: stored.hostname };
    await record(request, 'create', stored.id, { outcome: 'ok', detail });
    return h.response(toWire(stored, role)).code(201).location(`/connections/${stored.id}`);
  };

  const change = async (request: Request) => {
    const { id } = request.params as { id: number };
    const role = ownerGate(access, request, id);
    const given = request.payload as ConnectionChange;
    const changed = await changeConnection(knex, vault, id, given);
    if (!changed) throw problem('NOT_FOUND');
    const { before, after } = changed;
    const forgotten = before.hostKey && !after.hostKey ? { hostKeyCleared: before.hostKey.fingerprint } : {};
    const detail = { changed: Object.keys(given), ...forgotten };
    await record(request, 'update', id, { outcome: 'ok', detail });
    return toWire(after, role);
  };

  const remove = async (request: Request, h: ResponseToolkit) => {
    const { id } = request.params as { id: number };
    ownerGate(access, request, id);
    const detail = { name: (await findConnection(knex, id))?.name ?? null };
    const removal = await removeConnection(knex, id);
    if (removal.outcome === 'missing') throw problem('NOT_FOUND');
    if (removal.outcome === 'busy') {
      const { operationId } = removal;
      await record(request, 'delete', id, { outcome: 'refused', operationId, detail });
      throw problem('CONNECTION_BUSY', { members: { operationId } });
    }
    access.removeConnection(id);
    await record(request, 'delete', id, { outcome: 'ok', detail });
    return h.response().code(204);
  };

  return [
    {
      method: 'POST',
      path: '/connections',
      handler: create,
      options: {
        description: 'Adds a connection; the caller owns it.',
        tags: ['api'],
        validate: { payload: schemas.create },
      },
    },
    {
      method: 'PATCH',
      path: '/connections/{id}',
      handler: change,
      options: {
        description: 'Changes a connection. Another hostname or port clears the pinned host key.',
        tags: ['api'],
        validate: { params: idParams, payload: schemas.change },
      },
    },
    {
      method: 'DELETE',
      path: '/connections/{id}',
      handler: remove,
      options: {
        description: 'Removes a connection and its history; 409 while an operation is active on it.',
        tags: ['api'],
        validate: { params: idParams },
      },
    },
  ];
}
