/** A row of connections, and what is made of it. Sealed secrets are not among its columns: see secrets.ts. */
import type { Connection, ConnectionTarget, HostKey, OfferedHostKey } from './contract.js';

export interface ConnectionRow {
  id: number;
  name: string;
  platform: string;
  hostname: string;
  port: number;
  username: string;
  services: string;
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

/** A stored connection: all that anybody may know, and whose it is. */
export interface StoredConnection extends Omit<Connection, 'role'> {
  ownerId: number;
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

export function fromRow(row: ConnectionRow): StoredConnection {
  const { id, name, platform, hostname, port, username } = row;
  return {
    ...{ id, name, platform, hostname, port, username },
    services: JSON.parse(row.services) as string[],
    hostKey: hostKeyOf(row),
    offeredHostKey: offeredOf(row),
    legacyAlgorithms: Boolean(row.legacy_algorithms),
    hasPassword: Boolean(row.has_password),
    hasPrivateKey: Boolean(row.has_private_key),
    owner: row.owner,
    ownerId: row.owner_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** What an operation may know. */
export function targetFrom(connection: StoredConnection): ConnectionTarget {
  const { id, name, platform, hostname, port, username, services, hostKey, legacyAlgorithms } = connection;
  return { id, name, platform, hostname, port, username, services, hostKey, legacyAlgorithms };
}

/** On the wire, for a caller of this role. */
export function toWire({ ownerId: _, ...connection }: StoredConnection, role: Connection['role']): Connection {
  return { ...connection, role };
}
