import type { Operation } from '../../client/contract.js';

const changed = 'SSH_HOST_KEY_CHANGED';
const print = /SHA256:[A-Za-z0-9+/]{43}/g;

/** The fingerprint in a result's host key, where there is one. */
function fingerprintOf({ result }: Operation): string | null {
  const key: unknown = result?.['hostKey'];
  if (typeof key !== 'object' || key === null || !('fingerprint' in key)) return null;
  return typeof key.fingerprint === 'string' ? key.fingerprint : null;
}

/** The key that the newest successful sign-in saw. */
export function seenFingerprint(operations: readonly Operation[]): string | null {
  const seen = operations.find((operation) => operation.status === 'completed' && fingerprintOf(operation));
  return seen ? fingerprintOf(seen) : null;
}

/** The changed key that waits to be accepted: of the newest ended operation, as its reason names it. */
export function offeredKey(operations: readonly Operation[], pinned: string | null): string | null {
  const last = operations.find(({ completedAt, error }) => completedAt !== null && (error?.code === changed || !error));
  if (last?.error?.code !== changed) return null;
  const named: readonly string[] = `${last.error.message} ${last.error.hint ?? ''}`.match(print) ?? [];
  if (pinned === null || !named.includes(pinned)) return null;
  return named.find((fingerprint) => fingerprint !== pinned) ?? null;
}
