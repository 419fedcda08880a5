/** What every part of one restart works with. Types only. */
import type { RestartRun } from '../../../server/platforms/contract.js';
import type { Remote } from '../../../server/ssh/remote.js';
import type { GenericSettings } from './settings.js';

export interface Timing {
  pollMs: number;
  /** After a lost session: a service that has not been seen down for so long leaves the outcome open. */
  unseenMs: number;
}

export interface Stage {
  run: RestartRun;
  remote: Remote;
  settings: GenericSettings;
  timing: Timing;
}

/** How the restart command ended. */
export interface Exit {
  /** Null where a signal ended it. */
  code: number | null;
  output: string;
}
