/** GET /certificate-authorities and GET /certificate-authorities/{id}, for admins. */
import type { Request, ServerRoute } from '@hapi/hapi';
import { adminOnly } from '../access/gate.js';
import { problem } from '../problems/problems.js';
import type { CertificateAuthority } from './contract.js';
import type { AuthoritiesOptions } from './options.js';
import type { StoredAuthority } from './row.js';
import { idParams, noQuery } from './schema.js';
import { findAuthority, listAuthorities } from './store.js';
import { termsOf } from './terms.js';

const TERMS_TIMEOUT_MS = 5_000;

/** Null where the CA can't be asked: an admin has to be able to correct what is wrong with it. */
async function readTerms(options: AuthoritiesOptions, request: Request, authority: StoredAuthority) {
  try {
    return await termsOf(options.reach, authority, options.termsTimeoutMs ?? TERMS_TIMEOUT_MS);
  } catch (error) {
    request.log(['warn', 'certificate-authority'], { err: error, authority: authority.id });
    return null;
  }
}

async function read(options: AuthoritiesOptions, request: Request): Promise<CertificateAuthority> {
  adminOnly(options.access, request);
  const { id } = request.params as { id: number };
  const authority = await findAuthority(options.knex, id);
  if (!authority) throw problem('NOT_FOUND');
  return { ...authority, termsOfService: await readTerms(options, request, authority) };
}

export function readingRoutes(options: AuthoritiesOptions): ServerRoute[] {
  return [
    {
      method: 'GET',
      path: '/certificate-authorities',
      handler: async (request) => {
        adminOnly(options.access, request);
        return { certificateAuthorities: await listAuthorities(options.knex) };
      },
      options: {
        description: 'The CAs that certificates can be ordered from: the default first, then by name.',
        tags: ['api'],
        validate: { query: noQuery },
      },
    },
    {
      method: 'GET',
      path: '/certificate-authorities/{id}',
      handler: (request) => read(options, request),
      options: {
        description: 'One CA, with the address of its terms of service as it gives it now.',
        tags: ['api'],
        validate: { query: noQuery, params: idParams },
      },
    },
  ];
}
