/** A row of connections, and what is made of it. Sealed secrets are not among its columns: see secrets.ts. */
import { completedCertificate } from '../certificates/settings-completion.js';
import type { GivenCertificate } from '../certificates/settings.js';
import type { JsonObject } from '../operations/contract.js';
import type { Platform } from '../platforms/contract.js';
import type { Connection, ConnectionTarget, HostKey, OfferedHostKey } from './contract.js';
import { completedSettings } from './platform-settings.js';

export interface ConnectionRow {
  id: number;
  name: string;
  platform: string;
  hostname: string;
  port: number;
  username: string;
  services: string;
  platform_settings: string;
  certificate: string | null;
  owner_id: number;
  /** The owner's username. */
  owner: string;
  host_key_type: string | null;
  host_key_fingerprint: string | null;
  host_key_pinned_at: string | null;
  offered_key_type: string | null;
  offered_key_fingerprint: string | null;
  offered_key_at: string | null;
  // SQLite has no booleans: 0 and 1.
  legacy_algorithms: boolean | number;
  has_password: boolean | number;
  has_private_key: boolean | number;
  created_at: string;
  updated_at: string;
}

/** Where the platforms are asked for; the registry is one. */
export interface Platforms {
  get(name: string): Platform | undefined;
}

/** A stored connection: all that anybody may know, and whose it is. Its settings are as they were stored. */
export interface StoredConnection extends Omit<Connection, 'role' | 'certificate'> {
  ownerId: number;
  certificate: GivenCertificate | null;
  offeredHostKey: OfferedHostKey | null;
}

function hostKeyOf(row: ConnectionRow): HostKey | null {
  const { host_key_type: type, host_key_fingerprint: fingerprint, host_key_pinned_at: pinnedAt } = row;
  return type !== null && fingerprint !== null && pinnedAt !== null ? { type, fingerprint, pinnedAt } : null;
}

function offeredOf(row: ConnectionRow): OfferedHostKey | null {
  const { offered_key_type: type, offered_key_fingerprint: fingerprint, offered_key_at: offeredAt } = row;
  return type !== null && fingerprint !== null && offeredAt !== null ? { type, fingerprint, offeredAt } : null;
}

/** A column that was changed by hand must not hide the connection: it counts as empty. */
function objectIn(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

// What was stored went through the schema.
const certificateOf = (text: string | null) =>
  text === null ? null : (objectIn(text) as unknown as GivenCertificate | null);

export function fromRow(row: ConnectionRow): StoredConnection {
  const { id, name, platform, hostname, port, username } = row;
  return {
    ...{ id, name, platform, hostname, port, username },
    services: JSON.parse(row.services) as string[],
    hostKey: hostKeyOf(row),
    offeredHostKey: offeredOf(row),
    legacyAlgorithms: Boolean(row.legacy_algorithms),
    platformSettings: objectIn(row.platform_settings) ?? {},
    certificate: certificateOf(row.certificate),
    hasPassword: Boolean(row.has_password),
    hasPrivateKey: Boolean(row.has_private_key),
    owner: row.owner,
    ownerId: row.owner_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** With the settings that the platform's schema makes of the stored ones. */
export function completed(platforms: Platforms, connection: StoredConnection): Omit<Connection, 'role'> {
  const { ownerId: _, ...known } = connection;
  const platform = platforms.get(known.platform);
  return {
    ...known,
    platformSettings: completedSettings(platform, known.platformSettings),
    certificate: completedCertificate(platform, known.id, known.certificate),
  };
}

/** What an operation may know. */
export function targetFrom(platforms: Platforms, stored: StoredConnection): ConnectionTarget {
  const connection = completed(platforms, stored);
  const { id, name, platform, hostname, port, username, services, hostKey, legacyAlgorithms } = connection;
  const { platformSettings, certificate } = connection;
  return {
    ...{ id, name, platform, hostname, port, username, services, hostKey, legacyAlgorithms },
    ...{ platformSettings, certificate },
  };
}

/** On the wire, for a caller of this role. */
export function toWire(platforms: Platforms, stored: StoredConnection, role: Connection['role']): Connection {
  return { ...completed(platforms, stored), role };
}
