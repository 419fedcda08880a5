import type { Operation } from '../../client/contract.js';

/** The fingerprint in a result's host key, where there is one. */
function fingerprintOf({ result }: Operation): string | null {
  const key: unknown = result?.['hostKey'];
  if (typeof key !== 'object' || key === null || !('fingerprint' in key)) return null;
  return typeof key.fingerprint === 'string' ? key.fingerprint : null;
}

/** The host key that the newest completed sign-in saw. */
export function seenFingerprint(operations: readonly Operation[]): string | null {
  const seen = operations.find((operation) => operation.status === 'completed' && fingerprintOf(operation));
  return seen ? fingerprintOf(seen) : null;
}
