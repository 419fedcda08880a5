/** A connection as the operations and the wire see it. Types only. */
import type { CertificateSettings } from '../certificates/contract.js';
import type { Json } from '../operations/contract.js';

export interface HostKey {
  /** As SSH names it: ssh-ed25519, rsa-sha2-512, ecdsa-sha2-nistp256, … */
  type: string;
  /** OpenSSH's form: `SHA256:` and base64 without padding. */
  fingerprint: string;
  pinnedAt: string;
}

/** Another key than the pinned one, as the host last showed it: what a person may accept. */
export interface OfferedHostKey {
  type: string;
  fingerprint: string;
  offeredAt: string;
}

/** Opened just in time, never stored or sent in this form. */
export interface Credentials {
  password: string | null;
  privateKey: string | null;
  passphrase: string | null;
}

/** What an operation may know of its connection. */
export interface ConnectionTarget {
  id: number;
  name: string;
  platform: string;
  hostname: string;
  port: number;
  username: string;
  services: string[];
  hostKey: HostKey | null;
  /** Offers algorithms that are off by default (SHA-1, CBC, group1) to this one appliance. */
  legacyAlgorithms: boolean;
  /** What the platform's own schema `settings` describes: a served port, a command, a deadline; `{}` where it has none. */
  platformSettings: Record<string, Json>;
  /** What certificate is wanted here, completed by the defaults; null where none is. */
  certificate: CertificateSettings | null;
}

/** A connection on the wire. */
export interface Connection extends ConnectionTarget {
  /** Set while the host's last key differs from the pinned one and nobody has accepted it. */
  offeredHostKey?: OfferedHostKey | null;
  hasPassword: boolean;
  hasPrivateKey: boolean;
  /** The owner's username. */
  owner: string;
  /** The caller's own role on it. */
  role: 'viewer' | 'operator' | 'admin';
  createdAt: string;
  updatedAt: string;
}
