/** GET /dns-credentials and GET /dns-credentials/{id}, for admins. */
import type { Request, ServerRoute } from '@hapi/hapi';
import { adminOnly } from '../access/gate.js';
import { references } from '../authorities/references.js';
import { problem } from '../problems/problems.js';
import type { DnsCredential } from './contract.js';
import { idOf, type CredentialsOptions } from './credential-options.js';
import { toWire, type StoredCredential } from './credential-row.js';
import { idParams, noQuery } from './credential-schema.js';
import { withoutSecrets } from './credential-settings.js';
import { findCredential, listCredentials } from './credential-store.js';

/** On the wire, with what uses each of them. */
export async function published(
  { knex, providers }: CredentialsOptions,
  credentials: StoredCredential[],
): Promise<DnsCredential[]> {
  const usedBy = await references(knex, 'dnsCredentialId');
  return credentials.map((credential) => ({
    ...toWire(credential, usedBy),
    settings: withoutSecrets(providers.get(credential.provider), credential.settings),
  }));
}

async function read(options: CredentialsOptions, request: Request): Promise<DnsCredential> {
  adminOnly(options.access, request);
  const credential = await findCredential(options.knex, idOf(request));
  const [shown] = credential ? await published(options, [credential]) : [];
  if (!shown) throw problem('NOT_FOUND');
  return shown;
}

export function credentialReadingRoutes(options: CredentialsOptions): ServerRoute[] {
  return [
    {
      method: 'GET',
      path: '/dns-credentials',
      handler: async (request) => {
        adminOnly(options.access, request);
        return { dnsCredentials: await published(options, await listCredentials(options.knex)) };
      },
      options: {
        description: 'The credentials for DNS challenges, by name; without their secrets.',
        tags: ['api'],
        validate: { query: noQuery },
      },
    },
    {
      method: 'GET',
      path: '/dns-credentials/{id}',
      handler: (request) => read(options, request),
      options: {
        description: 'One DNS credential, without its secrets.',
        tags: ['api'],
        validate: { query: noQuery, params: idParams },
      },
    },
  ];
}
