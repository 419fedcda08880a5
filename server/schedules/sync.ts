/** Keeps the rows in step with what the connections want: each kind says when it runs for a connection, or that it does not. */
import type { Knex } from 'knex';
import type { ScheduleKind, ScheduleLog } from './contract.js';
import type { ScheduleStore } from './store.js';

export interface SyncParts {
  knex: Knex;
  store: ScheduleStore;
  kinds: ReadonlyMap<string, ScheduleKind>;
  log: ScheduleLog;
  /** Epoch ms. */
  now(): number;
}

/** After a connection was added or changed; what is as before is left alone. A connection that went took its rows along. */
export async function syncSchedules(
  { store, kinds, now }: Omit<SyncParts, 'knex' | 'log'>,
  connectionId: number,
): Promise<void> {
  for (const kind of kinds.values()) {
    const times = await kind.times(connectionId);
    if (times) await store.put(kind.name, connectionId, times, now());
    else await store.remove(kind.name, connectionId);
  }
}

/** Every connection; one that can't be read is logged and does not keep the others from theirs. */
export async function syncAll(parts: SyncParts): Promise<void> {
  const rows = await parts.knex<{ id: number }>('connections').select('id').orderBy('id');
  for (const { id } of rows) {
    try {
      await syncSchedules(parts, id);
    } catch (error) {
      parts.log.error(
        { err: error, connectionId: id },
        'the schedules of a connection could not be brought up to date',
      );
    }
  }
}
