/** GET /certificates: what every connection's certificate looks like in one line. A few statements, however many there are. */
import type { Knex } from 'knex';
import type { Access, Caller, Role } from '../access/contract.js';
import type { Platforms, StoredConnection } from '../connections/row.js';
import { targetFrom } from '../connections/row.js';
import { listConnections } from '../connections/store.js';
import type {
  CertificateSummary,
  CertificateView,
  EndpointState,
  PlannedRenewal,
  ServedCertificate,
  StoredCertificate,
} from './contract.js';
import { wantedLooks } from './endpoints.js';
import { looksOf, type Look } from './seen.js';
import { certificatesInUse } from './store.js';

/** What is wanted, stored and served. */
type Facts = Pick<CertificateView, 'settings' | 'stored' | 'served'>;

export interface OverviewParts {
  knex: Knex;
  access: Access;
  platforms: Platforms;
  /** Where a platform usually serves a certificate. */
  ports(platform: string): number[];
  /** When the next renewals come, by connection; without those where nothing is wanted. */
  plannedOf(facts: ReadonlyMap<number, Facts>): Promise<ReadonlyMap<number, PlannedRenewal>>;
}

interface Known {
  connection: StoredConnection;
  facts: Facts;
}

function known(
  { platforms, ports }: OverviewParts,
  connection: StoredConnection,
  looks: Look[],
  stored: StoredCertificate[],
): Known {
  const target = targetFrom(platforms, connection);
  const served = wantedLooks(target, ports(target.platform), looks);
  return { connection, facts: { settings: target.certificate, served, stored } };
}

function failureOf({ certificate, failure }: Look): string | null {
  if (!certificate) return failure;
  if (!certificate.trusted) return certificate.trustError ?? 'It is not trusted.';
  const { missingNames } = certificate;
  return missingNames.length > 0 ? `It lacks ${missingNames.join(', ')}.` : null;
}

const stateOf = (look: Look): EndpointState => ({
  endpoint: look.endpoint,
  seenAt: look.seenAt,
  notAfter: look.certificate?.notAfter ?? null,
  failure: failureOf(look),
});

/** Of several that are served the one that ends first is what has to be renewed. */
function firstToEnd(looks: readonly Look[]): ServedCertificate | null {
  const seen = looks.flatMap(({ certificate }) => certificate ?? []);
  return seen.sort((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter))[0] ?? null;
}

function summaryOf({ connection, facts }: Known, role: Role, next: PlannedRenewal | null): CertificateSummary {
  const { settings, stored, served } = facts;
  const seen = firstToEnd(served);
  const ours = stored[0] ?? null;
  return {
    connection: { id: connection.id, name: connection.name, role },
    names: settings?.names ?? seen?.names ?? [],
    wanted: settings !== null,
    issuer: seen?.issuer ?? null,
    notBefore: (seen ?? ours)?.notBefore ?? null,
    notAfter: (seen ?? ours)?.notAfter ?? null,
    status: ours?.status ?? null,
    endpoints: served.map(stateOf),
    renewal: settings?.renewal ?? null,
    next,
  };
}

/** Of the connections that the caller may see those where a certificate is wanted or was seen, by name. */
export async function certificateOverview(parts: OverviewParts, caller: Caller): Promise<CertificateSummary[]> {
  const connections = await listConnections(parts.knex, { visible: parts.access.visibleTo(caller) });
  const ids = connections.map(({ id }) => id);
  const [looks, stored] = await Promise.all([looksOf(parts.knex, ids), certificatesInUse(parts.knex, ids)]);
  const all = connections
    .map((one) => known(parts, one, looks.get(one.id) ?? [], stored.get(one.id) ?? []))
    .filter(({ facts }) => facts.settings !== null || facts.served.some(({ certificate }) => certificate !== null));
  const next = await parts.plannedOf(new Map(all.map(({ connection, facts }) => [connection.id, facts])));
  return all.flatMap((one) => {
    const { id } = one.connection;
    const role = parts.access.roleOn(caller, id);
    return role === null ? [] : [summaryOf(one, role, next.get(id) ?? null)];
  });
}
