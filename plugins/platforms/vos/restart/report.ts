/** What people read of a restart: beneath its phase, and in its result. */
import type { JsonObject } from '../../../../server/operations/contract.js';
import type { Sightings } from './sightings.js';
import type { CommandEnd } from './verdict.js';

const words: Record<string, string> = {
  STOPPING: 'is stopping',
  STOPPED: 'is stopped',
  STARTING: 'is starting',
  STARTED: 'is started',
};

export function sentenceOf(service: string, state: string): string {
  return `${service} ${words[state] ?? `is ${state}`}`;
}

/** What backs a proof, and what a failure was judged by. */
export function evidenceOf(sightings: Sightings, commandEnd: CommandEnd): JsonObject {
  const { before, states, trace, reason, looks, last } = sightings;
  const port = last?.port ?? null;
  return {
    before: before.state,
    states: [...states],
    trace,
    reason,
    looks,
    port: port?.is ?? null,
    certificate: port?.is === 'served' ? { ...port.certificate } : null,
    commandEnd,
  };
}
