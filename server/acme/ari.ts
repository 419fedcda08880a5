/** ACME Renewal Information (RFC 9773): when a CA suggests to renew a certificate. */
import type { RenewalInfo } from './contract.js';
import { get, jsonOf } from './directory.js';
import { AcmeError } from './errors.js';
import type { HttpAnswer } from './exchange.js';
import { retryAfterMs } from './retry-after.js';
import type { Wire } from './wire.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Where the CA names no time. */
const USUAL_MS = 6 * 60 * MINUTE_MS;

const base64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');

/** The content of a DER INTEGER: a first bit that is set would make it negative, so a zero byte stands before it. */
function derInteger(hex: string): string {
  const bare = hex.replace(/^(00)+(?=..)/u, '');
  return /^[89a-f]/iu.test(bare) ? `00${bare}` : bare;
}

/**
 * The certificate's name in ARI (RFC 9773 §4.1): key identifier of its issuer and DER content of its serial number, base64url,
 * joined by a dot. Takes the first certificate of a PEM. Rejects with CA_NO_ARI_ID where the issuer's key is not named.
 */
export async function ariId(certificatePem: string): Promise<string> {
  const { AuthorityKeyIdentifierExtension, PemConverter, X509Certificate } = await import('@peculiar/x509');
  const certificate = new X509Certificate(PemConverter.decodeFirst(certificatePem));
  const keyId = certificate.getExtension(AuthorityKeyIdentifierExtension)?.keyId;
  if (!keyId) throw new AcmeError('CA_NO_ARI_ID');
  return `${base64url(keyId)}.${base64url(derInteger(certificate.serialNumber))}`;
}

/** A moment of the window (RFC 9773 §4.2), UTC, ISO 8601; `random` from 0 to 1 decides which. */
export function momentIn({ windowStart, windowEnd }: Pick<RenewalInfo, 'windowStart' | 'windowEnd'>, random: number) {
  const start = Date.parse(windowStart);
  return new Date(Math.round(start + random * (Date.parse(windowEnd) - start))).toISOString();
}

function readRenewalInfo({ body, headers }: HttpAnswer): RenewalInfo {
  const { suggestedWindow, explanationURL: explanation } = jsonOf(body);
  const { start, end } = (suggestedWindow ?? {}) as { start?: unknown; end?: unknown };
  const [from, to] = [Date.parse(String(start)), Date.parse(String(end))];
  if (!(from < to)) throw new AcmeError('CA_NOT_ACME', 'The CA suggests a renewal window that is none.');
  const wantedMs = retryAfterMs(headers['retry-after'], Date.now()) ?? USUAL_MS;
  return {
    windowStart: new Date(from).toISOString(),
    windowEnd: new Date(to).toISOString(),
    explanationUrl: typeof explanation === 'string' && explanation.startsWith('https://') ? explanation : null,
    retryAfterMs: Math.min(DAY_MS, Math.max(MINUTE_MS, wantedMs)),
  };
}

/** Null where the CA does not know the certificate. */
export async function fetchRenewalInfo(wire: Wire, baseUrl: string, id: string): Promise<RenewalInfo | null> {
  try {
    return readRenewalInfo(await get(wire, `${baseUrl.replace(/\/$/u, '')}/${id}`));
  } catch (error) {
    if (error instanceof AcmeError && error.problem?.status === 404) return null;
    if (error instanceof AcmeError && error.code === 'CA_NOT_FOUND') return null;
    throw error;
  }
}
