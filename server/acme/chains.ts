/** Issued chains, of which a CA may offer several (RFC 8555 §7.4.2). */
import { X509Certificate } from 'node:crypto';
import type { ChainPem } from './contract.js';
import { AcmeError } from './errors.js';

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/gu;

/** Its certificates and nothing else: whatever a CA puts beside them never reaches a host (RFC 8555 §9.1). */
export function chainOf(text: unknown): ChainPem {
  const blocks = typeof text === 'string' ? (text.match(CERTIFICATES) ?? []) : [];
  if (blocks.length === 0) throw new AcmeError('CA_NOT_ACME', 'The CA’s answer holds no certificate.');
  return `${blocks.join('\n')}\n`;
}

/** The common name of the issuer of the last certificate; null where it has none. */
export function topmostIssuer(chain: ChainPem): string | null {
  const last = chain.match(CERTIFICATES)?.at(-1) ?? '';
  return /^CN=(.*)$/mu.exec(new X509Certificate(last).issuer)?.[1] ?? null;
}

/** The URLs of a Link header with rel="alternate" (RFC 8288). */
export function alternatesIn(link: string | undefined): string[] {
  const parts = (link ?? '').matchAll(/<([^>]*)>([^<]*)/gu);
  return [...parts].filter(([, , params]) => /;\s*rel="?alternate"?/iu.test(params ?? '')).map(([, url]) => url ?? '');
}
