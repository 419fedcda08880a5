/** POST /connections/{id}/host-key: a person accepts the key that the host showed instead of the pinned one. */
import type { Request, ServerRoute } from '@hapi/hapi';
import { ownerGate } from '../access/gate.js';
import { problem } from '../problems/problems.js';
import type { Connection } from './contract.js';
import { acceptOfferedKey } from './host-keys.js';
import type { ConnectionsOptions } from './options.js';
import { toWire } from './row.js';
import { hostKeyPayload, idParams } from './schema.js';
import { findConnection } from './store.js';

export function hostKeyRoute({ knex, access, audit, platforms }: ConnectionsOptions): ServerRoute {
  const accept = async (request: Request): Promise<Connection> => {
    const { id } = request.params as { id: number };
    const { fingerprint } = request.payload as { fingerprint: string };
    const role = ownerGate(access, request, id);
    const connection = await findConnection(knex, id);
    if (!connection) throw problem('NOT_FOUND');
    // A key is sent to whoever holds the host's: the person who wanted it there has to say that it is the same machine.
    if (connection.certificate && role !== 'admin')
      throw problem('CERTIFICATE_ADMIN_ONLY', {
        message: 'Only an admin may accept a host key where a certificate is delivered.',
        hint: 'Ask an admin to compare the fingerprint and accept it.',
      });
    // Accepted twice, as by two clicks: it is pinned already.
    if (connection.hostKey?.fingerprint === fingerprint) return toWire(platforms, connection, role);
    const acceptance = await acceptOfferedKey(knex, id, fingerprint);
    if (!acceptance) throw problem('NOT_FOUND');
    const { accepted, before, after } = acceptance;
    await audit.write({
      request,
      action: 'host_key.accept',
      target: `connection:${id}`,
      outcome: accepted ? 'ok' : 'refused',
      detail: {
        pinned: before.hostKey?.fingerprint ?? null,
        offered: before.offeredHostKey?.fingerprint ?? null,
        accepted: fingerprint,
      },
    });
    if (!accepted) throw problem('HOST_KEY_MISMATCH');
    return toWire(platforms, after, role);
  };
  return {
    method: 'POST',
    path: '/connections/{id}/host-key',
    handler: accept,
    options: {
      description: 'Accepts a changed SSH host key by its fingerprint.',
      tags: ['api'],
      validate: { params: idParams, payload: hostKeyPayload },
    },
  };
}
