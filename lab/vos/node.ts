/** What all parts of one appliance share. */
import type { Clock } from './clock.js';
import type { Faults } from './faults.js';
import type { Identity } from './identity.js';
import type { Journal } from './journal.js';
import type { Settings } from './options.js';
import type { Random } from './random.js';
import type { Services } from './services.js';

export interface VosNode {
  settings: Settings;
  clock: Clock;
  faults: Faults;
  random: Random;
  services: Services;
  journal: Journal;
  identity: Identity;
}
