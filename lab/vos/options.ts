/** How an appliance is ordered, and what one is like when nothing is said. */
import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';
import type { Faults } from './faults.js';

/** The name that a node calls itself by where none is given. */
export const USUAL_HOSTNAME = 'lab-vos.example';

export interface ApplianceOptions {
  /** Appliance seconds in one real second (1: real time; 100: five minutes in three seconds), or a clock of one's own. */
  clock?: number | Clock;
  username?: string;
  /** Made at random where none is given. */
  password?: string;
  auth?: 'password' | 'keyboard-interactive' | 'both';
  algorithms?: 'modern' | '12.5' | 'legacy';
  /** About 9 appliance seconds, about 60, or no prompt until a newline comes after "Welcome". */
  startUp?: 'normal' | 'slow' | 'needs_newline';
  /** A publisher, or (false) a subscriber. */
  primary?: boolean;
  host?: string;
  /** 0: a free one. */
  sshPort?: number;
  /** The TLS port that stands for 8443. */
  tlsPort?: number;
  /** The TLS port that stands for 443. */
  httpsPort?: number;
  /** What the node calls itself, and its first certificate. */
  hostname?: string;
  /** DNS names that the node adds to each request of its own accord, as some add the parent domain. */
  csrNames?: string[];
  faults?: Partial<Faults>;
  /** Varies what real nodes vary: `[STARTED]` once or twice, where escape codes stand. */
  seed?: number;
  stoppingSeconds?: number;
  startingSeconds?: number;
  /** One state line each. */
  pollSeconds?: number;
  /** For the fault `port_closed_for_a_while`. */
  portDelaySeconds?: number;
  /** The two pagers that were seen: "Press <enter> …" or "options: q=quit, …". */
  pagerStyle?: 'press' | 'options';
}

export type Settings = Required<Omit<ApplianceOptions, 'seed'>> & { seed: number | null };

export function complete(options: ApplianceOptions): Settings {
  return {
    clock: 1,
    username: 'administrator',
    password: options.password ?? randomBytes(12).toString('base64url'),
    auth: 'both',
    algorithms: '12.5',
    startUp: 'normal',
    primary: true,
    host: '127.0.0.1',
    sshPort: 0,
    tlsPort: 0,
    httpsPort: 0,
    hostname: USUAL_HOSTNAME,
    csrNames: [],
    faults: {},
    seed: null,
    stoppingSeconds: 60,
    startingSeconds: 230,
    pollSeconds: 10,
    portDelaySeconds: 60,
    pagerStyle: 'press',
    ...options,
  };
}
