/** The expiry watch as a schedule: what each endpoint serves is looked at every six hours. */
import type { ScheduleKind, ScheduleTimes } from './contract.js';
import { share } from './jitter.js';

const EVERY_HOURS = 6;
const EVERY_MS = EVERY_HOURS * 60 * 60 * 1000;

export interface LookWorld {
  /** Whether there is anything to look at; false where the connection is gone. */
  watched(connectionId: number): Promise<boolean>;
  /** Looks at every endpoint and keeps what was seen. */
  look(connectionId: number, signal: AbortSignal): Promise<unknown>;
}

/** Every six hours, at a minute that is always the same for a connection and spreads them over the six hours. */
export function lookTimes(connectionId: number): ScheduleTimes {
  const minute = Math.floor(share('certificate_look', connectionId) * EVERY_HOURS * 60);
  const hours = [0, 1, 2, 3].map((turn) => Math.floor(minute / 60) + turn * EVERY_HOURS);
  return { cron: `${minute % 60} ${hours.join(',')} * * *`, timeZone: 'UTC' };
}

export function certificateLook(world: LookWorld): ScheduleKind {
  return {
    name: 'certificate_look',
    catchUpMs: EVERY_MS,
    async times(connectionId) {
      return (await world.watched(connectionId)) ? lookTimes(connectionId) : null;
    },
    async run({ connectionId, signal }) {
      await world.look(connectionId, signal);
      return { outcome: 'done' };
    },
  };
}
