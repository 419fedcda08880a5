/** What every part of one restart works with. Types only. */
import type { RestartRun } from '../../../server/platforms/contract.js';
import type { Remote } from '../../../server/ssh/remote.js';
import type { Before } from './before.js';
import type { InitSystem } from './look.js';
import type { LinuxSettings } from './settings.js';
import type { Timing } from './watch.js';

export interface Stage {
  run: RestartRun;
  remote: Remote;
  settings: LinuxSettings;
  timing: Timing;
}

/** Once it is known how the host is spoken to and how the service was. */
export interface ReadyStage extends Stage {
  init: InitSystem;
  before: Before;
}
