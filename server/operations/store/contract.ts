/** What the store is asked, and what it answers. Types only. */
import type { TrailRow } from '../../audit/contract.js';
import type { CreatedBy, Status } from '../contract.js';
import type { OperationRow } from '../row.js';

export interface NewOperation {
  id: string;
  connectionId: number;
  type: string;
  /** Canonical JSON text, so that equal params are equal text. */
  params: string;
  createdBy: CreatedBy;
  requestedBy: string | null;
  parentId: string | null;
  retryOf: string | null;
  /** The checkpoint of the operation that this one retries. */
  state: string | null;
  /** The first guess; the median of this connection's last runs with the same params takes its place. */
  estimatedDurationMs: number;
  /** What the audit trail says of the start; stored with it or, where the place is taken, not at all. */
  trail?: TrailRow;
}

/** What a start found: the caller's own row, or the active one that was there; null where the connection is gone. */
export type StartResult = { operation: OperationRow; existing: boolean } | null;

/** Who may write: the node and the claim that hold the lease. `attempt` is the fencing token. */
export interface Hold {
  id: string;
  nodeId: string;
  attempt: number;
}

/** A guarded write; what is left out stays as it is. JSON columns take JSON text. */
export interface OperationWrite extends Hold {
  status?: Exclude<Status, 'pending' | 'in_progress'>;
  progress?: number;
  step?: string;
  message?: string;
  error?: string;
  metadata?: string;
  state?: string;
  /** Only where the lease still ends at this moment: the sweeper's guard against a late renewal. */
  leaseExpiresAt?: string;
}

export interface ClaimRequest {
  nodeId: string;
  leaseMs: number;
  limit: number;
  types: string[];
  /** Types whose expired leases are taken over from the last checkpoint. */
  resumable: string[];
  /** A take-over is tried until this many claims have been made. */
  maxAttempts: number;
}

export interface CancelRequest {
  id: string;
  by: string;
  /** The step, as stored, in which a cancel was found to be possible: in another one the request changes nothing. */
  step: string | null;
}
