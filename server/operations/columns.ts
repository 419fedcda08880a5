/** The columns that batches carry, and the condition that the interlocking rests on. */

import type { OperationRow } from './row.js';

/** Word for word the predicate of the partial unique index, or the database does not see that they are the same. */
export const ACTIVE = "status in ('pending','in_progress')";

/** Columns that a guarded write may replace, all text. */
export const WRITE_COLUMNS = ['step', 'message', 'error', 'metadata', 'state'] as const;

export const GUARDED_COLUMNS = {
  id: 'text',
  node_id: 'text',
  attempt: 'integer',
  lease: 'text',
  status: 'text',
  progress: 'integer',
  step: 'text',
  message: 'text',
  error: 'text',
  metadata: 'text',
  state: 'text',
} as const;

export const INSERT_COLUMNS = {
  id: 'text',
  connection_id: 'integer',
  operation_type: 'text',
  params: 'text',
  created_by: 'text',
  requested_by: 'text',
  parent_id: 'text',
  retry_of: 'text',
  state: 'text',
  estimated_duration_ms: 'integer',
} as const;

const ROW_COLUMNS = [
  'id',
  'connection_id',
  'operation_type',
  'status',
  'started_at',
  'completed_at',
  'progress',
  'message',
  'error',
  'metadata',
  'created_by',
  'revision',
  'requested_by',
  'parent_id',
  'retry_of',
  'node_id',
  'lease_expires_at',
  'attempt',
  'step',
  'updated_at',
  'cancel_requested_at',
  'cancel_requested_by',
  'params',
  'state',
  'estimated_duration_ms',
] as const satisfies readonly (keyof OperationRow)[];

/** The whole row as it is stored now. Named one by one: in an UPDATE … FROM, SQLite knows no `table.*` and `*` is more on PostgreSQL. */
export const RETURNING = `RETURNING ${ROW_COLUMNS.map((column) => `active_operations.${column} AS ${column}`).join(', ')}`;
