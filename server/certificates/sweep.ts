/**
 * Takes away what ended operations have left up: an operation removes its own challenges in the end, but a killed one can't.
 * Files on a host (`http-01-host`) need the host; the next operation on that connection removes them.
 */
import type { Knex } from 'knex';
import type { DnsRun } from '../dns/contract.js';
import { OperationError } from '../operations/errors.js';
import { forgetRemoved, leftBehind, settle, stillLeft, type LeftChallenge } from './challenges.js';
import type { CertificateDesk } from './contract.js';

/** How many are looked at in one sweep. */
const MOST_AT_ONCE = 50;
const REMOVAL_TIMEOUT_MS = 60_000;

/** What was not taken away: `later` is tried again by the next sweep, `never` by nobody. */
export interface SweepFailure {
  challenge: LeftChallenge;
  again: 'later' | 'never';
  error: Error;
}

export interface SweepParts {
  knex: Knex;
  desk: Pick<CertificateDesk, 'dns'>;
  signal: AbortSignal;
  failed(failure: SweepFailure): void;
  /** A line of a DNS provider. */
  log(text: string): void;
  mostAtOnce?: number;
  removalTimeoutMs?: number;
}

function runOf(parts: SweepParts, settings: DnsRun['settings']): DnsRun {
  const { signal, log, removalTimeoutMs = REMOVAL_TIMEOUT_MS } = parts;
  return { settings, signal: AbortSignal.any([signal, AbortSignal.timeout(removalTimeoutMs)]), log };
}

async function removeRecord(parts: SweepParts, left: LeftChallenge): Promise<void> {
  const { id, name, value, dnsCredentialId } = left;
  if (dnsCredentialId === null) throw new Error(`challenge ${id}: expected a DNS credential, got none`);
  const { provider, settings } = await parts.desk.dns(dnsCredentialId);
  await provider.remove(runOf(parts, settings), { name, value });
  // An operation that went on meanwhile counts on the record: it gets it back, and takes it away by itself.
  if ((await settle(parts.knex, left)) === 'wanted_again')
    await provider.place(runOf(parts, settings), { name, value });
}

async function remove(parts: SweepParts, left: LeftChallenge): Promise<void> {
  if (left.kind === 'dns-01') return removeRecord(parts, left);
  await settle(parts.knex, left);
  if (left.kind === 'http-01') return;
  const error = new Error('Its connection is gone, so the file can no longer be taken away.');
  parts.failed({ challenge: left, again: 'never', error });
}

const isHopeless = (error: Error): boolean =>
  error instanceof OperationError && error.code === 'DNS_CREDENTIAL_UNKNOWN';

async function removeOne(parts: SweepParts, left: LeftChallenge): Promise<boolean> {
  try {
    await remove(parts, left);
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const again = isHopeless(error) ? 'never' : 'later';
    if (again === 'never') await settle(parts.knex, left);
    parts.failed({ challenge: left, again, error });
    return false;
  }
}

/** One sweep; answers with how many were taken away. Ends early where the signal says so. */
export async function sweepChallenges(parts: SweepParts): Promise<number> {
  const ids = await leftBehind(parts.knex, parts.mostAtOnce ?? MOST_AT_ONCE);
  let removed = 0;
  for (const id of ids) {
    if (parts.signal.aborted) return removed;
    // Read anew just before: an operation may have begun since the list was made.
    const left = await stillLeft(parts.knex, id);
    if (left && (await removeOne(parts, left))) removed += 1;
  }
  await forgetRemoved(parts.knex);
  return removed;
}
