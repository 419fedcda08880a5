/** The expiry watch: looks at what each endpoint of a connection serves, and keeps it. */
import { isIP } from 'node:net';
import type { Knex } from 'knex';
import type { ConnectionTarget } from '../connections/contract.js';
import type { CertificateDesk, WantedEndpoint } from './contract.js';
import { wantedEndpoints } from './endpoints.js';
import { keepLooks, lastLooks, type Look } from './seen.js';

/** For one endpoint. */
const LOOK_TIMEOUT_MS = 15_000;

export interface WatchParts {
  knex: Knex;
  desk: Pick<CertificateDesk, 'authority' | 'look'>;
  /** The connection, or null where it is gone. */
  target(connectionId: number): Promise<ConnectionTarget | null>;
  /** Where a platform usually serves a certificate. */
  ports(platform: string): number[];
}

interface Expectation {
  names: string[];
  rootsPem: string | null;
  signal: AbortSignal;
}

async function lookAt(
  { desk }: WatchParts,
  { endpoint, host, port, servername }: WantedEndpoint,
  expected: Expectation,
): Promise<Look> {
  try {
    const seen = await desk.look({ host, port, servername, ...expected, timeoutMs: LOOK_TIMEOUT_MS });
    return { endpoint, seenAt: seen.seenAt, certificate: { ...seen, endpoint }, failure: null };
  } catch (error) {
    // A look that was called off has found out nothing.
    if (expected.signal.aborted || !(error instanceof Error)) throw error;
    return { endpoint, seenAt: new Date().toISOString(), certificate: null, failure: error.message };
  }
}

async function expectation({ desk }: WatchParts, target: ConnectionTarget, signal: AbortSignal): Promise<Expectation> {
  const { certificate, hostname } = target;
  if (certificate === null) return { names: isIP(hostname) === 0 ? [hostname] : [], rootsPem: null, signal };
  const { issuedRootsPem } = await desk.authority(certificate.authorityId);
  return { names: certificate.names, rootsPem: issuedRootsPem, signal };
}

/** Where nothing is wanted and nothing was ever seen, a closed port is no news. */
async function newsOf({ knex }: WatchParts, { id, certificate }: ConnectionTarget, looks: Look[]): Promise<Look[]> {
  if (certificate !== null) return looks;
  const known = new Set((await lastLooks(knex, id)).map(({ endpoint }) => endpoint));
  return looks.filter((look) => look.certificate !== null || known.has(look.endpoint));
}

/**
 * Looks at every endpoint of a connection, those of its settings or else its platform's ports, and keeps what was seen, or
 * why nothing was. Answers with the looks. Rejects where it is called off, and with CA_UNKNOWN or CA_NOT_CHOSEN.
 */
export async function lookAtAll(parts: WatchParts, connectionId: number, signal: AbortSignal): Promise<Look[]> {
  const target = await parts.target(connectionId);
  if (!target) return [];
  const expected = await expectation(parts, target, signal);
  const endpoints = wantedEndpoints(target, parts.ports(target.platform));
  const looks = await Promise.all(endpoints.map((wanted) => lookAt(parts, wanted, expected)));
  const news = await newsOf(parts, target, looks);
  await keepLooks(parts.knex, connectionId, news);
  return news;
}
