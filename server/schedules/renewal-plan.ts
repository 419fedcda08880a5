/** What people see of the next renewal. */
import type { CertificateSettings, PlannedRenewal } from '../certificates/contract.js';
import { nextDue } from './next-due.js';
import { dueOf, type Stored } from './renewal-due.js';
import { waitsUntil } from './renewal-ladder.js';
import { cleared, type RenewalState } from './renewal-state.js';
import { iso } from './row.js';

/** `now` in epoch ms. Failures are shown only as long as it is due: after that they no longer hold anything up. */
export function planOf(
  connectionId: number,
  { renewal: { automatic, ...times } }: CertificateSettings,
  certificate: Stored | null,
  state: RenewalState,
  now: number,
): PlannedRenewal {
  const due = dueOf(connectionId, certificate, { ari: state.ari, times, now });
  const counted = due.at > now ? cleared(state) : state;
  const until = waitsUntil(counted, now);
  const earliest = Math.max(due.at, until ?? now, now);
  // A retry after a failure comes when its wait is over, whatever the schedule says.
  const retries = counted.failures > 0 && until !== null;
  const runsAt = retries ? earliest : nextDue(times, earliest - 1);
  return {
    automatic,
    dueAt: iso(due.at),
    reason: due.reason,
    runsAt: automatic ? iso(runsAt) : null,
    waitsUntil: until === null ? null : iso(until),
    waitsBecause: until === null ? null : counted.because,
    failures: counted.failures,
  };
}
