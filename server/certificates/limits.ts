/**
 * The local budget of orders. Let's Encrypt issues at most 5 certificates for exactly the same names in 7 days, for all
 * accounts together (https://letsencrypt.org/docs/rate-limits/); we stop at 80 % of that. Its staging directory allows
 * far more, and of other CAs nothing is known.
 */
import type { Knex } from 'knex';
import { AuthorityError } from '../authorities/codes.js';
import type { Authority, CertificateStatus } from './contract.js';

const WINDOW_MS = 7 * 24 * 60 * 60 * 1000;
const BUDGET = 4;
/** Let's Encrypt dates its certificates back by this much. */
const BACKDATED_MS = 60 * 60 * 1000;
// `finalizing`: the CA may have issued it already.
const SPENT: CertificateStatus[] = ['finalizing', 'issued', 'installed', 'served', 'superseded', 'revoked'];

interface SpentRow {
  names: string;
  not_before: string | null;
  updated_at: string;
  directory_url: string;
}

/** Whether a directory is Let's Encrypt's production. */
function isLimited(directoryUrl: string): boolean {
  const { hostname } = new URL(directoryUrl);
  return hostname.endsWith('.letsencrypt.org') && !hostname.startsWith('acme-staging');
}

const setOf = (names: string[]): string => JSON.stringify([...new Set(names.map((name) => name.toLowerCase()))].sort());

/** Every certificate that may have been issued since, of all CAs: a row is touched when its chain is stored. */
const touchedSince = (knex: Knex, sinceMs: number): Promise<SpentRow[]> =>
  knex('certificates')
    .join('certificate_authorities', 'certificate_authorities.id', 'certificates.authority_id')
    .whereIn('certificates.status', SPENT)
    .where('certificates.updated_at', '>', new Date(sinceMs).toISOString())
    .select<SpentRow[]>(
      ...['certificates.names', 'certificates.not_before', 'certificates.updated_at'],
      'certificate_authorities.directory_url',
    );

const issuedAtMs = ({ not_before: notBefore, updated_at: updatedAt }: SpentRow): number =>
  notBefore === null ? Date.parse(updatedAt) : Date.parse(notBefore) + BACKDATED_MS;

/**
 * Rejects with CA_LIMIT_NEAR, and says from when on it is allowed, where one more order for exactly these names would
 * exceed the budget. `clock` gives ms since the epoch.
 */
export async function allowOrder(
  knex: Knex,
  { name, directoryUrl }: Pick<Authority, 'name' | 'directoryUrl'>,
  names: string[],
  clock: () => number = Date.now,
): Promise<void> {
  if (!isLimited(directoryUrl)) return;
  const [nowMs, wanted] = [clock(), setOf(names)];
  const spent = (await touchedSince(knex, nowMs - WINDOW_MS))
    .filter((row) => isLimited(row.directory_url) && setOf(JSON.parse(row.names) as string[]) === wanted)
    .map(issuedAtMs)
    .filter((at) => at > nowMs - WINDOW_MS)
    .sort((a, b) => b - a);
  const oldest = spent[BUDGET - 1];
  if (oldest === undefined) return;
  const from = new Date(oldest + WINDOW_MS).toISOString();
  const message = `${name} has issued ${spent.length} certificates for these names within 7 days; another order is allowed from ${from} on.`;
  throw new AuthorityError('CA_LIMIT_NEAR', message);
}
