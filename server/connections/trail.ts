/** What the audit hears of connections: what was changed by whom, never to what. */
import type { Boom } from '@hapi/boom';
import type { Request } from '@hapi/hapi';
import type { Audit, AuditEntry } from '../audit/contract.js';
import { problem } from '../problems/problems.js';
import { CertificateRefusal } from './certificate-change.js';
import { SettingsRefusal } from './settings-change.js';

/** The request, and the connection it means; a null id where there is none yet. */
export interface Attempt {
  request: Request;
  verb: 'create' | 'update' | 'delete';
  id: number | null;
}

export interface Trail {
  record(attempt: Attempt, entry: Pick<AuditEntry, 'outcome' | 'operationId' | 'detail'>): Promise<void>;
  /** Does the work; where the caller may not change these settings, that is recorded and answered with 403. */
  guard<T>(attempt: Attempt, work: () => Promise<T>): Promise<T>;
}

const fieldErrors = (prefix: string, keys: string[]) =>
  keys.map((key) => ({ pointer: `${prefix}/${key}`, message: `${key} may only be changed by an admin` }));

function settingsProblem(cause: SettingsRefusal): Boom {
  return problem('SETTINGS_ADMIN_ONLY', {
    members: { errors: fieldErrors('/platformSettings', cause.changed) },
    cause,
  });
}

function certificateProblem(cause: CertificateRefusal): Boom {
  if (cause.about === 'certificate')
    return problem('CERTIFICATE_ADMIN_ONLY', {
      members: { errors: fieldErrors('/certificate', cause.changed) },
      cause,
    });
  return problem('CERTIFICATE_ADMIN_ONLY', {
    message: 'Only an admin may change where the certificate of a connection is delivered.',
    hint: 'Leave hostname, port, platform and username as they are, or ask an admin.',
    members: { errors: fieldErrors('', cause.changed) },
    cause,
  });
}

/** What the audit keeps of a refusal, and what the caller hears; whatever else was thrown goes on. */
function refusalOf(error: unknown): { detail: Record<string, string[]>; answer: Boom } {
  if (error instanceof SettingsRefusal) return { detail: { settings: error.changed }, answer: settingsProblem(error) };
  if (!(error instanceof CertificateRefusal)) throw error;
  const key = error.about === 'certificate' ? 'certificate' : 'changed';
  return { detail: { [key]: error.changed }, answer: certificateProblem(error) };
}

export function makeTrail(audit: Audit): Trail {
  const record: Trail['record'] = ({ request, verb, id }, entry) =>
    audit.write({ request, action: `connection.${verb}`, target: id === null ? null : `connection:${id}`, ...entry });
  return {
    record,
    async guard(attempt, work) {
      try {
        return await work();
      } catch (error) {
        const { detail, answer } = refusalOf(error);
        await record(attempt, { outcome: 'refused', detail });
        throw answer;
      }
    },
  };
}
