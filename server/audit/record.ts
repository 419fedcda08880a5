/** A row of the audit trail on the wire. Types only. */

export interface AuditRecord {
  id: number;
  at: string;
  actor: string | null;
  address: string | null;
  action: string;
  target: string | null;
  outcome: string;
  operationId: string | null;
  detail: Record<string, unknown> | null;
}
