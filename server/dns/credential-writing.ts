/** POST /dns-credentials, PATCH and DELETE /dns-credentials/{id}. */
import type { Request, ResponseToolkit, ServerRoute } from '@hapi/hapi';
import { adminOnly } from '../access/gate.js';
import { isUniqueViolation } from '../access/violations.js';
import { OperationError } from '../operations/errors.js';
import { problem, refusal } from '../problems/problems.js';
import type { DnsCredential, DnsCredentialChange } from './contract.js';
import { completedChange, providerOf } from './credential-change.js';
import { idOf, record, type CredentialsOptions } from './credential-options.js';
import { published } from './credential-reading.js';
import type { StoredCredential } from './credential-row.js';
import { credentialChange, idParams, newCredential, noQuery } from './credential-schema.js';
import { checkedSettings } from './credential-settings.js';
import { changeCredential, createCredential, findCredential, removeCredential } from './credential-store.js';

async function shown(options: CredentialsOptions, credential: StoredCredential): Promise<DnsCredential> {
  const [one] = await published(options, [credential]);
  if (!one) throw problem('NOT_FOUND');
  return one;
}

async function create(options: CredentialsOptions, request: Request, h: ResponseToolkit) {
  adminOnly(options.access, request);
  const { name, provider, settings } = request.payload as Required<DnsCredentialChange>;
  const split = checkedSettings(providerOf(options.providers, provider), settings);
  const created = await createCredential(options.knex, options.vault, { name, provider, split });
  if (!created) throw problem('DNS_CREDENTIAL_NAME_TAKEN');
  const detail = { name, provider, settings: Object.keys(settings) };
  await record(options, request, 'create', created.id, { outcome: 'ok', detail });
  return h
    .response(await shown(options, created))
    .code(201)
    .location(`/dns-credentials/${created.id}`);
}

async function changed(options: CredentialsOptions, request: Request, given: DnsCredentialChange) {
  try {
    return await changeCredential(options.knex, options.vault, idOf(request), (before) =>
      completedChange(options, before, given),
    );
  } catch (error) {
    if (isUniqueViolation(error)) throw problem('DNS_CREDENTIAL_NAME_TAKEN', { cause: error });
    if (error instanceof OperationError) throw refusal(error.code, error.message, error.hint);
    throw error;
  }
}

async function update(options: CredentialsOptions, request: Request): Promise<DnsCredential> {
  adminOnly(options.access, request);
  const given = request.payload as DnsCredentialChange;
  const credential = await changed(options, request, given);
  if (!credential) throw problem('NOT_FOUND');
  const settings = Object.keys(given.settings ?? {});
  const detail = {
    ...{ name: credential.name, changed: Object.keys(given) },
    ...(settings.length > 0 ? { settings } : {}),
  };
  await record(options, request, 'update', credential.id, { outcome: 'ok', detail });
  return shown(options, credential);
}

async function remove(options: CredentialsOptions, request: Request, h: ResponseToolkit) {
  adminOnly(options.access, request);
  const id = idOf(request);
  const credential = await findCredential(options.knex, id);
  const removal = credential ? await removeCredential(options.knex, id) : 'missing';
  if (!credential || removal === 'missing') throw problem('NOT_FOUND');
  const outcome = removal === 'in_use' ? 'refused' : 'ok';
  await record(options, request, 'delete', id, { outcome, detail: { name: credential.name } });
  if (removal === 'in_use') throw problem('DNS_CREDENTIAL_IN_USE');
  return h.response().code(204);
}

export function credentialWritingRoutes(options: CredentialsOptions): ServerRoute[] {
  return [
    {
      method: 'POST',
      path: '/dns-credentials',
      handler: (request, h) => create(options, request, h),
      options: {
        description: 'Adds a DNS credential; its secrets are sealed and never shown again.',
        tags: ['api'],
        validate: { query: noQuery, payload: newCredential },
      },
    },
    {
      method: 'PATCH',
      path: '/dns-credentials/{id}',
      handler: (request) => update(options, request),
      options: {
        description:
          'Changes a DNS credential. Settings replace the old ones; a secret that is left out stays, unless the provider is another.',
        tags: ['api'],
        validate: { query: noQuery, params: idParams, payload: credentialChange },
      },
    },
    {
      method: 'DELETE',
      path: '/dns-credentials/{id}',
      handler: (request, h) => remove(options, request, h),
      options: {
        description: 'Removes a DNS credential; 409 while a connection refers to it.',
        tags: ['api'],
        validate: { query: noQuery, params: idParams },
      },
    },
  ];
}
