/** The table of served certificates: what each endpoint of a connection showed when it was last looked at. */
import type { Knex } from 'knex';
import { amongConnections, byConnection } from './of-connections.js';
import type { CertificateView, ServedCertificate } from './contract.js';

/** One look at one endpoint. */
export type Look = CertificateView['served'][number];

interface SeenRow {
  connection_id: number;
  endpoint: string;
  seen_at: string;
  seen: string | null;
  failure: string | null;
}

async function keepOne(knex: Knex, connectionId: number, look: Look): Promise<void> {
  const columns = {
    seen_at: look.seenAt,
    seen: look.certificate && JSON.stringify(look.certificate),
    failure: look.failure,
  };
  await knex('served_certificates')
    .insert({ connection_id: connectionId, endpoint: look.endpoint, ...columns })
    .onConflict(['connection_id', 'endpoint'])
    .merge(columns)
    // Of two looks at once, the older one must not come over the other.
    .where('served_certificates.seen_at', '<=', look.seenAt);
}

/** Keeps what was seen, and where nothing was seen why; an older look never replaces a newer one. */
export async function keepLooks(knex: Knex, connectionId: number, looks: Look[]): Promise<void> {
  for (const look of looks) await keepOne(knex, connectionId, look);
}

/** Keeps certificates that were seen. */
export function keepSeen(knex: Knex, connectionId: number, seen: ServedCertificate[]): Promise<void> {
  const looks = seen.map((certificate) => {
    const { endpoint, seenAt } = certificate;
    return { endpoint, seenAt, certificate, failure: null };
  });
  return keepLooks(knex, connectionId, looks);
}

function fromRow({ endpoint, seen_at, seen, failure }: SeenRow): Look {
  const certificate = seen === null ? null : (JSON.parse(seen) as ServedCertificate);
  return { endpoint, seenAt: seen_at, certificate, failure };
}

/** The last look at each endpoint of a connection, by endpoint. */
export async function lastLooks(knex: Knex, connectionId: number): Promise<Look[]> {
  const rows = await knex<SeenRow>('served_certificates')
    .where({ connection_id: connectionId })
    .orderBy('endpoint')
    .select<SeenRow[]>('endpoint', 'seen_at', 'seen', 'failure');
  return rows.map(fromRow);
}

/** The same of many connections, by their ids. */
export async function looksOf(knex: Knex, ids: readonly number[]): Promise<Map<number, Look[]>> {
  const rows = await knex<SeenRow>('served_certificates')
    .where(amongConnections(knex, ids))
    .orderBy('endpoint')
    .select<SeenRow[]>('connection_id', 'endpoint', 'seen_at', 'seen', 'failure');
  return byConnection(rows, fromRow);
}
