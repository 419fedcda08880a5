/** A connection's certificates as people see them: wanted, served, stored, planned next. */
import type { Knex } from 'knex';
import type { ConnectionTarget } from '../connections/contract.js';
import type { CertificateView, PlannedRenewal, StoredCertificate } from './contract.js';
import { wantedLooks } from './endpoints.js';
import { lastLooks } from './seen.js';
import { listCertificates } from './store.js';

const MOST_STORED = 20;

export interface ViewParts {
  knex: Knex;
  /** The connection, or null where it is gone. */
  target(connectionId: number): Promise<ConnectionTarget | null>;
  /** Where a platform usually serves a certificate. */
  ports(platform: string): number[];
  planned(connectionId: number): Promise<PlannedRenewal | null>;
  /** How many of the stored ones, null for all; default 20. */
  most?: number | null;
}

function shown({ csrPem: _, ...certificate }: StoredCertificate): CertificateView['stored'][number] {
  return certificate;
}

/** Null where the connection is gone. */
export async function certificateView(parts: ViewParts, connectionId: number): Promise<CertificateView | null> {
  const target = await parts.target(connectionId);
  if (!target) return null;
  const stored = await listCertificates(parts.knex, connectionId, parts.most === undefined ? MOST_STORED : parts.most);
  return {
    connectionId,
    settings: target.certificate,
    served: wantedLooks(target, parts.ports(target.platform), await lastLooks(parts.knex, connectionId)),
    stored: stored.map(shown),
    next: await parts.planned(connectionId),
  };
}
