/** The key that a host shows, and what happens when it is not the pinned one. */
import { createHash } from 'node:crypto';
import type { ConnectionTarget } from '../connections/contract.js';
import type { ShownKey } from './contract.js';
import { SshError } from './errors.js';
import { plainNames } from './text.js';

/** Type and fingerprint of a key in SSH's wire form (RFC 4253 §6.6: the type comes first, as a counted string). */
export function shownKey(blob: Buffer): ShownKey {
  const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1');
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/u, '');
  return { type: plainNames([type])[0] ?? 'unknown', fingerprint: `SHA256:${digest}` };
}

export function sameKey(one: ShownKey, other: ShownKey): boolean {
  return one.fingerprint === other.fingerprint;
}

export function hostKeyChanged(target: ConnectionTarget, pinned: ShownKey, shown: ShownKey): SshError {
  return new SshError(
    'SSH_HOST_KEY_CHANGED',
    `${target.hostname} shows the key ${shown.type} ${shown.fingerprint}, ` +
      `but ${pinned.type} ${pinned.fingerprint} is pinned; no credential was sent.`,
    {
      hint:
        'Compare the shown fingerprint with the host itself. If it is right, accept it on the connection’s page ' +
        `or by POST /connections/${target.id}/host-key.`,
    },
  );
}
