/** The overrides as rows of store_meta: one for each switch that an admin has changed. */
import type { Knex } from 'knex';
import type { Override, Overrides, SwitchName } from './contract.js';
import { overrideFrom, SWITCHES } from './schemas.js';

interface MetaRow {
  key: string;
  value: string;
}

const keyOf = (name: SwitchName): string => `setting:${name}`;

export async function readOverrides(db: Knex): Promise<Overrides> {
  const rows = await db<MetaRow>('store_meta').whereIn('key', SWITCHES.map(keyOf));
  return fromRows(rows);
}

function fromRows(rows: MetaRow[]): Overrides {
  const read = SWITCHES.map((name) => {
    const row = rows.find(({ key }) => key === keyOf(name));
    return [name, row ? overrideFrom(name, row.value) : null];
  });
  return Object.fromEntries(read) as Overrides;
}

/** Stores it, or takes it away where it is null. */
export async function putOverride(db: Knex, name: SwitchName, override: Override<unknown> | null): Promise<void> {
  const key = keyOf(name);
  if (override === null) await db('store_meta').where({ key }).delete();
  else
    await db('store_meta')
      .insert({ key, value: JSON.stringify(override) })
      .onConflict('key')
      .merge();
}
