/** POST /certificate-authorities, PATCH and DELETE /certificate-authorities/{id}. The audit rows name what was changed, never to what. */
import type { Request, ResponseToolkit, ServerRoute } from '@hapi/hapi';
import { adminOnly } from '../access/gate.js';
import type { AuditEntry } from '../audit/contract.js';
import { invalid } from '../connections/invalid.js';
import type { Code } from '../problems/codes.js';
import { problem } from '../problems/problems.js';
import type { CertificateAuthority, CertificateAuthorityChange } from './contract.js';
import type { AuthoritiesOptions } from './options.js';
import type { StoredAuthority } from './row.js';
import { authorityChange, idParams, newAuthority, noQuery } from './schema.js';
import { changeAuthority, createAuthority, findAuthority, removeAuthority, type AuthorityRemoval } from './store.js';
import { isUniqueViolation } from '../access/violations.js';

type Verb = 'create' | 'update' | 'delete';
type Entry = Pick<AuditEntry, 'outcome' | 'detail'>;

const KEPT: Partial<Record<AuthorityRemoval, Code>> = {
  built_in: 'AUTHORITY_BUILT_IN',
  default: 'AUTHORITY_IS_DEFAULT',
  in_use: 'AUTHORITY_IN_USE',
};

const idOf = (request: Request): number => (request.params as { id: number }).id;

const record = ({ audit }: AuthoritiesOptions, request: Request, verb: Verb, id: number, entry: Entry) =>
  audit.write({
    ...{ request, action: `certificate_authority.${verb}`, target: `certificate_authority:${id}` },
    ...entry,
  });

/** A binding needs both, or the CA would be asked for an account without one. */
function assertBinding(eabKeyId: string | null, hasEabHmacKey: boolean): void {
  if ((eabKeyId !== null) === hasEabHmacKey) return;
  const [key, other] = eabKeyId === null ? ['eabKeyId', 'eabHmacKey'] : ['eabHmacKey', 'eabKeyId'];
  throw invalid([{ path: [key], message: `${key} must be there beside ${other}, or both must be null` }]);
}

/** What the change makes of the stored CA must hold together, and a built-in CA stays where it is. */
function assertChange(before: StoredAuthority, change: CertificateAuthorityChange): void {
  const { directoryUrl, eabKeyId = before.eabKeyId, eabHmacKey } = change;
  if (before.builtIn && directoryUrl !== undefined && directoryUrl !== before.directoryUrl)
    throw problem('AUTHORITY_BUILT_IN', { message: 'A built-in CA keeps its directory.' });
  assertBinding(eabKeyId, eabHmacKey === undefined ? before.hasEabHmacKey : eabHmacKey !== null);
}

async function create(options: AuthoritiesOptions, request: Request, h: ResponseToolkit) {
  const { username } = adminOnly(options.access, request);
  const given = request.payload as CertificateAuthorityChange & { name: string; directoryUrl: string };
  assertBinding(given.eabKeyId ?? null, typeof given.eabHmacKey === 'string');
  const created = await createAuthority(options.knex, options.vault, { ...given, agreedBy: username });
  if (!created) throw problem('AUTHORITY_NAME_TAKEN');
  const detail = { name: created.name, set: Object.keys(given) };
  await record(options, request, 'create', created.id, { outcome: 'ok', detail });
  return h.response(created).code(201).location(`/certificate-authorities/${created.id}`);
}

async function changed(options: AuthoritiesOptions, request: Request, username: string) {
  const given = request.payload as CertificateAuthorityChange;
  try {
    return await changeAuthority(options.knex, options.vault, idOf(request), (before) => {
      assertChange(before, given);
      return { ...given, agreedBy: username };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw problem('AUTHORITY_NAME_TAKEN', { cause: error });
    throw error;
  }
}

async function update(options: AuthoritiesOptions, request: Request): Promise<CertificateAuthority> {
  const { username } = adminOnly(options.access, request);
  const authority = await changed(options, request, username);
  if (!authority) throw problem('NOT_FOUND');
  const detail = { name: authority.name, changed: Object.keys(request.payload as CertificateAuthorityChange) };
  await record(options, request, 'update', authority.id, { outcome: 'ok', detail });
  return authority;
}

async function remove(options: AuthoritiesOptions, request: Request, h: ResponseToolkit) {
  adminOnly(options.access, request);
  const id = idOf(request);
  const authority = await findAuthority(options.knex, id);
  const removal = authority ? await removeAuthority(options.knex, id) : 'missing';
  if (!authority || removal === 'missing') throw problem('NOT_FOUND');
  const code = KEPT[removal];
  await record(options, request, 'delete', id, {
    outcome: code ? 'refused' : 'ok',
    detail: { name: authority.name, ...(code ? { code } : {}) },
  });
  if (code) throw problem(code);
  return h.response().code(204);
}

export function writingRoutes(options: AuthoritiesOptions): ServerRoute[] {
  return [
    {
      method: 'POST',
      path: '/certificate-authorities',
      handler: (request, h) => create(options, request, h),
      options: {
        description: 'Adds a CA: any ACME directory, with roots of its own where it needs them.',
        tags: ['api'],
        validate: { query: noQuery, payload: newAuthority },
      },
    },
    {
      method: 'PATCH',
      path: '/certificate-authorities/{id}',
      handler: (request) => update(options, request),
      options: {
        description: 'Changes a CA, agrees to its terms, or makes it the default.',
        tags: ['api'],
        validate: { query: noQuery, params: idParams, payload: authorityChange },
      },
    },
    {
      method: 'DELETE',
      path: '/certificate-authorities/{id}',
      handler: (request, h) => remove(options, request, h),
      options: {
        description: 'Removes a CA; 409 where it is built in, the default, or in use.',
        tags: ['api'],
        validate: { query: noQuery, params: idParams },
      },
    },
  ];
}
