/** POST /connections, PATCH and DELETE /connections/{id}. The audit rows name what was changed, never to what. */
import type { Request, ResponseToolkit, ServerRoute } from '@hapi/hapi';
import { callerOf, ownerGate } from '../access/gate.js';
import { assertReferences } from '../certificates/settings-references.js';
import { problem } from '../problems/problems.js';
import { newCertificate } from './certificate-change.js';
import { changedKeys } from './changed-keys.js';
import type { Connection } from './contract.js';
import type { ConnectionsOptions } from './options.js';
import { completedSettings } from './platform-settings.js';
import { removeConnection } from './removal.js';
import { completed, toWire } from './row.js';
import { connectionSchemas, idParams, type ConnectionChange, type NewConnection } from './schema.js';
import { assertServices } from './services.js';
import { completedChange, newSettings } from './settings-change.js';
import { changeConnection, createConnection, findConnection } from './store.js';
import { makeTrail } from './trail.js';

type Settings = Pick<Connection, 'platformSettings' | 'certificate'>;

/** The keys of settings and certificate that changed, for an audit row; left out where none did. */
function named(before: Settings, after: Settings): { settings?: string[]; certificate?: string[] } {
  const settings = changedKeys(before.platformSettings, after.platformSettings);
  const certificate = changedKeys({ ...before.certificate }, { ...after.certificate });
  return { ...(settings.length > 0 && { settings }), ...(certificate.length > 0 && { certificate }) };
}

export function writingRoutes(options: ConnectionsOptions): ServerRoute[] {
  const { knex, vault, access, audit, platforms } = options;
  const told = async (id: number) => options.changed?.(id);
  const schemas = connectionSchemas(platforms);
  const trail = makeTrail(audit);

  const create = async (request: Request, h: ResponseToolkit) => {
    const caller = callerOf(request);
    const role = access.roleOf(caller);
    if (role !== 'operator' && role !== 'admin') throw problem(role ? 'FORBIDDEN' : 'AUTH_INVALID_TOKEN');
    const given = request.payload as NewConnection;
    const platform = platforms.get(given.platform);
    const port = given.port ?? platform?.defaultPort ?? 22;
    const attempt = { request, verb: 'create', id: null } as const;
    const stored = await trail.guard(attempt, async () => {
      assertServices(platform, given.services);
      const platformSettings = newSettings(platform, given.platformSettings, role === 'admin');
      const certificate = newCertificate(platform, given.certificate, role === 'admin');
      const connection = { ...given, port, platformSettings, certificate, ownerId: caller.userId };
      return knex.transaction(async (trx) => {
        const created = await createConnection(trx, vault, connection);
        if (certificate) await assertReferences(trx, certificate);
        return created;
      });
    });
    access.putConnection(stored.id, stored.ownerId);
    await told(stored.id);
    const nothing = { platformSettings: completedSettings(platform, {}), certificate: null };
    const detail = { name: stored.name, hostname: stored.hostname, ...named(nothing, completed(platforms, stored)) };
    await trail.record({ ...attempt, id: stored.id }, { outcome: 'ok', detail });
    return h
      .response(toWire(platforms, stored, role))
      .code(201)
      .location(`/connections/${stored.id}`);
  };

  const change = async (request: Request) => {
    const { id } = request.params as { id: number };
    const role = ownerGate(access, request, id);
    const given = request.payload as ConnectionChange;
    const attempt = { request, verb: 'update', id } as const;
    const changed = await trail.guard(attempt, () =>
      changeConnection(knex, vault, id, async (before, trx) => {
        const next = completedChange(platforms, before, given, role === 'admin');
        if (next.certificate) await assertReferences(trx, next.certificate);
        return next;
      }),
    );
    if (!changed) throw problem('NOT_FOUND');
    const { before, after } = changed;
    const forgotten = before.hostKey && !after.hostKey ? { hostKeyCleared: before.hostKey.fingerprint } : {};
    const settings = named(completed(platforms, before), completed(platforms, after));
    const detail = { changed: Object.keys(given), ...settings, ...forgotten };
    await trail.record(attempt, { outcome: 'ok', detail });
    await told(id);
    return toWire(platforms, after, role);
  };

  const remove = async (request: Request, h: ResponseToolkit) => {
    const { id } = request.params as { id: number };
    ownerGate(access, request, id);
    const attempt = { request, verb: 'delete', id } as const;
    const detail = { name: (await findConnection(knex, id))?.name ?? null };
    const removal = await removeConnection(knex, id);
    if (removal.outcome === 'missing') throw problem('NOT_FOUND');
    if (removal.outcome === 'busy') {
      const { operationId } = removal;
      await trail.record(attempt, { outcome: 'refused', operationId, detail });
      throw problem('CONNECTION_BUSY', { members: { operationId } });
    }
    access.removeConnection(id);
    await trail.record(attempt, { outcome: 'ok', detail });
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
        description:
          'Changes a connection. Another hostname or port clears the pinned host key; another platform, its settings and certificate.',
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
