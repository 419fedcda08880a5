/** Certificates in PEM form: found in what a machine answers, told apart, put in order. */
import { X509Certificate } from 'node:crypto';

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/gu;
const MAX_DEPTH = 6;

/** The certificates of a text, each with one line feed at its end. */
export function pemBlocks(text: string): string[] {
  return [...text.matchAll(BLOCK)].map(([block]) => `${block.replaceAll('\r', '')}\n`);
}

function stringsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth === MAX_DEPTH) return [];
  return Object.values(value).flatMap((one) => stringsIn(one, depth + 1));
}

function read(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    // One that we cannot read is none that we know; the others of the list count all the same.
    return null;
  }
}

/** All certificates in a JSON answer, wherever they stand: the shape of these lists is documented in part only. */
export function certificatesIn(body: unknown): X509Certificate[] {
  const blocks = stringsIn(body).flatMap(pemBlocks);
  return blocks.map(read).filter((certificate) => certificate !== null);
}

const signed = (one: X509Certificate, by: X509Certificate) => one.checkIssued(by) && one.verify(by.publicKey);

export const isSelfSigned = (certificate: X509Certificate): boolean => signed(certificate, certificate);

/**
 * The CA certificates that a machine needs to believe a leaf, the root first. Of the roots only those that signed something
 * of this chain: a machine is not made to trust more than it has to.
 */
export function issuersOf(leaf: X509Certificate, chainPems: string[], rootPems: string[]): X509Certificate[] {
  const parse = (pems: string[]) => pems.flatMap(pemBlocks).map((pem) => new X509Certificate(pem));
  const chain = parse(chainPems);
  const roots = parse(rootPems).filter((root) => [leaf, ...chain].some((one) => signed(one, root)));
  const all = [...roots, ...chain.toReversed()].filter(({ fingerprint256 }) => fingerprint256 !== leaf.fingerprint256);
  return [...new Map(all.map((one) => [one.fingerprint256, one])).values()];
}

/** Whether a request (PKCS #10, PEM) is for the public key of this certificate. */
export function isRequestFor(csrPem: string, leaf: X509Certificate): boolean {
  const der = Buffer.from(csrPem.replace(/-----[^-]+-----/gu, ''), 'base64');
  // A request carries the same SubjectPublicKeyInfo, byte for byte (RFC 2986 §4.1).
  return der.includes(leaf.publicKey.export({ type: 'spki', format: 'der' }));
}
