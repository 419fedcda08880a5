/** GET /connections/{id}/certificate, and what people do about it: look now, revoke. */
import Boom from '@hapi/boom';
import type { Request, ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { Access, Caller } from '../access/contract.js';
import { callerOf, gate } from '../access/gate.js';
import { connectionId, smallJson } from '../access/schemas.js';
import type { Audit, AuditEntry } from '../audit/contract.js';
import { problem } from '../problems/problems.js';
import type { CertificateDesk, CertificateSummary, CertificateView, StoredCertificate } from './contract.js';
import { REASONS, revoke, type Revocation } from './revocation.js';

export interface RouteParts {
  access: Access;
  audit: Audit;
  desk: CertificateDesk;
  /** Null where the connection is gone. */
  view(connectionId: number): Promise<CertificateView | null>;
  /** Of the connections that the caller may see. */
  overview(caller: Caller): Promise<CertificateSummary[]>;
  lookAtAll(connectionId: number, signal: AbortSignal): Promise<unknown>;
  /** The renewal that is active on the connection, by its id. */
  renewing(connectionId: number): Promise<string | null>;
}

const LOOK_TIMEOUT_MS = 30_000;

const params = Joi.object<{ id: number }>({ id: connectionId.required() });
const query = Joi.object({});
const nothing = Joi.object({}).allow(null);
const revocation = Joi.object<Revocation>({
  certificateId: Joi.number().integer().min(1).max(2_147_483_647).required().description('A certificate of `stored`.'),
  reason: Joi.string()
    .valid(...Object.keys(REASONS))
    .default('unspecified')
    .description('Why, as the CA publishes it.'),
}).label('The revocation');

const idOf = (request: Request): number => (request.params as { id: number }).id;

async function viewOf(parts: RouteParts, id: number): Promise<CertificateView> {
  const view = await parts.view(id);
  if (!view) throw problem('NOT_FOUND');
  return view;
}

async function look(parts: RouteParts, request: Request): Promise<CertificateView> {
  const id = idOf(request);
  gate(parts.access, request, id, 'operator');
  await parts.lookAtAll(id, AbortSignal.timeout(LOOK_TIMEOUT_MS));
  return viewOf(parts, id);
}

/** One of the connection's own: another connection's counts as none. */
async function certificateOf({ desk }: RouteParts, id: number, certificateId: number): Promise<StoredCertificate> {
  const certificate = await desk.store.find(certificateId);
  if (certificate?.connectionId !== id) throw problem('NOT_FOUND');
  return certificate;
}

/** How an attempt that was answered with a problem stands in the audit. */
function ending(error: unknown): { outcome: AuditEntry['outcome']; code: string } {
  if (!Boom.isBoom(error)) return { outcome: 'failed', code: 'INTERNAL' };
  const { code } = error.data as { code: string };
  return { outcome: code === 'CA_REFUSED' ? 'failed' : 'refused', code };
}

async function revokeIt(parts: RouteParts, request: Request): Promise<CertificateView> {
  const id = idOf(request);
  gate(parts.access, request, id, 'admin');
  const { certificateId, reason } = request.payload as Revocation;
  const certificate = await certificateOf(parts, id, certificateId);
  const operationId = await parts.renewing(id);
  if (operationId !== null)
    throw problem('CONNECTION_BUSY', {
      message: 'A renewal is active on this connection.',
      members: { operationId },
    });
  const detail = { certificateId, serialNumber: certificate.serialNumber, reason };
  const record = (outcome: AuditEntry['outcome'], more = {}) =>
    parts.audit.write({
      ...{ request, action: 'certificate.revoke', target: `connection:${id}` },
      ...{ outcome, detail: { ...detail, ...more } },
    });
  try {
    await revoke(parts.desk, certificate, reason);
  } catch (error) {
    const { outcome, code } = ending(error);
    await record(outcome, { code });
    throw error;
  }
  await record('ok');
  return viewOf(parts, id);
}

export function certificateRoutes(parts: RouteParts): ServerRoute[] {
  const path = '/connections/{id}/certificate';
  const tags = ['api'];
  return [
    {
      method: 'GET',
      path: '/certificates',
      handler: async (request) => ({
        certificates: await parts.overview(callerOf(request)),
      }),
      options: {
        description: 'Where the certificates of all connections that the caller may see end, and when they renew.',
        tags,
        validate: { query },
      },
    },
    {
      method: 'GET',
      path,
      handler: (request) => {
        gate(parts.access, request, idOf(request), 'viewer');
        return viewOf(parts, idOf(request));
      },
      options: {
        description: 'The certificate of a connection: what is wanted, served, stored and planned next.',
        tags,
        validate: { params, query },
      },
    },
    {
      method: 'POST',
      path: `${path}/look`,
      handler: (request) => look(parts, request),
      options: {
        description: 'Looks now at what each endpoint of the connection serves.',
        tags,
        payload: smallJson,
        validate: { params, query, payload: nothing },
      },
    },
    {
      method: 'POST',
      path: `${path}/revoke`,
      handler: (request) => revokeIt(parts, request),
      options: {
        description:
          'Revokes a certificate of the connection at its CA; it stays served until another one is installed.',
        tags,
        payload: smallJson,
        validate: { params, query, payload: revocation },
      },
    },
  ];
}
