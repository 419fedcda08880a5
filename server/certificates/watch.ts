/** The expiry watch: looks at what each endpoint of a connection serves, and keeps it. */
import type { Knex } from 'knex';
import type { ConnectionTarget } from '../connections/contract.js';
import type { CertificateDesk, CertificateSettings } from './contract.js';
import { wantedEndpoints, type WantedEndpoint } from './endpoints.js';
import { keepLooks, type Look } from './seen.js';

/** For one endpoint. */
const LOOK_TIMEOUT_MS = 15_000;

export interface WatchParts {
  knex: Knex;
  desk: Pick<CertificateDesk, 'authority' | 'look'>;
  /** The connection, or null where it is gone. */
  target(connectionId: number): Promise<ConnectionTarget | null>;
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

async function expectation(
  { desk }: WatchParts,
  { names, authorityId }: CertificateSettings,
  signal: AbortSignal,
): Promise<Expectation> {
  const { issuedRootsPem } = await desk.authority(authorityId);
  return { names, rootsPem: issuedRootsPem, signal };
}

/**
 * Looks at every endpoint of a connection's settings and keeps what was seen, or why nothing was. Answers with the looks:
 * none where no certificate is wanted there. Rejects where it is called off, and with CA_UNKNOWN or CA_NOT_CHOSEN.
 */
export async function lookAtAll(parts: WatchParts, connectionId: number, signal: AbortSignal): Promise<Look[]> {
  const target = await parts.target(connectionId);
  if (!target?.certificate) return [];
  const expected = await expectation(parts, target.certificate, signal);
  const looks = await Promise.all(wantedEndpoints(target).map((wanted) => lookAt(parts, wanted, expected)));
  await keepLooks(parts.knex, connectionId, looks);
  return looks;
}
