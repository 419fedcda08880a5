/** What an endpoint serves, and what is to be thought of it. */
import type { LookOptions, ServedCertificate } from './contract.js';
import { endpointName } from './endpoints.js';
import { factsOf } from './facts.js';
import { shownBy } from './look-handshake.js';
import { missingNames } from './look-names.js';
import { trustError } from './look-trust.js';

const TIMEOUT_MS = 10_000;

/**
 * One TLS handshake, without client data. Rejects with an Error whose sentence says how far it came, or with the reason of
 * the signal. Default time-out: 10,000 ms for all of it.
 */
export async function look(options: LookOptions): Promise<ServedCertificate> {
  const { sent, verdict } = await shownBy({ ...options, timeoutMs: options.timeoutMs ?? TIMEOUT_MS });
  const chain = sent.map(factsOf);
  const [leaf] = chain;
  const endpoint = endpointName(options.host, options.port);
  if (!leaf) throw new Error(`${endpoint} showed no certificate.`);
  return {
    ...leaf,
    endpoint,
    seenAt: new Date().toISOString(),
    chain,
    chainPem: sent.map(String).join(''),
    trusted: verdict === null,
    trustError: verdict === null ? null : trustError(sent, options.rootsPem, verdict),
    missingNames: missingNames(leaf.names, options.names),
  };
}
