/** What the audit hears of connections: what was changed by whom, never to what. */
import type { Request } from '@hapi/hapi';
import type { Audit, AuditEntry } from '../audit/contract.js';
import { problem } from '../problems/problems.js';
import { SettingsRefusal } from './settings-change.js';

/** The request, and the connection it means; a null id where there is none yet. */
export interface Attempt {
  request: Request;
  verb: 'create' | 'update' | 'delete';
  id: number | null;
}

export interface Trail {
  record(attempt: Attempt, entry: Pick<AuditEntry, 'outcome' | 'operationId' | 'detail'>): Promise<void>;
  /** Does the work; where it may not change the settings, that is recorded and answered with 403. */
  guard<T>(attempt: Attempt, work: () => Promise<T>): Promise<T>;
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
        if (!(error instanceof SettingsRefusal)) throw error;
        await record(attempt, { outcome: 'refused', detail: { settings: error.changed } });
        const errors = error.changed.map((key) => ({
          pointer: `/platformSettings/${key}`,
          message: `${key} may only be changed by an admin`,
        }));
        throw problem('SETTINGS_ADMIN_ONLY', { members: { errors }, cause: error });
      }
    },
  };
}
