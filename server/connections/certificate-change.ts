/** What a caller's words about the certificate make of a connection, and whether he may say them. */
import { completedCertificate } from '../certificates/settings-completion.js';
import { checkedCertificate } from '../certificates/settings-rules.js';
import type { GivenCertificate } from '../certificates/settings.js';
import type { Platform } from '../platforms/contract.js';
import { changedKeys } from './changed-keys.js';
import { completed, type Platforms, type StoredConnection } from './row.js';
import type { ConnectionChange } from './schema.js';

/** Where a certificate is delivered: with another one of these, a connection means another machine or account. */
const TARGET = ['hostname', 'port', 'platform', 'username'] as const;

/** Only an admin may change the certificate, or where it is delivered. */
export class CertificateRefusal extends Error {
  readonly about: 'certificate' | 'target';
  /** The keys that would have changed. */
  readonly changed: string[];

  constructor(about: CertificateRefusal['about'], changed: string[]) {
    super(`Only an admin may change this: ${changed.join(', ')}.`);
    this.name = 'CertificateRefusal';
    this.about = about;
    this.changed = changed;
  }
}

/** Throws a CertificateRefusal where another than an admin would have the certificate delivered to a host of his own. */
export function assertTarget(before: StoredConnection, change: ConnectionChange, admin: boolean): void {
  if (admin || before.certificate === null) return;
  const changed = TARGET.filter((key) => change[key] !== undefined && change[key] !== before[key]);
  if (changed.length > 0) throw new CertificateRefusal('target', changed);
}

/** The certificate of a connection that is about to be added. */
export function newCertificate(
  platform: Platform | undefined,
  given: GivenCertificate | null,
  admin: boolean,
): GivenCertificate | null {
  if (given === null) return null;
  if (!admin) throw new CertificateRefusal('certificate', Object.keys(given).sort());
  return checkedCertificate(platform, given);
}

/**
 * The certificate to store, or undefined where it stays as it is. On another platform the old one means nothing: it is gone
 * unless a new one is given. Throws a problem where it does not fit, a CertificateRefusal where it is not the caller's.
 */
export function changedCertificate(
  platforms: Platforms,
  before: StoredConnection,
  { certificate: given, platform: name = before.platform }: ConnectionChange,
  admin: boolean,
): GivenCertificate | null | undefined {
  const moved = name !== before.platform;
  if (given === undefined) return moved ? null : undefined;
  const platform = platforms.get(name);
  const shown = completed(platforms, before).certificate;
  // What was read may be sent back, also by whoever may not write it, and whatever the platform says of it today.
  const after = completedCertificate(platform, before.id, given);
  const changed = changedKeys({ ...shown }, { ...after });
  if (!moved && changed.length === 0 && (after !== null || !admin)) return undefined;
  if (!admin && changed.length > 0) throw new CertificateRefusal('certificate', changed);
  return given && checkedCertificate(platform, given);
}
