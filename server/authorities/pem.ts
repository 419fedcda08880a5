/** Certificates as PEM: what may be kept as a root, and nothing else that somebody pasted along with it. */
import { X509Certificate } from 'node:crypto';

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const MOST = 20;

/** One certificate in its usual form; null where it is none. */
function certificate(block: string): string | null {
  try {
    return new X509Certificate(block).toString().trim();
  } catch (error) {
    // OpenSSL says in many ways that it can't read something; to the caller they are one.
    if (error instanceof Error) return null;
    throw error;
  }
}

/** The certificates alone, without the words around them; null where there are none, too many, or anything else in PEM. */
export function certificatesPem(text: string): string | null {
  const blocks = text.match(BLOCK) ?? [];
  // A key that was pasted along must not be stored in clear.
  if (blocks.length === 0 || blocks.length > MOST || text.replace(BLOCK, '').includes('-----')) return null;
  const certificates = blocks.map(certificate);
  return certificates.includes(null) ? null : `${certificates.join('\n')}\n`;
}
