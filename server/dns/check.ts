/** The usual proof that a credential may write: a record of its own is placed and taken away again. */
import { createHash } from 'node:crypto';
import type { DnsProvider, DnsRun } from './contract.js';

/** Of the form of a real answer, as somebody may look at that; always the same, so that a check cleans up after another. */
const CHECK_VALUE = createHash('sha256').update('signalbox-check').digest('base64url');
const CLEANUP_TIMEOUT_MS = 10_000;

export async function usualCheck(provider: DnsProvider, run: DnsRun, name: string): Promise<void> {
  const record = { name, value: CHECK_VALUE };
  // Not the run's own signal: what was placed has to go also where the check is called off.
  const cleanUp = () => provider.remove({ ...run, signal: AbortSignal.timeout(CLEANUP_TIMEOUT_MS) }, record);
  try {
    await provider.place(run, record);
    await provider.confirm?.(run, record);
  } catch (error) {
    // An answer that was not heard may have been a yes; the failure that counts is the first one.
    await Promise.allSettled([cleanUp()]);
    throw error;
  }
  await cleanUp();
}
