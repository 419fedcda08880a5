/** What an issued chain has to end in. */
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import type { Renewal } from './context.js';

export function splitPem(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/g) ?? [];
}

function signed(certificate: X509Certificate, by: X509Certificate): boolean {
  return certificate.checkIssued(by) && certificate.verify(by.publicKey);
}

/** The system's root above the topmost certificate; null where there is none. */
function systemRoot(top: X509Certificate): string | null {
  return rootCertificates.find((pem) => signed(top, new X509Certificate(pem))) ?? null;
}

/**
 * PEMs of the roots: those of the CA's record; else the system's own above the chain; else, for a CA that nobody named a
 * root of (a staging one), the topmost certificate that it sent itself.
 */
export function expectedRoots({ authority, certificate }: Renewal): { pems: string[]; known: boolean } {
  if (authority.issuedRootsPem) return { pems: splitPem(authority.issuedRootsPem), known: true };
  const top = splitPem(certificate.chainPem ?? '').at(-1);
  if (!top) return { pems: [], known: false };
  const root = systemRoot(new X509Certificate(top));
  return root ? { pems: [root], known: true } : { pems: [top], known: false };
}
