/** A row of audit_log and its form on the wire. */
import type { AuditEntry, TrailRow } from './contract.js';
import type { AuditRecord } from './record.js';

export interface AuditRow extends TrailRow {
  id: number;
}

/** A token for widgets does everything in its maker's name, so the row says which one it was. */
function detailOf({ request, detail }: AuditEntry): string | null {
  const caller = request?.auth.credentials?.caller;
  const whole = caller?.embed ? { ...detail, embedToken: caller.tokenId } : detail;
  return whole === undefined ? null : JSON.stringify(whole);
}

/** What an entry stores; `atMs` is ms since the epoch. */
export function toRow(entry: AuditEntry, atMs: number): TrailRow {
  const { request, actor, action, target, outcome, operationId } = entry;
  return {
    at: new Date(atMs).toISOString(),
    actor: actor ?? request?.auth.credentials?.caller?.username ?? null,
    address: request?.info.remoteAddress ?? null,
    action,
    target: target ?? null,
    outcome,
    operation_id: operationId ?? null,
    detail: detailOf(entry),
  };
}

export function fromRow({ operation_id, detail, ...row }: AuditRow): AuditRecord {
  return {
    ...row,
    operationId: operation_id,
    detail: detail === null ? null : (JSON.parse(detail) as Record<string, unknown>),
  };
}
