/** Who did what, when, from where, with which outcome. Types only. */
import type { Request } from '@hapi/hapi';

export interface AuditEntry {
  /** Gives actor and address where it is present. */
  request?: Request;
  /** Instead of the request's caller: a refused login's username, or `system`. */
  actor?: string | null;
  /** noun.verb: `operation.start`, `user.create`, `login`, `host_key.accept`, … */
  action: string;
  /** `connection:7`, `user:mira`, … */
  target?: string | null;
  outcome: 'ok' | 'refused' | 'failed';
  operationId?: string | null;
  /** Anything else that helps, never a secret. */
  detail?: Record<string, unknown>;
}

/** An entry as it is stored. */
export interface TrailRow {
  at: string;
  actor: string | null;
  address: string | null;
  action: string;
  target: string | null;
  outcome: string;
  operation_id: string | null;
  /** JSON text. */
  detail: string | null;
}

export interface Audit {
  /** The row that `write` would store now, for who stores it in one transaction with what it speaks of (`storeTrail`). */
  row(entry: AuditEntry): TrailRow;
  /** Writes one row; resolves when it is stored. A refusal that can't be stored is logged, never swallowed. */
  write(entry: AuditEntry): Promise<void>;
}
