/** What a caller's words about platform, services and settings make of a connection, and whether he may say them. */
import type { JsonObject } from '../operations/contract.js';
import type { Platform } from '../platforms/contract.js';
import { assertTarget, changedCertificate } from './certificate-change.js';
import { changedKeys } from './changed-keys.js';
import { checkedSettings, completedSettings } from './platform-settings.js';
import type { Platforms, StoredConnection } from './row.js';
import type { ConnectionChange } from './schema.js';
import { assertServices } from './services.js';

/** Only an admin may write what was given. */
export class SettingsRefusal extends Error {
  /** The settings that would have changed, by name. */
  readonly changed: string[];

  constructor(changed: string[]) {
    super('Only an admin may change these settings.');
    this.name = 'SettingsRefusal';
    this.changed = changed;
  }
}

interface GivenSettings {
  platform: Platform | undefined;
  given: JsonObject;
  /** What the given ones may not differ from, unless an admin gives them. */
  base: JsonObject;
  admin: boolean;
}

/** The settings to store. Throws a problem where they do not fit, a SettingsRefusal where they are not the caller's. */
export function settingsFrom({ platform, given, base, admin }: GivenSettings): JsonObject {
  const settings = checkedSettings(platform, given);
  const changed = changedKeys(base, settings);
  if (platform?.settingsByAdmin && !admin && changed.length > 0) throw new SettingsRefusal(changed);
  return settings;
}

/** The settings of a connection that is about to be added. */
export function newSettings(platform: Platform | undefined, given: JsonObject, admin: boolean): JsonObject {
  return settingsFrom({ platform, given, base: completedSettings(platform, {}), admin });
}

/** The platform's settings that go with a change, or undefined where they stay. */
function changedSettings(
  platforms: Platforms,
  before: StoredConnection,
  change: ConnectionChange,
  admin: boolean,
): JsonObject | undefined {
  const moved = change.platform !== undefined && change.platform !== before.platform;
  const platform = platforms.get(change.platform ?? before.platform);
  if (change.services || moved) assertServices(platform, change.services ?? before.services);
  if (!change.platformSettings && !moved) return undefined;
  const base = completedSettings(platform, moved ? {} : before.platformSettings);
  return settingsFrom({ platform, given: change.platformSettings ?? {}, base, admin });
}

/**
 * A change with the settings that go with it. On another platform the old settings mean nothing: they become the given
 * ones or its defaults, and the services must be names of services there.
 */
export function completedChange(
  platforms: Platforms,
  before: StoredConnection,
  change: ConnectionChange,
  admin: boolean,
): ConnectionChange {
  assertTarget(before, change, admin);
  const { platformSettings: _, certificate: __, ...rest } = change;
  const platformSettings = changedSettings(platforms, before, change, admin);
  const certificate = changedCertificate(platforms, before, change, admin);
  return { ...rest, ...(platformSettings && { platformSettings }), ...(certificate !== undefined && { certificate }) };
}
