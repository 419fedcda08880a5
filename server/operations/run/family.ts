/** What an operation may do with others on its connection: begin one as its child, find its children, wait for an end. */
import type { Knex } from 'knex';
import type { JsonObject, Operation, OperationContext } from '../contract.js';
import { OperationError, operationError } from '../errors.js';
import { find } from '../history.js';
import type { Publications } from '../publications.js';
import { fromRow, isActive, type OperationRow } from '../row.js';
import type { Started, StartRequest } from '../starts.js';
import type { OperationTypes } from '../types.js';
import type { Slots } from './slots.js';

/** Another node's operation tells nobody here of its end, so it is looked at as well. */
const LOOK_EVERY_MS = 1_000;

export interface FamilySetting {
  knex: Knex;
  types: OperationTypes;
  publications: Publications;
  begin(request: StartRequest): Promise<Started>;
}

type Family = Pick<OperationContext, 'children' | 'begin' | 'ended'>;

interface Refusal {
  data?: { code?: unknown; hint?: string | null; members?: { operationId?: string } } | null;
}

/** A refused start is foreseen: its code and sentence are what people should read on the parent. */
function refused(error: unknown): never {
  const { data } = error as Refusal;
  if (typeof data?.code !== 'string') throw error;
  throw new OperationError(data.code, (error as Error).message, {
    hint: data.hint ?? null,
    retryable: true,
    cause: error,
  });
}

/** One that runs with other params is what `begin` answers with; the caller sees by its params that it is another one. */
async function runningInstead(knex: Knex, connectionId: number, error: unknown): Promise<Started> {
  const { data } = error as Refusal;
  const id = data?.code === 'OP_BUSY' ? data.members?.operationId : undefined;
  const row = id === undefined ? undefined : await find(knex, connectionId, id);
  return row ? { row, existing: true } : refused(error);
}

export function family(
  setting: FamilySetting,
  row: OperationRow,
  { signal, slot }: { signal: AbortSignal; slot: Pick<Slots, 'wait'> },
): Family {
  const { knex, types } = setting;
  const wire = (other: OperationRow): Operation => fromRow(other, types.get(other.operation_type));
  return {
    async children() {
      const where = { connection_id: row.connection_id, parent_id: row.id };
      const rows = await knex<OperationRow>('active_operations').where(where).orderBy('id');
      return rows.map(wire);
    },
    async begin(type, params) {
      signal.throwIfAborted();
      const started = await setting
        .begin(childOf(setting, row, type, params))
        .catch((error: unknown) => runningInstead(knex, row.connection_id, error));
      return { operation: wire(started.row), existing: started.existing };
    },
    ended: (id) => slot.wait(end(setting, row.connection_id, id, signal)).then(wire),
  };
}

function childOf({ types }: FamilySetting, row: OperationRow, type: string, params: JsonObject): StartRequest {
  const definition = types.get(type);
  if (!definition) throw operationError('OP_TYPE_UNKNOWN', `No plugin brings the operation type ${type}.`);
  const { error, value } = definition.params.validate(params);
  if (error) throw new Error(`expected params that ${type} takes, got ${error.message}`);
  return {
    ...{ definition, params: value as JsonObject, connectionId: row.connection_id, parentId: row.id },
    ...{ createdBy: 'auto', requestedBy: row.requested_by },
  };
}

/** Resolves with the ended row; rejects where it is gone, or with the signal's reason. */
function end({ knex, publications }: FamilySetting, connectionId: number, id: string, signal: AbortSignal) {
  return new Promise<OperationRow>((resolve, reject) => {
    const look = () => {
      find(knex, connectionId, id).then((row) => {
        if (!row) settle(() => reject(operationError('OP_AWAITED_GONE')));
        else if (!isActive(row)) settle(() => resolve(row));
      }, ignored);
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    const unlisten = publications.listen({
      seen: (events) => {
        if (events.some(({ operation }) => operation.id === id && operation.completedAt !== null)) look();
      },
    });
    const abort = () => settle(() => reject(signal.reason as Error));
    const settle = (then: () => void) => {
      clearInterval(timer);
      unlisten();
      signal.removeEventListener('abort', abort);
      then();
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else look();
  });
}

/** A look that failed says nothing; the next one comes in a second. */
function ignored(): void {}
