/** A row of `active_operations`, and the one way from it to the wire. */
import type {
  CreatedBy,
  EventName,
  Json,
  JsonObject,
  Operation,
  OperationDefinition,
  Status,
  StepPosition,
} from './contract.js';

export interface OperationRow {
  id: string;
  connection_id: number;
  operation_type: string;
  status: Status;
  started_at: string;
  completed_at: string | null;
  progress: number;
  message: string | null;
  error: string | null;
  metadata: string | null;
  created_by: CreatedBy;
  revision: number;
  requested_by: string | null;
  parent_id: string | null;
  retry_of: string | null;
  node_id: string | null;
  lease_expires_at: string | null;
  attempt: number;
  step: string | null;
  updated_at: string;
  cancel_requested_at: string | null;
  cancel_requested_by: string | null;
  params: string;
  state: string | null;
  estimated_duration_ms: number;
}

export const isActive = (row: Pick<OperationRow, 'status'>): boolean =>
  row.status === 'pending' || row.status === 'in_progress';

const parse = <T extends Json>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));

/** Whether a cancel would be accepted now; a type that this node does not know can't be cancelled from here. */
export function isCancellable(row: OperationRow, definition: OperationDefinition | undefined): boolean {
  if (!definition?.cancellable || !isActive(row) || row.cancel_requested_at !== null) return false;
  const position = parse<StepPosition & JsonObject>(row.step);
  return definition.steps.find((step) => step.key === position?.key)?.cancellable ?? true;
}

export function fromRow(row: OperationRow, definition: OperationDefinition | undefined): Operation {
  return {
    id: row.id,
    connectionId: row.connection_id,
    type: row.operation_type,
    status: row.status,
    progress: row.progress,
    step: parse<StepPosition & JsonObject>(row.step),
    message: row.message,
    error: parse<NonNullable<Operation['error']> & JsonObject>(row.error),
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    completedAt: row.completed_at,
    estimatedDuration: row.estimated_duration_ms,
    createdBy: row.created_by,
    requestedBy: row.requested_by,
    parentId: row.parent_id,
    retryOf: row.retry_of,
    attempt: row.attempt,
    params: parse<JsonObject>(row.params) ?? {},
    cancellable: isCancellable(row, definition),
    revision: row.revision,
    result: parse<JsonObject>(row.metadata),
  };
}

/** The first revision is the start; after that the status tells. */
export function eventOf(row: OperationRow): EventName {
  if (row.status === 'completed') return 'operation:complete';
  if (row.status === 'failed' || row.status === 'cancelled') return 'operation:error';
  return row.revision === 1 ? 'operation:start' : 'operation:update';
}
