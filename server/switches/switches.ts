/** The switches as they count now: an admin's value where there is one, else the environment's. Every answer is synchronous. */
import type { Knex } from 'knex';
import { Turns } from '../access/turns.js';
import type { Config } from '../settings/config.js';
import type { ChangeRecord, Overrides, SettingsView, SwitchChange, SwitchName, SwitchValues } from './contract.js';
import { SWITCHES } from './schemas.js';
import { putOverride, readOverrides } from './store.js';

type Clock = () => number;

function counting(environment: SwitchValues, overrides: Overrides): SwitchValues {
  return {
    realtime: overrides.realtime?.value ?? environment.realtime,
    realtimeRollout: overrides.realtimeRollout?.value ?? environment.realtimeRollout,
  };
}

/** A value that is set already is no change; the same value as the environment's is one, since it stays when that changes. */
function isChange(name: SwitchName, change: SwitchChange, before: Overrides): boolean {
  const wanted = change[name];
  return wanted !== undefined && wanted !== (before[name]?.value ?? null);
}

export class Switches {
  readonly #knex: Knex;
  readonly #environment: SwitchValues;
  readonly #clock: Clock;
  // One after the other, so that what was read before a change never replaces it.
  readonly #turns = new Turns({ atOnce: 1 });
  #overrides: Overrides;

  private constructor(knex: Knex, environment: SwitchValues, overrides: Overrides, clock: Clock) {
    this.#knex = knex;
    this.#environment = environment;
    this.#overrides = overrides;
    this.#clock = clock;
  }

  /** Reads the overrides; `clock` gives ms since the epoch. Throws where one of them can't be understood. */
  static async load(
    knex: Knex,
    { realtime, realtimeRollout }: SwitchValues,
    clock: Clock = Date.now,
  ): Promise<Switches> {
    return new Switches(knex, { realtime, realtimeRollout }, await readOverrides(knex), clock);
  }

  get realtime(): SwitchValues['realtime'] {
    return counting(this.#environment, this.#overrides).realtime;
  }

  get realtimeRollout(): number {
    return counting(this.#environment, this.#overrides).realtimeRollout;
  }

  view(): SettingsView {
    const [environment, overrides] = [this.#environment, this.#overrides];
    return { ...counting(environment, overrides), environment, overrides };
  }

  /** Takes over what another node has stored. */
  reload(): Promise<void> {
    return this.#turns.run(async () => {
      this.#overrides = await readOverrides(this.#knex);
    });
  }

  /** Stores what is new in it, and counts at once; answers what was changed, `{}` where all was so already. */
  change(change: SwitchChange, changedBy: string): Promise<ChangeRecord> {
    return this.#turns.run(async () => {
      const [before, after] = await this.#knex.transaction((trx) => this.#store(trx, change, changedBy));
      this.#overrides = after;
      return this.#record(change, before, after);
    });
  }

  async #store(trx: Knex, change: SwitchChange, changedBy: string): Promise<[Overrides, Overrides]> {
    const before = await readOverrides(trx);
    const changedAt = new Date(this.#clock()).toISOString();
    for (const name of SWITCHES) {
      const value = change[name];
      if (value === undefined || !isChange(name, change, before)) continue;
      await putOverride(trx, name, value === null ? null : { value, changedBy, changedAt });
    }
    return [before, await readOverrides(trx)];
  }

  #record(change: SwitchChange, before: Overrides, after: Overrides): ChangeRecord {
    const [from, to] = [counting(this.#environment, before), counting(this.#environment, after)];
    const changed = SWITCHES.filter((name) => isChange(name, change, before));
    return Object.fromEntries(
      changed.map((name) => [name, { from: from[name], to: to[name], override: after[name] !== null }]),
    );
  }
}

type LiveConfig = Pick<Config, 'publicUrl' | 'allowedOrigins' | 'realtime' | 'realtimeRollout'>;

/** What the live feed reads of the settings, anew each time. */
export function liveConfig({ publicUrl, allowedOrigins }: Config, switches: Switches): LiveConfig {
  return {
    publicUrl,
    allowedOrigins,
    get realtime() {
      return switches.realtime;
    },
    get realtimeRollout() {
      return switches.realtimeRollout;
    },
  };
}
