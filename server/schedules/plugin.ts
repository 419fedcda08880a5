/** Schedules as a Hapi plugin: rows follow the connections, a waker runs them from the start of the server to its stop. */
import type { Plugin } from '@hapi/hapi';
import type { Knex } from 'knex';
import { Chores, type Chore } from './chores.js';
import type { ScheduleKind, ScheduleLog } from './contract.js';
import { ScheduleStore } from './store.js';
import { syncAll, syncSchedules, type SyncParts } from './sync.js';
import { Waker } from './waker.js';

const HOUR_MS = 60 * 60 * 1000;
const RUNS_KEPT_MS = 90 * 24 * HOUR_MS;
const GRACE_MS = 5_000;

declare module '@hapi/hapi' {
  interface PluginProperties {
    'signalbox-schedules': {
      /** After a connection was added or changed. */
      sync(connectionId: number): Promise<void>;
      /** Runs what is due now, without waiting for the minute. */
      wake(): Promise<void>;
    };
  }
}

export interface SchedulesOptions {
  knex: Knex;
  nodeId: string;
  kinds: readonly ScheduleKind[];
  log: ScheduleLog;
  /** What every node does beside them. */
  chores?: readonly Chore[];
  /** Epoch ms; default: the system's clock. */
  now?: () => number;
  /** How long runs may go on when the server stops, in ms. */
  graceMs?: number;
}

function byName(kinds: readonly ScheduleKind[]): Map<string, ScheduleKind> {
  const map = new Map(kinds.map((kind) => [kind.name, kind]));
  if (map.size < kinds.length) throw new Error('Invalid schedules configuration: expected each kind once.');
  return map;
}

/** What keeps the tables themselves in order. */
function ownChores(parts: SyncParts): Chore[] {
  const { store, now } = parts;
  return [
    // Also mends what a change of a connection could not write.
    { name: 'schedules_sync', everyMs: HOUR_MS, run: () => syncAll(parts) },
    { name: 'schedule_runs_prune', everyMs: HOUR_MS, run: () => store.prune(now() - RUNS_KEPT_MS) },
  ];
}

export const schedules: Plugin<SchedulesOptions> = {
  name: 'signalbox-schedules',
  register(server, { knex, nodeId, log, chores = [], now = Date.now, graceMs = GRACE_MS, ...options }) {
    const store = new ScheduleStore(knex, nodeId);
    const parts: SyncParts = { knex, store, kinds: byName(options.kinds), log, now };
    const all = new Chores([...ownChores(parts), ...chores], log);
    const waker = new Waker({ ...parts, beside: (at, signal) => all.round(at, signal) });
    server.expose({ sync: (connectionId: number) => syncSchedules(parts, connectionId), wake: () => waker.wake() });
    // Nobody who waits for the server waits for what is due, or for what keeps the minute.
    server.ext('onPostStart', () => {
      waker.start().catch((error: unknown) => log.error({ err: error }, 'nothing that is due will be run'));
    });
    // Before the engine, so that nothing is begun that nobody would run.
    server.ext('onPreStop', () => waker.stop(graceMs), { before: ['signalbox-operations'] });
  },
};
