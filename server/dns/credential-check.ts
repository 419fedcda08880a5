/** POST /dns-credentials/{id}/check: whether a credential lets the challenge record of a name be written. */
import type { Boom } from '@hapi/boom';
import type { Request, ServerRoute } from '@hapi/hapi';
import { adminOnly } from '../access/gate.js';
import { OperationError } from '../operations/errors.js';
import { Redactor } from '../operations/run/redactor.js';
import { problem, refusal } from '../problems/problems.js';
import { idOf, record, type CredentialsOptions } from './credential-options.js';
import { checkPayload, idParams, noQuery } from './credential-schema.js';
import { findCredential, openCredential, type OpenedCredential } from './credential-store.js';
import { dnsCodes, isDnsFailure } from './errors.js';

const TIMEOUT_MS = 60_000;
const TOO_SLOW = 'The DNS did not answer within the time limit.';

interface Failure {
  code: string;
  message: string;
  hint: string | null;
}

/** Why it does not work, where that was foreseen; whatever else happened is thrown on. */
function failureOf(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof OperationError || isDnsFailure(error)) {
    const { code, message, hint } = error;
    return { code, message, hint: typeof hint === 'string' ? hint : null };
  }
  if (!signal.aborted) throw error;
  return { code: 'DNS_UNREACHABLE', message: TOO_SLOW, hint: dnsCodes.DNS_UNREACHABLE.hint };
}

/** A provider's words may repeat what was sent to it. */
function withoutSecrets({ provider, settings }: OpenedCredential, { message, hint, ...failure }: Failure): Failure {
  const redactor = new Redactor();
  for (const key of provider.secrets) {
    const secret = settings[key];
    if (typeof secret === 'string') redactor.add(secret);
  }
  return { ...failure, message: redactor.text(message), hint: hint === null ? null : redactor.text(hint) };
}

async function attempt({ view }: CredentialsOptions, opened: OpenedCredential, name: string, signal: AbortSignal) {
  const { provider, settings } = opened;
  try {
    const record = `_acme-challenge.${name}`;
    const target = provider.followsCname === false ? record : await view.target(record, signal);
    await provider.check({ settings, signal, log: () => undefined }, target);
    return null;
  } catch (error) {
    return withoutSecrets(opened, failureOf(error, signal));
  }
}

async function failureOfCheck(options: CredentialsOptions, id: number, name: string): Promise<Failure | null> {
  const signal = AbortSignal.timeout(options.checkTimeoutMs ?? TIMEOUT_MS);
  let opened;
  try {
    opened = await openCredential(options.knex, options.vault, options.providers, id);
  } catch (error) {
    return failureOf(error, signal);
  }
  return attempt(options, opened, name, signal);
}

const refused = ({ code, message, hint }: Failure): Boom => refusal(code, message, hint);

async function check(options: CredentialsOptions, request: Request): Promise<{ ok: true }> {
  adminOnly(options.access, request);
  const [id, { name }] = [idOf(request), request.payload as { name: string }];
  if (!(await findCredential(options.knex, id))) throw problem('NOT_FOUND');
  const failure = await failureOfCheck(options, id, name);
  const detail = { name, ...(failure ? { code: failure.code } : {}) };
  await record(options, request, 'check', id, { outcome: failure ? 'failed' : 'ok', detail });
  if (failure) throw refused(failure);
  return { ok: true };
}

export function credentialCheckRoute(options: CredentialsOptions): ServerRoute {
  return {
    method: 'POST',
    path: '/dns-credentials/{id}/check',
    handler: (request) => check(options, request),
    options: {
      description:
        'Proves that a DNS credential lets the challenge record of a name be written; nothing is left behind.',
      tags: ['api'],
      validate: { query: noQuery, params: idParams, payload: checkPayload },
    },
  };
}
