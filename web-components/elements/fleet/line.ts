import type { Connection } from '../../../server/connections/contract.js';
import type { Operation } from '../../client/contract.js';
import type { CertificateEnd } from '../connection/certificate-end.js';
import { type Group, type Standing, standingOf } from '../connection/standing.js';

/** One row of the fleet, whole: what a row shows is a pure function of it. A change makes a new one. */
export interface FleetLine extends Standing {
  readonly connection: Connection;
  /** The newest operation; null: none is known. */
  readonly last: Operation | null;
  readonly certificate: CertificateEnd | null;
  /** Whether every operation of it is known, so that `last: null` means that nothing has run. */
  readonly isWhole: boolean;
  readonly isStale: boolean;
  /** What a refused retry said. */
  readonly refused: string | null;
  /** The server's time for which it holds, ms since the epoch. */
  readonly at: number;
}

export interface LineFacts extends Pick<
  FleetLine,
  'connection' | 'certificate' | 'isWhole' | 'isStale' | 'refused' | 'at'
> {
  /** The newest of each type, newest first. */
  latest: readonly Operation[];
}

export function lineOf({ latest, ...facts }: LineFacts): FleetLine {
  return { ...facts, ...standingOf(latest, facts.certificate, facts.at), last: latest[0] ?? null };
}

const hourMs = 3_600_000;

/** Whether it shows seconds: a countdown, or how long something takes. */
export const isTicking = ({ group, isStale }: FleetLine): boolean => group === 'running' && !isStale;

/** Whether it says how many minutes ago something was. */
export function isAgeing({ last, at }: FleetLine): boolean {
  return last?.completedAt != null && at - Date.parse(last.completedAt) < hourMs + 60_000;
}

/** Whether its row offers to run again what failed: not where another host key has to be looked at first. */
export function isRetryable({ connection, group, now }: FleetLine): boolean {
  return group === 'needs' && connection.role !== 'viewer' && now?.error?.code !== 'SSH_HOST_KEY_CHANGED';
}

/** How many there are of each group. */
export function countsOf(lines: Iterable<Pick<FleetLine, 'group'>>): Record<Group, number> {
  const counts = { needs: 0, running: 0, due: 0, clear: 0 };
  for (const { group } of lines) counts[group] += 1;
  return counts;
}
