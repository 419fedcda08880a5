/** The settings that an admin changes while the server runs, over the environment's. Types only. */
import type { Config } from '../settings/config.js';

export type SwitchValues = Pick<Config, 'realtime' | 'realtimeRollout'>;
export type SwitchName = keyof SwitchValues;

/** What stands over the environment's value, by whom and since when (UTC ISO 8601). */
export interface Override<V> {
  value: V;
  changedBy: string;
  changedAt: string;
}

/** null: the environment's value counts. */
export type Overrides = { [N in SwitchName]: Override<SwitchValues[N]> | null };

/** PATCH /settings: null takes an override back, what is left out stays as it is. */
export type SwitchChange = { [N in SwitchName]?: SwitchValues[N] | null };

/** The answer of GET and PATCH /settings: what counts now, and where it comes from. */
export interface SettingsView extends SwitchValues {
  environment: SwitchValues;
  overrides: Overrides;
}

/** What an audit row tells of a change: the values that counted before and count after, and whether one was taken back. */
export type ChangeRecord = Partial<Record<SwitchName, { from: unknown; to: unknown; override: boolean }>>;
