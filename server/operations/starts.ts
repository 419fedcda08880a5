/** Starting and retrying through the interlocking, and the Idempotency-Key that makes a repeated request the same one. */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { TrailRow } from '../audit/contract.js';
import { problem } from '../problems/problems.js';
import type { CreatedBy, JsonObject, OperationDefinition } from './contract.js';
import type { OperationRow } from './row.js';
import type { NewOperation, OperationStore } from './store.js';

/** How long an Idempotency-Key is remembered. */
export const KEY_LIFE_MS = 24 * 60 * 60 * 1000;

export interface StartRequest {
  connectionId: number;
  definition: OperationDefinition;
  params: JsonObject;
  createdBy: CreatedBy;
  requestedBy: string | null;
  parentId?: string;
  retryOf?: OperationRow;
  idempotency?: { userId: number; route: string; key: string };
  /** What the audit trail says of it where it is new. */
  trail?: TrailRow;
}

/** A start whose params are complete. */
export interface PreparedStart extends StartRequest {
  /** The first guess, which the connection's own history replaces. */
  guessMs: number;
}

export interface Started {
  row: OperationRow;
  existing: boolean;
}

interface KeyRow {
  fingerprint: string;
  operation_id: string;
  joined: boolean | number;
}

/** JSON text with sorted keys, so that equal params are equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

function newOperation(request: PreparedStart): NewOperation {
  return {
    id: uuidv7(),
    connectionId: request.connectionId,
    type: request.definition.type,
    params: canonical(request.params),
    createdBy: request.createdBy,
    requestedBy: request.requestedBy,
    parentId: request.parentId ?? null,
    retryOf: request.retryOf?.id ?? null,
    state: request.retryOf?.state ?? null,
    estimatedDurationMs: request.guessMs,
    ...(request.trail ? { trail: request.trail } : {}),
  };
}

/** Stores the start, or finds the active operation that it joins. */
export async function start(store: OperationStore, request: PreparedStart): Promise<Started> {
  const operation = newOperation(request);
  return request.idempotency ? keyed(store, operation, request.idempotency) : placed(store, operation, store.knex);
}

function busy(row: OperationRow) {
  const since = row.requested_by ? `, started by ${row.requested_by}` : '';
  return problem('OP_BUSY', {
    message: `This operation is running with other params${since}.`,
    members: { operationId: row.id },
  });
}

async function placed(store: OperationStore, operation: NewOperation, trx: Knex): Promise<Started> {
  const [result] = await store.start([operation], trx).catch(goneMeanwhile);
  if (!result) throw problem('NOT_FOUND');
  if (result.existing && result.operation.params !== operation.params) throw busy(result.operation);
  return { row: result.operation, existing: result.existing };
}

/** On PostgreSQL a connection can go between its being seen and the insert (foreign_key_violation). */
function goneMeanwhile(error: unknown): never {
  if ((error as { code?: unknown }).code === '23503') throw problem('NOT_FOUND', { cause: error });
  throw error;
}

/** Key and operation are stored in one transaction, so a repeated request can't slip in between. */
async function keyed(
  store: OperationStore,
  operation: NewOperation,
  idempotency: NonNullable<StartRequest['idempotency']>,
): Promise<Started> {
  const { userId, route, key } = idempotency;
  const where = { user_id: userId, route, key };
  const fingerprint = createHash('sha256').update(`${operation.params}|${operation.retryOf}`).digest('base64url');
  return store.knex.transaction(async (trx) => {
    const expired = new Date(Date.now() - KEY_LIFE_MS).toISOString();
    await trx('idempotency_keys').where(where).where('created_at', '<', expired).delete();
    const fresh = { ...where, fingerprint, operation_id: operation.id, created_at: new Date().toISOString() };
    const won = await trx('idempotency_keys')
      .insert(fresh)
      .onConflict(['user_id', 'route', 'key'])
      .ignore()
      .returning('key');
    if (won.length === 0) return repeated(trx, where, fingerprint);
    const started = await placed(store, operation, trx);
    if (started.existing)
      await trx('idempotency_keys').where(where).update({ operation_id: started.row.id, joined: true });
    return started;
  });
}

async function repeated(trx: Knex, where: Record<string, unknown>, fingerprint: string): Promise<Started> {
  const known = (await trx<KeyRow>('idempotency_keys').where(where).first()) as KeyRow | undefined;
  if (known?.fingerprint !== fingerprint) throw problem('IDEMPOTENCY_KEY_REUSED');
  const row = await trx<OperationRow>('active_operations').where({ id: known.operation_id }).first();
  if (!row) throw problem('IDEMPOTENCY_KEY_REUSED', { message: 'The operation of this Idempotency-Key is gone.' });
  return { row, existing: Boolean(known.joined) };
}
