/** The words between the commands and the two databases. Types only. */
import type { Config } from '../settings/config.js';
import type { Unopened } from './sealed.js';

/** As much of the settings as says where the database is and what opens its secrets. */
export type KeepingConfig = Pick<Config, 'databaseUrl' | 'dataDir' | 'secretKeys'>;

export interface BackupRequest {
  config: KeepingConfig;
  file: string;
  /** Whether a file of that name is replaced. */
  force: boolean;
  /** Epoch ms. */
  now: number;
}

export interface RestoreRequest {
  config: KeepingConfig;
  file: string;
  /** Epoch ms. */
  now: number;
}

export interface RestoreReport {
  /** ISO. */
  backedUpAt: string;
  /** The last migration that the backup had; it is at the newest now. */
  schema: string;
  /** The file that holds what was there before; null where nothing was. */
  kept: string | null;
  /** Whether the database that was there could be read no more. */
  wasDamaged: boolean;
  parked: number;
  moved: number;
  unopened: Unopened;
}
